-- KEYS: the leader. ARGV: who wants to lead, for how many milliseconds of the server's time. Returns 1 if it leads now.
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
