-- Shared by the scripts below. A block is {base, head, lease, lease, ...}, its leases by address; nil if there is none.
-- base and addresses: a digit for the family, then hexadecimal digits. head: see BlockHead.
local function readBlock(heads, leases, base)
  local head = redis.call('HGET', heads, base)
  if not head then
    return nil
  end
  local block = {base, head}
  local held = string.match(head, '^%d+ (%x+)')
  local stem, first = string.sub(base, 1, -3), tonumber(string.sub(base, -2), 16)
  local addresses = {}
  for digit = 0, 15 do
    local bits = tonumber(string.sub(held, 16 - digit, 16 - digit), 16)
    for bit = 0, 3 do
      if bits % 2 == 1 then
        addresses[#addresses + 1] = string.format('%s%02x', stem, first + digit * 4 + bit)
      end
      bits = math.floor(bits / 2)
    end
  end
  if #addresses > 0 then
    for _, lease in ipairs(redis.call('HMGET', leases, unpack(addresses))) do
      block[#block + 1] = lease
    end
  end
  return block
end
