-- SPDX-License-Identifier: Apache-2.0
-- Takes a ticket: of several nodes that try, one gets it.
-- KEYS: 1 the ticket's.
-- Returns its owner, or nothing if there is no such ticket.

local owner = redis.call('HGET', KEYS[1], 'owner')
if not owner then
  return {}
end
redis.call('DEL', KEYS[1])
return {owner}
