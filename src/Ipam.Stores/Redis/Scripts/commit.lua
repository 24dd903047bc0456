-- All changes of one space, or none of them. KEYS: revision, heads, leases, owners, index, identity, then nodes' sets, and those of the history. ARGV:
-- what the keys of the nodes' sets begin with, the identity that the space must have or nothing, the revision that it had at least, how many parts
-- of 4 KiB a stream of the history has (0: none is written) and for how many milliseconds (0: nothing is thrown away), then of each change: base, the
-- version that it must have (0: not there), the bits held before, 1 to delete, the bits of addresses that new leases may have just as well, 1 to let
-- nothing be placed any more that is older, the new head without its version, how many leases go and of each address, owner, token and event, how
-- many come and of each address, owner, entry, token, text, how many bytes of that are before the sequence, and event.
-- Returns {revision, {change, block}, ...} with the blocks that others had changed and in which leases were placed, counted from 0;
-- {0, {change, block, ...}, ...} if some can't be, counted from 0, also where the data contradict themselves;
-- {-2, key, ...} if sets would change that aren't among KEYS; {-3} if the space lost its past.
-- An owner's field is a row of tokens "entry:address:sequence;".
local revision, heads, leases, owners, index = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local identity, expected, known = KEYS[6], ARGV[2], tonumber(ARGV[3])
local most, keep = tonumber(ARGV[4]), tonumber(ARGV[5])
local found
if expected ~= '' then
  found = redis.call('GET', identity)
  if (found and found ~= expected) or tonumber(redis.call('GET', revision) or '0') < known then
    return {-3}
  end
end
local at = 5
local function following()
  at = at + 1
  return ARGV[at]
end

