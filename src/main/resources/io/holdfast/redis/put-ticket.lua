-- SPDX-License-Identifier: Apache-2.0
-- Keeps a ticket for a time.
-- KEYS: 1 the ticket's. ARGV: 1 its owner, 2 the time in milliseconds.
-- Returns nothing.

redis.call('HSET', KEYS[1], 'owner', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {}
