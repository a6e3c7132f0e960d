-- SPDX-License-Identifier: Apache-2.0
-- Reads some of all revocations.
-- KEYS: 1 the hash of all revocations, as in revoke.lua.
-- ARGV: 1 '0' or the cursor that was returned before, 2 how many to read, about.
-- Returns the next cursor, '0' after the last of them, then what is refused and its end, of each. One may come twice.

local found = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local answer = {found[1]}
for i = 1, #found[2], 2 do
  if found[2][i] ~= '' then
    answer[#answer + 1] = found[2][i]
    answer[#answer + 1] = found[2][i + 1]
  end
end
return answer
