-- Everything as commands for redis-cli, in order. Returns text.
local lines = {}
local function line(...)
  local words = {}
  for i, word in ipairs({...}) do
    words[i] = i == 1 and word or '"' .. string.gsub(word, '[\\"]', '\\%0') .. '"'
  end
  lines[#lines + 1] = table.concat(words, ' ')
end
local keys = redis.call('KEYS', '*')
table.sort(keys)
for _, key in ipairs(keys) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'string' then
    line('SET', key, redis.call('GET', key))
  elseif kind == 'set' then
    local members = redis.call('SMEMBERS', key)
    table.sort(members)
    for _, member in ipairs(members) do line('SADD', key, member) end
  elseif kind == 'zset' then
    for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do line('ZADD', key, '0', member) end
  elseif kind == 'hash' then
    local fields = redis.call('HKEYS', key)
    table.sort(fields)
    for _, field in ipairs(fields) do line('HSET', key, field, redis.call('HGET', key, field)) end
  end
end
return table.concat(lines, '\n')
