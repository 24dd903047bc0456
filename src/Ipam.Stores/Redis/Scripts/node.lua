-- KEYS: nodes. ARGV: a node, what must be there (a run, or a whole entry; empty: no entry), the new entry or nothing to delete it. An entry begins
-- with its run and a space. Returns 1 if it was written.
local old = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local run = string.match(old, '^%S+') or ''
if ARGV[2] ~= run and ARGV[2] ~= old then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
