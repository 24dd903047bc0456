-- KEYS: leases, owners. ARGV: the owner. Returns address, lease, address, lease, ...
local found = {}
for address in string.gmatch(redis.call('HGET', KEYS[2], ARGV[1]) or '', ':(%x+):') do
  found[#found + 1] = address
  found[#found + 1] = redis.call('HGET', KEYS[1], address)
end
return found
