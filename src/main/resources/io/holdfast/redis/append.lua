-- Appends a message to a channel's log and announces it.
-- ARGV: 3 message, 4 size of its data in bytes, 5 key or ''; limits of the log: 6 messages, 7 age in milliseconds,
-- 8 bytes of data; 9 PUBLISH or SPUBLISH, 10 pub/sub channel.
-- Returns epoch, offset, and 1 if a message with the same key is in the log, else 0.

local epoch, head, bytes = open()
-- Redis checks for free memory only at a script's first write. Without memory this write fails, and nothing is changed.
redis.call('HSET', META, 'server', server)
remember()

local key, most, age, most_bytes = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])

local count = redis.call('XLEN', LOG)
if count == 0 then
  bytes = 0
end

local function trim()
  while count > 0 do
    local oldest = entry(0)
    local fields = oldest[2]
    if count <= most and bytes <= most_bytes and tonumber(fields[4]) >= now - age then
      return
    end
    redis.call('XDEL', LOG, oldest[1])
    if fields[8] ~= '' then
      redis.call('HDEL', REPEATS, fields[8])
    end
    count = count - 1
    bytes = bytes - tonumber(fields[6])
  end
end

if key ~= '' then
  -- A key is removed together with its message.
  trim()
  local first = redis.call('HGET', REPEATS, key)
  if first then
    return {epoch, tonumber(first), 1}
  end
end

head = head + 1
redis.call('XADD', LOG, head .. '-0', 'm', ARGV[3], 't', now, 'b', ARGV[4], 'k', key)
count = count + 1
bytes = bytes + tonumber(ARGV[4])
if key ~= '' then
  redis.call('HSET', REPEATS, key, head)
  redis.call('PEXPIRE', REPEATS, age)
end
trim()
redis.call('PEXPIRE', LOG, age)
redis.call('HSET', META, 'offset', head, 'bytes', bytes)
redis.call(ARGV[9], ARGV[10], epoch .. ':' .. head .. '\n' .. ARGV[3])
return {epoch, head, 0}
