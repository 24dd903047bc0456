-- KEYS: revision, entries. ARGV: name, the version that it must have (0: not there), when it was created, the document, the time in
-- microseconds. An entry is "version created document". Returns 1 if it was written.
local old = redis.call('HGET', KEYS[2], ARGV[1])
local version, created = string.match(old or '0 ' .. ARGV[3] .. ' ', '^(%d+) (%-?%d+) ')
if version ~= ARGV[2] then
  return 0
end
local new = nextRevision(KEYS[1], ARGV[5])
redis.call('HSET', KEYS[2], ARGV[1], string.format('%d %s %s', new, created, ARGV[4]))
return 1
