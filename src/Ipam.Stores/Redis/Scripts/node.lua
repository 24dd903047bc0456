-- KEYS: nodes. ARGV: a node, the run that its entry must be of (empty: no entry), the new entry or nothing to delete it. An entry begins with
-- its run and a space. Returns 1 if it was written.
local old = redis.call('HGET', KEYS[1], ARGV[1])
if (old and string.match(old, '^%S+') or '') ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
