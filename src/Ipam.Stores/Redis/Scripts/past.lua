-- KEYS: identity, revision, accepted. ARGV: an identity if there is none, 1 to write it over another. Returns identity, revision, what was accepted.
local found = redis.call('GET', KEYS[1])
if not found or (ARGV[2] == '1' and found ~= ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1])
  found = ARGV[1]
end
return {found, redis.call('GET', KEYS[2]) or '0', redis.call('GET', KEYS[3]) or ''}
