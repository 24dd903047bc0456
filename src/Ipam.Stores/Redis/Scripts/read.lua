-- KEYS: heads, leases. ARGV: bases. Returns those blocks that are there.
local blocks = {}
for _, base in ipairs(ARGV) do
  blocks[#blocks + 1] = readBlock(KEYS[1], KEYS[2], base)
end
return blocks