local changes, refused = {}, {}
while at < #ARGV do
  local change = {base = following(), version = following(), before = following(), delete = following() == '1', elsewhere = following(), fence = following() == '1', head = following(), gone = {}, new = {}}
  for i = 1, tonumber(following()) do
    change.gone[i] = {address = following(), owner = following(), token = following(), event = following()}
  end
  for i = 1, tonumber(following()) do
    change.new[i] = {address = following(), owner = following(), entry = following(), token = following(), text = following(), before = tonumber(following()), event = following()}
  end
  changes[#changes + 1] = change
end

local function refuse(number, bases)
  local shown, answer = {}, {number - 1}
  for _, base in ipairs(bases) do
    if not shown[base] then
      shown[base] = true
      answer[#answer + 1] = readBlock(heads, leases, base)
    end
  end
  refused[#refused + 1] = answer
end

local function digitsOf(bits)
  local digits = {}
  for digit = 0, 15 do
    digits[digit] = tonumber(string.sub(bits, 16 - digit, 16 - digit), 16)
  end
  return digits
end
local function has(digits, offset)
  return math.floor(digits[math.floor(offset / 4)] / 2 ^ (offset % 4)) % 2 == 1
end

-- Whether a block's leases look like leases. What is damaged is nothing to place others in.
local function isWhole(base)
  local block = readBlock(heads, leases, base)
  for i = 3, #block do
    if not block[i] or not string.match(block[i], '^%[".*%]$') then
      return false
    end
  end
  return true
end

-- Places new leases in a block that others changed, as BlockChange.PlacedIn does: at the lowest addresses that they may have, that are free and don't
-- cool down. Not in a node's block.
local function place(change)
  local version, held, node, last, cooling, sets = string.match(change.old or '', '^(%d+) (%x+) (%S+) (%-?%d+) %-?%d+ (%S+) (%S+)$')
  if not version or #held ~= 16 or node ~= '*' or #change.gone > 0 or #change.new == 0 or change.delete
    or string.match(change.head, '^%x+ (%S+)') ~= '*' or tonumber(version) > tonumber(redis.call('GET', revision) or '0') or not isWhole(change.base) then
    return false
  end
  local fence = redis.call('HGET', heads, 'fence ' .. change.base)
  if fence and tonumber(string.match(change.new[1].token, ':(%d+);$')) <= tonumber(fence) then
    return false
  end
  local may, taken, cools = digitsOf(change.elsewhere), digitsOf(held), {}
  if cooling ~= '-' then
    if #cooling % 18 ~= 0 then
      return false
    end
    for entry = 1, #cooling, 18 do
      cools[tonumber(string.sub(cooling, entry, entry + 1), 16)] = true
    end
  end
  local stem, first = string.sub(change.base, 1, -3), tonumber(string.sub(change.base, -2), 16)
  local offset, lastOffset = 0, nil
  last = tonumber(last)
  for _, lease in ipairs(change.new) do
    while offset < 64 and (not has(may, offset) or has(taken, offset) or cools[offset]) do
      offset = offset + 1
    end
    if offset == 64 then
      return false
    end
    local sequence = string.match(lease.token, ':(%d+);$')
    last = math.max(tonumber(sequence), last + 1)
    local new = string.format('%.0f', last)
    lease.address = string.format('%s%02x', stem, first + offset)
    lease.token = string.format('%s:%s:%s;', lease.entry, lease.address, new)
    lease.text = string.sub(lease.text, 1, lease.before) .. new .. string.sub(lease.text, lease.before + #sequence + 1)
    taken[math.floor(offset / 4)] = taken[math.floor(offset / 4)] + 2 ^ (offset % 4)
    lastOffset = offset
  end
  local bits = ''
  for digit = 15, 0, -1 do
    bits = bits .. string.format('%x', taken[digit])
  end
  change.version, change.before, change.placed = version, held, true
  change.head = string.format('%s * %.0f %d %s %s', bits, last, lastOffset, cooling, sets)
  return true
end

for number, change in ipairs(changes) do
  change.old = redis.call('HGET', heads, change.base)
  local version, held = string.match(change.old or '0 0000000000000000 ', '^(%d+) (%x+) ')
  local isOther = (version ~= change.version or held ~= change.before) and not place(change)
  -- Of addresses that are free there must be no leases.
  local free, goes = {}, {}
  for _, lease in ipairs(change.gone) do
    goes[lease.address] = true
  end
  for _, lease in ipairs(change.new) do
    if not goes[lease.address] then
      free[#free + 1] = lease.address
    end
  end
  if not isOther and #free > 0 then
    for _, lease in ipairs(redis.call('HMGET', leases, unpack(free))) do
      isOther = isOther or lease
    end
  end
  if isOther then
    refuse(number, {change.base})
  end
end
if #refused > 0 then
  return {0, unpack(refused)}
end

local stored, tokens = {}, {}
local function tokensOf(owner)
  if not tokens[owner] then
    stored[owner] = redis.call('HGET', owners, owner) or ''
    tokens[owner] = stored[owner]
  end
  return tokens[owner]
end

for _, change in ipairs(changes) do
  for _, lease in ipairs(change.gone) do
    local row = tokensOf(lease.owner)
    local first, last = string.find(';' .. row, ';' .. lease.token, 1, true)
    if first then
      tokens[lease.owner] = string.sub(row, 1, first - 1) .. string.sub(row, last)
    else
      -- The row is but an index of the leases. Where somebody spoiled it, it must not keep a lease from ending.
      local left = ''
      for token in string.gmatch(row, '[^;]+') do
        if not string.find(token, ':' .. lease.address .. ':', 1, true) then
          left = left .. token .. ';'
        end
      end
      tokens[lease.owner] = left
    end
  end
end
local function ownerOf(text)
  local isRead, lease = pcall(cjson.decode, text)
  if isRead and type(lease) == 'table' then
    return cjson.encode({tostring(lease[1]), tostring(lease[2]), tostring(lease[3])})
  end
end

-- Whether a row's entry is that of a lease: of one that this commit gives, of the owner's, or of one that can't be read.
local given = {}
local function isHeld(row, new)
  for address in string.gmatch(';' .. row, ';' .. new.entry .. ':(%x+):') do
    local lease = redis.call('HGET', leases, address)
    local owner = lease and ownerOf(lease)
    if given[address] or lease and (not owner or owner == ownerOf(new.text)) then
      return true
    end
  end
  return false
end
for number, change in ipairs(changes) do
  local bases = {change.base}
  for _, lease in ipairs(change.new) do
    local row = tokensOf(lease.owner)
    if string.find(';' .. row, ';' .. lease.entry .. ':', 1, true) and isHeld(row, lease) then
      for address in string.gmatch(stored[lease.owner], ':(%x+):') do
        if #address == 9 or #address == 33 then
          local offset = tonumber(string.sub(address, -2), 16)
          bases[#bases + 1] = string.format('%s%02x', string.sub(address, 1, -3), offset - offset % 64)
        end
      end
      change.refused = true
    else
      tokens[lease.owner] = row .. lease.token
      given[lease.address] = true
    end
  end
  if change.refused then
    refuse(number, bases)
  end
end
if #refused > 0 then
  return {0, unpack(refused)}
end

-- What a cluster moves from node to node must be declared, or a script could fail half-way.
local declared, missing, sets = {}, {}, {}
for i = 7, #KEYS do
  declared[KEYS[i]] = true
end
local function setsOf(head)
  local names = {}
  for name in string.gmatch(head and string.match(head, '^.* (%S+)$') or '', '[^,]+') do
    names[name] = true
  end
  return names
end
local function changeSets(command, names, others, base)
  for name in pairs(names) do
    if not others[name] then
      local key = ARGV[1] .. name
      if not declared[key] then
        declared[key] = true
        missing[#missing + 1] = key
      end
      sets[#sets + 1] = {command = command, key = key, base = base}
    end
  end
end
for _, change in ipairs(changes) do
  change.setsBefore, change.setsAfter = setsOf(change.old), setsOf(not change.delete and change.head or nil)
  changeSets('ZADD', change.setsAfter, change.setsBefore, change.base)
end
for _, change in ipairs(changes) do
  changeSets('ZREM', change.setsBefore, change.setsAfter, change.base)
end
if #missing > 0 then
  return {-2, unpack(missing)}
end

-- A command that the user may not run fails here, where nothing is written yet: these do nothing. What brings leases is refused here by a
-- server whose memory is full, too. (A script's later writes aren't asked for memory once the first was let through, and HDEL always is.)
-- What only takes leases away is let through: it makes room.
local brings = false
for _, change in ipairs(changes) do
  brings = brings or #change.new > 0
end
if brings then
  redis.call('ZADD', index, 'XX', 0, '')
end
redis.call('HDEL', heads, '')
if not brings then
  redis.call('ZADD', index, 'XX', 0, '')
end
redis.call('ZREM', index, '')

-- First all that comes, then all that goes: a key that loses its last field is gone, and one that is being moved can't come back.
if expected ~= '' and not found then
  redis.call('SET', identity, expected)
end
local new = redis.call('INCR', revision)
local stays = {}
for _, change in ipairs(changes) do
  for _, lease in ipairs(change.new) do
    redis.call('HSET', leases, lease.address, lease.text)
    stays[lease.address] = true
  end
  if change.fence then
    redis.call('HSET', heads, 'fence ' .. change.base, string.match(change.head, '^%x+ %S+ (%-?%d+)'))
  end
  if not change.delete then
    redis.call('HSET', heads, change.base, string.format('%d ', new) .. change.head)
    if not change.old then
      redis.call('ZADD', index, 0, change.base)
    end
  end
end
for owner, row in pairs(tokens) do
  if row ~= '' and row ~= stored[owner] then
    redis.call('HSET', owners, owner, row)
  end
end
for _, set in ipairs(sets) do
  if set.command == 'ZADD' then
    redis.call('ZADD', set.key, 0, set.base)
  else
    redis.call('ZREM', set.key, set.base)
  end
end
for _, change in ipairs(changes) do
  for _, lease in ipairs(change.gone) do
    if not stays[lease.address] then
      redis.call('HDEL', leases, lease.address)
    end
  end
  if change.delete then
    redis.call('HDEL', heads, change.base, 'fence ' .. change.base)
    redis.call('ZREM', index, change.base)
  end
end
for owner, row in pairs(tokens) do
  if row == '' then
    redis.call('HDEL', owners, owner)
  end
end

-- Which leases there were. A server that refuses this, as it has no memory left or the user lacks a right, keeps no lease from ending and none from
-- beginning. An entry has events: family, address and sequence as bytes, then the rest. When they were is in the entry's id, by the server's clock. Which
-- stream, see SpaceKeys.
local function eventAt(lease)
  local address = string.gsub('0' .. lease.address, '%x%x', function(byte) return string.char(tonumber(byte, 16)) end)
  local where = address .. struct.pack('>d', tonumber(string.match(lease.token, ':(%d+);$')))
  return where .. string.sub(lease.event, #where + 1)
end
-- Throws away what is too old, and as much as there is too much: a part of a stream, of which the server counts, has 4 KiB. A program that doesn't know
-- how long events are to be kept throws away none for their age.
local function trim(key, id)
  if keep > 0 then
    redis.pcall('XTRIM', key, 'MINID', '~', string.format('%.0f', tonumber(string.match(id, '^%d+')) - keep))
  end
  local facts = redis.pcall('XINFO', 'STREAM', key)
  local length, parts = 0, 0
  for i = 1, #facts, 2 do
    if facts[i] == 'length' then
      length = facts[i + 1]
    elseif facts[i] == 'radix-tree-keys' then
      parts = facts[i + 1]
    end
  end
  if parts > most then
    redis.pcall('XTRIM', key, 'MAXLEN', '~', math.floor(length * most / parts))
  end
end
-- Events of one entry take less room than as many entries; but an entry isn't to be larger than a part of a stream.
local eventsOfEntry = 32
-- To look how long a stream is costs as much as to add to it: until the next look it may become a sixteenth longer.
local entriesBetweenLooks = math.max(1, math.min(16, math.floor(most / 16)))
for _, change in ipairs(most > 0 and changes or {}) do
  local number = math.floor(tonumber(string.sub(change.base, -4), 16) / 64) % 1024
  local key = (string.gsub(heads, 'heads$', 'history/')) .. string.format('%03x', number)
  local events, id = {}, nil
  for _, lease in ipairs(change.gone) do
    events[#events + 1] = lease.event
  end
  for _, lease in ipairs(change.new) do
    events[#events + 1] = change.placed and eventAt(lease) or lease.event
  end
  for first = 1, #events, eventsOfEntry do
    local entry = {}
    for i = first, math.min(first + eventsOfEntry - 1, #events) do
      entry[#entry + 1] = 'e'
      entry[#entry + 1] = events[i]
    end
    id = redis.pcall('XADD', key, '*', unpack(entry))
  end
  if type(id) == 'string' then
    if keep > 0 then
      redis.pcall('PEXPIRE', key, keep)
    end
    local length = redis.pcall('XLEN', key)
    if type(length) == 'number' and length % entriesBetweenLooks < math.ceil(#events / eventsOfEntry) then
      trim(key, id)
    end
  end
end
local answer = {new}
for number, change in ipairs(changes) do
  if change.placed then
    answer[#answer + 1] = {number - 1, readBlock(heads, leases, change.base)}
  end
end
return answer
