-- KEYS: heads, leases, then sorted sets of bases. ARGV: the base to go on behind or nothing, how many blocks, 1 if with leases.
-- Returns the base for the next page or nothing, then the blocks in any of the sets, in order.
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local most = tonumber(ARGV[2])
local bases, seen = {}, {}
for set = 3, #KEYS do
  for _, base in ipairs(redis.call('ZRANGEBYLEX', KEYS[set], from, '+', 'LIMIT', 0, most)) do
    if not seen[base] then
      seen[base] = true
      bases[#bases + 1] = base
    end
  end
end
table.sort(bases)
local page = {#bases >= most and bases[most] or ''}
for i = 1, math.min(most, #bases) do
  local head = ARGV[3] ~= '1' and readHead(KEYS[1], bases[i])
  page[#page + 1] = head and {bases[i], head} or readBlock(KEYS[1], KEYS[2], bases[i])
end
return page
