-- KEYS: the entries. ARGV: a name, what must be there (a whole entry, or its first word, such as a node's run; empty: no entry), the new entry or
-- nothing to delete it. Returns 1 if it was written.
local old = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local first = string.match(old, '^%S+') or ''
if ARGV[2] ~= first and ARGV[2] ~= old then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
