-- SPDX-License-Identifier: Apache-2.0
-- Stores a revocation, unless it is stored with a later end, and announces it. Removes those that have ended.
-- KEYS: 1 the hash of all revocations: the end of each in milliseconds, by what it refuses. The empty field has a time
-- before which none of them ends.
-- ARGV: 1 what is refused, 2 its end, 3 PUBLISH or SPUBLISH, 4 pub/sub channel, 5 announcement.
-- Returns nothing.

local STORED = KEYS[1]
local refused, last = ARGV[1], tonumber(ARGV[2])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Returns the earliest end of those that are left. What can't be read is left alone.
local function remove_ended()
  local earliest = math.huge
  local all = redis.call('HGETALL', STORED)
  for i = 1, #all, 2 do
    local ends = tonumber(all[i + 1])
    if all[i] ~= '' and ends then
      if ends <= now then
        redis.call('HDEL', STORED, all[i])
      else
        earliest = math.min(earliest, ends)
      end
    end
  end
  return earliest
end

if last > now then
  local earliest = tonumber(redis.call('HGET', STORED, '')) or math.huge
  if earliest <= now then
    earliest = remove_ended()
  end
  redis.call('HSET', STORED, '', string.format('%.0f', math.min(earliest, last)))
  if last > (tonumber(redis.call('HGET', STORED, refused)) or 0) then
    redis.call('HSET', STORED, refused, ARGV[2])
  end
  -- All of it is gone when the last one has ended.
  if redis.call('PTTL', STORED) < last - now then
    redis.call('PEXPIREAT', STORED, ARGV[2])
  end
end
redis.call(ARGV[3], ARGV[4], ARGV[5])
return {}
