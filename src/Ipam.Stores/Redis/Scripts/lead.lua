-- KEYS: the leaders. ARGV: the role, the version that its record must have (0: none, or one that can't be read), and the record's new text.
-- Returns 1 if it was written, under the next version.
local found = redis.call('HGET', KEYS[1], ARGV[1])
local version = found and string.match(found, '^(%d+) ') or '0'
if version ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d ', tonumber(version) + 1) .. ARGV[3])
return 1
