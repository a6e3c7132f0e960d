-- SPDX-License-Identifier: Apache-2.0
-- Reads messages after a position.
-- ARGV: 3 'now', 'earliest' or an epoch, 4 offset in that epoch, 5 maximum number of messages, 6 maximum age in
-- milliseconds.
-- Returns epoch, offset of the head, 1 if messages after the position are lost, else 0, then offset and message of each.

local epoch, head = open()
remember()
local from, limit = ARGV[3], tonumber(ARGV[5])
local first = oldest_since(now - tonumber(ARGV[6]), head)
local after

if from == 'now' then
  return {epoch, head, 0}
elseif from == 'earliest' then
  after = first - 1
else
  after = tonumber(ARGV[4])
  if from ~= epoch or after > head or after < first - 1 then
    return {epoch, head, 1}
  end
end

local answer = {epoch, head, 0}
if limit > 0 then
  for _, it in ipairs(redis.call('XRANGE', LOG, (after + 1) .. '-0', '+', 'COUNT', limit)) do
    answer[#answer + 1] = offset_of(it)
    answer[#answer + 1] = it[2][2]
  end
end
return answer
