-- KEYS: what must have a value, what to set. ARGV: that value, the new one. Returns 1 if it was set.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[2])
return 1
