-- SPDX-License-Identifier: Apache-2.0
-- Appends messages to a channel's log, in order, and announces them.
-- ARGV: limits of the log: 3 messages, 4 age in milliseconds, 5 bytes of data; 6 PUBLISH or SPUBLISH, 7 pub/sub channel;
-- then of each message: the message, size of its data in bytes, key or ''.
-- Returns epoch, then of each message: its offset, and 1 if one with the same key was in the log, else 0.

local epoch, head, bytes = open()
-- Redis checks for free memory only at a script's first write. Without memory this write fails, and nothing is changed.
redis.call('HSET', META, 'server', server)
remember()

local most, age, most_bytes = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local count = redis.call('XLEN', LOG)
if count == 0 then
  bytes = 0
end

-- Removes the oldest messages if there are too many. Returns false if there may be more to remove.
local function trim_some()
  local removed, removed_keys = {}, {}
  local look = math.min(math.max(count - most, 1), 100)
  for _, it in ipairs(redis.call('XRANGE', LOG, '-', '+', 'COUNT', look)) do
    local fields = it[2]
    if count <= most and bytes <= most_bytes and tonumber(fields[4]) >= now - age then
      break
    end
    removed[#removed + 1] = it[1]
    if fields[8] ~= '' then
      removed_keys[#removed_keys + 1] = fields[8]
    end
    count = count - 1
    bytes = bytes - tonumber(fields[6])
  end
  if #removed > 0 then
    redis.call('XDEL', LOG, unpack(removed))
  end
  if #removed_keys > 0 then
    redis.call('HDEL', REPEATS, unpack(removed_keys))
  end
  return #removed < look or count == 0
end

local function trim()
  repeat until trim_some()
end

-- The offset of the message in the log with this key. A key is removed together with its message.
local function first_with(key)
  if key == '' then
    return nil
  end
  trim()
  return tonumber(redis.call('HGET', REPEATS, key))
end

local announcements = {}
local answer = {epoch}
for i = 8, #ARGV, 3 do
  local message, size, key = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local first = first_with(key)
  if not first then
    head = head + 1
    redis.call('XADD', LOG, head .. '-0', 'm', message, 't', now, 'b', size, 'k', key)
    count = count + 1
    bytes = bytes + tonumber(size)
    if key ~= '' then
      redis.call('HSET', REPEATS, key, head)
      redis.call('PEXPIRE', REPEATS, age)
    end
    announcements[#announcements + 1] = epoch .. ':' .. head .. '\n' .. message
  end
  answer[#answer + 1] = first or head
  answer[#answer + 1] = first and 1 or 0
end

trim()
redis.call('PEXPIRE', LOG, age)
redis.call('HSET', META, 'offset', head, 'bytes', bytes)
for _, announcement in ipairs(announcements) do
  redis.call(ARGV[6], ARGV[7], announcement)
end
return answer
