-- ARGV: 3 message, 4 bytes of its data, 5 key or '', then at the most: 6 messages, 7 milliseconds, 8 bytes of data;
-- 9 PUBLISH or SPUBLISH, 10 where to.
-- Answers epoch, offset, and 1 if it was published before under the same key.

local epoch, head, bytes = open()
-- Redis asks whether there is memory at a script's first write only: there it fails, with nothing done, if there is none.
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
  -- A key is forgotten with its message.
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
