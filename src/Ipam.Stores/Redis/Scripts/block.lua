-- Shared by the scripts below. A block is {base, head, lease, lease, ...}, its leases by address, and a last 'more' if there are leases of addresses
-- that the head doesn't call held. What is no head is not taken apart: {base, head}. Leases without a head are {base, false}. nil if there is nothing.
-- A version that the space hasn't come to makes no head. base and addresses: a digit for the family, then hexadecimal digits. head: see BlockHead.
local function readHead(heads, base)
  local head = redis.call('HGET', heads, base)
  local version = head and string.match(head, '^%d+')
  local revision = redis.call('GET', (string.gsub(heads, 'heads$', 'revision')))
  if version and revision and tonumber(version) > tonumber(revision) then
    return 'a version above the revision: ' .. head
  end
  return head
end
local function readBlock(heads, leases, base)
  local head = readHead(heads, base)
  local stem, first = string.sub(base, 1, -3), tonumber(string.sub(base, -2), 16)
  if not first or first % 64 ~= 0 then
    return head and {base, head} or nil
  end
  local addresses = {}
  for offset = 0, 63 do
    addresses[offset + 1] = string.format('%s%02x', stem, first + offset)
  end
  local stored = redis.call('HMGET', leases, unpack(addresses))
  local held = head and string.match(head, '^%d+ (%x+) ')
  if not held or #held ~= 16 then
    for offset = 0, 63 do
      if stored[offset + 1] then
        return {base, head}
      end
    end
    return head and {base, head} or nil
  end
  local block, more = {base, head}, false
  for digit = 0, 15 do
    local bits = tonumber(string.sub(held, 16 - digit, 16 - digit), 16)
    for bit = 0, 3 do
      local lease = stored[digit * 4 + bit + 1]
      if bits % 2 == 1 then
        block[#block + 1] = lease
      elseif lease then
        more = true
      end
      bits = math.floor(bits / 2)
    end
  end
  if more then
    block[#block + 1] = 'more'
  end
  return block
end
