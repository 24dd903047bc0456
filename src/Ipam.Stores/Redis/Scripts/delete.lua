-- KEYS: revision, entries. ARGV: name, the version that it must have, the time in microseconds. Returns 1 if it was deleted.
local old = redis.call('HGET', KEYS[2], ARGV[1])
-- An entry whose version can't be read counts as 0, so that what is damaged can be deleted.
if not old or (string.match(old, '^(%d+) [^ ]* ') or '0') ~= ARGV[2] then
  return 0
end
nextRevision(KEYS[1], ARGV[3])
return redis.call('HDEL', KEYS[2], ARGV[1])
