-- ARGV: 3 milliseconds that messages are kept, 4 milliseconds over which their rate is asked for.
-- Answers nothing if there is no such channel; else epoch, offset of the head, messages, bytes of data, how many of
-- them came within that time, and the milliseconds since the oldest of those if all that is kept came within it.

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
-- What came before was trimmed for its number or size, so that the rate is known for a shorter time.
if recent == first and first > 1 and first <= head then
  span = math.max(1, now - tonumber(entry(first)[2][4]))
end
return {meta[1], head, head - first + 1, bytes, head - recent + 1, span}
