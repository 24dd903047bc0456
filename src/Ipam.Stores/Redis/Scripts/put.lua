-- KEYS: revision, entries. ARGV: name, the version that it must have (0: not there), when it was created, the document.
-- An entry is "version created document". Returns 1 if it was written.
local old = redis.call('HGET', KEYS[2], ARGV[1])
local version, created = string.match(old or '0 ' .. ARGV[3] .. ' ', '^(%d+) (%-?%d+) ')
if version ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[2], ARGV[1], string.format('%d %s %s', redis.call('INCR', KEYS[1]), created, ARGV[4]))
return 1
