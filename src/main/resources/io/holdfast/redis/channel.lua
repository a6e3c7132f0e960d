-- SPDX-License-Identifier: Apache-2.0
-- The common beginning of all scripts for a channel.
-- KEYS: meta, log, keys of published messages. All have the channel's hash tag.
-- ARGV[1]: an unused epoch. ARGV[2]: how long the head of an unused channel is kept, in milliseconds.

local META, LOG, REPEATS = KEYS[1], KEYS[2], KEYS[3]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Identifies this server process. After a restart or a failover the last writes may be lost. So a new process starts a
-- new epoch; messages that are still in the log can be read.
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''

-- Returns epoch, offset of the newest message, and bytes of data in the log. Starts a new epoch if necessary.
local function open()
  local meta = redis.call('HMGET', META, 'epoch', 'offset', 'bytes', 'server')
  local epoch, offset, bytes = meta[1], tonumber(meta[2]), tonumber(meta[3])
  if not epoch then
    offset, bytes = 0, 0
  end
  if not epoch or meta[4] ~= server then
    epoch = ARGV[1]
    redis.call('HSET', META, 'epoch', epoch, 'offset', offset, 'bytes', bytes, 'server', server)
    if offset == 0 then
      redis.call('DEL', LOG, REPEATS)
    end
  end
  return epoch, offset, bytes
end

-- Extends the time for which the head is kept. The call may fail: a read-only server can still be read.
local function remember()
  redis.pcall('PEXPIRE', META, ARGV[2])
end

-- An entry is {id, {'m', message, 't', time, 'b', bytes of data, 'k', key or ''}}; its id is <offset>-0.
local function entry(offset)
  return redis.call('XRANGE', LOG, offset .. '-0', '+', 'COUNT', 1)[1]
end

local function offset_of(it)
  return tonumber(string.match(it[1], '^%d+'))
end

-- The offset of the oldest message since a time. The log has no gaps.
local function oldest_since(time, head)
  local first = entry(0)
  if not first then
    return head + 1
  end
  local low, high = offset_of(first), head + 1
  if tonumber(first[2][4]) >= time then
    return low
  end
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    if tonumber(entry(middle)[2][4]) >= time then
      high = middle
    else
      low = middle
    end
  end
  return high
end
