-- SPDX-License-Identifier: Apache-2.0
-- Returns the size of a channel's log.
-- ARGV: 3 maximum age of messages in milliseconds, 4 time span for the rate in milliseconds.
-- Returns nothing if the channel does not exist; else epoch, offset of the head, messages, bytes of data, messages
-- within the time span, and the span itself, shorter if the log does not reach back that far.

if redis.call('EXISTS', META) == 0 then
  return {}
end

local meta = redis.call('HMGET', META, 'epoch', 'offset', 'bytes')
local head, bytes, span = tonumber(meta[2]), tonumber(meta[3]), tonumber(ARGV[4])
local first = oldest_since(now - tonumber(ARGV[3]), head)
local recent = math.max(first, oldest_since(now - span, head))

if first > head then
  bytes = 0
elseif entry(0) and offset_of(entry(0)) < first then
  for _, it in ipairs(redis.call('XRANGE', LOG, '-', (first - 1) .. '-0')) do
    bytes = bytes - tonumber(it[2][6])
  end
end
-- Older messages were removed because of a limit, so the rate is known for a shorter time only.
if recent == first and first > 1 and first <= head then
  span = math.max(1, now - tonumber(entry(first)[2][4]))
end
return {meta[1], head, head - first + 1, bytes, head - recent + 1, span}
