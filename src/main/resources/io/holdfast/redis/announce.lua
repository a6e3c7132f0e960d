-- SPDX-License-Identifier: Apache-2.0
-- Announces something to all nodes, from the server that has the revocations: all nodes are subscribed there.
-- KEYS: 1 the hash of all revocations. ARGV: 1 PUBLISH or SPUBLISH, 2 pub/sub channel, 3 announcement.
-- Returns nothing.

redis.call(ARGV[1], ARGV[2], ARGV[3])
return {}
