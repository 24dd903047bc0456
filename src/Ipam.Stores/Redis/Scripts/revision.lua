-- Shared by the scripts below. Gives the catalog its next revision: the time, or the next number, so that none comes again when the data were lost.
local function nextRevision(key, time)
  local new = math.max(tonumber(redis.call('GET', key) or '0') + 1, tonumber(time))
  redis.call('SET', key, string.format('%d', new))
  return new
end
