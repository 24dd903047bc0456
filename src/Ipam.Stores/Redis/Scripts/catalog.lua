-- KEYS: revision, pools, reservations. Returns all three, of one instant.
return {redis.call('GET', KEYS[1]) or '0', redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
