/** What is done to sessions in Redis in one step each, as Lua. */

/** Keys live a little longer than what they hold: exact limits are judged by the reader's clock. */
export const SLACK_MS = 60_000;
/** No session may be configured to live longer; for an owner's set that Redis had thrown away before its time. */
const LOST_SET_MS = 7 * 24 * 60 * 60_000 + SLACK_MS;

/*
 * A session is a hash (record, seen, idle, until, what may change, and its owner sets); each owner has a sorted set of its
 * sessions' token hashes by the time they must end, from which every new session sweeps what is over. The fourth owner is the
 * certificate; a session without one has an empty name there. `certificates` has every certificate some session lives of, all
 * with the same score, so that it is read in their own order.
 */

/**
 * KEYS session, certificates, owner sets; ARGV token hash, certificate, record, seen, idle end, absolute end, ms to keep, ms to keep
 * the sets, obligations, step-up.
 */
export const INSERT = `
redis.call('HSET', KEYS[1], 'record', ARGV[3], 'seen', ARGV[4], 'idle', ARGV[5], 'until', ARGV[6],
  'obligations', ARGV[9], 'stepUp', ARGV[10],
  'owner1', KEYS[3], 'owner2', KEYS[4], 'owner3', KEYS[5], 'owner4', KEYS[6] or '')
redis.call('PEXPIRE', KEYS[1], ARGV[7])
for i = 3, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[4])
  redis.call('ZADD', KEYS[i], ARGV[6], ARGV[1])
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[8]) then redis.call('PEXPIRE', KEYS[i], ARGV[8]) end
end
if KEYS[6] then
  redis.call('ZADD', KEYS[2], 0, ARGV[2])
  if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[8]) then redis.call('PEXPIRE', KEYS[2], ARGV[8]) end
end
return 1`;

export const GET = `return redis.call('HMGET', KEYS[1], 'record', 'seen', 'idle', 'obligations', 'stepUp')`;

/** KEYS session; ARGV now, ms from one mark of use to the next. As `usedAt`, in one step with the reading. */
export const USE = `
local found = redis.call('HMGET', KEYS[1], 'record', 'seen', 'idle', 'obligations', 'stepUp', 'until')
if not found[1] then return found end
local now, ends = tonumber(ARGV[1]), tonumber(found[6])
if now < tonumber(found[3]) and now < ends and now - tonumber(found[2]) >= tonumber(ARGV[2]) then
  local idle = math.min(now + cjson.decode(found[1]).idleMs, ends)
  found[2], found[3] = ARGV[1], string.format('%.0f', idle)
  redis.call('HSET', KEYS[1], 'seen', found[2], 'idle', found[3])
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', idle - now + ${SLACK_MS}))
end
return found`;

/** KEYS old session, new session; ARGV old token hash, new token hash, obligations, step-up. */
export const MOVE = `
local found = redis.call('HMGET', KEYS[1], 'until', 'owner1', 'owner2', 'owner3', 'owner4')
if not found[1] then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[2], 'obligations', ARGV[3], 'stepUp', ARGV[4])
for i = 2, 5 do
  if found[i] ~= '' then
    -- In this order: a set that is empty for a moment is gone, and the next one under its name would live for ever.
    redis.call('ZADD', found[i], found[1], ARGV[2])
    redis.call('ZREM', found[i], ARGV[1])
    if redis.call('PTTL', found[i]) < 0 then redis.call('PEXPIRE', found[i], ${LOST_SET_MS}) end
  end
end
return 1`;

/** KEYS session; ARGV token hash. */
export const REMOVE = `
local owners = redis.call('HMGET', KEYS[1], 'owner1', 'owner2', 'owner3', 'owner4')
if not owners[1] then return 0 end
for i = 1, 4 do if owners[i] ~= '' then redis.call('ZREM', owners[i], ARGV[1]) end end
return redis.call('DEL', KEYS[1])`;

/** KEYS owner set; ARGV prefix of session keys, identifier, 'only' or 'except', the only membership or ''. */
export const REMOVE_OF_OWNER = `
local removed = 0
for _, tokenHash in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local key = ARGV[1] .. tokenHash
  local found = redis.call('HMGET', key, 'record', 'owner1', 'owner2', 'owner3', 'owner4')
  if not found[1] then
    redis.call('ZREM', KEYS[1], tokenHash)
  else
    local session = cjson.decode(found[1])
    if (session.id == ARGV[2]) == (ARGV[3] == 'only') and (ARGV[4] == '' or session.membershipId == ARGV[4]) then
      for i = 2, 5 do if found[i] ~= '' then redis.call('ZREM', found[i], tokenHash) end end
      removed = removed + redis.call('DEL', key)
    end
  end
end
return removed`;

/** KEYS owner set; ARGV prefix of session keys. */
export const LIST = `
local sessions = {}
for _, tokenHash in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local found = redis.call('HMGET', ARGV[1] .. tokenHash, 'record', 'seen', 'idle', 'obligations', 'stepUp')
  if found[1] then table.insert(sessions, found) end
end
return sessions`;

/**
 * KEYS certificates; ARGV prefix of the certificates' owner sets, prefix of session keys, after, limit. What it passes by that has
 * no session any more it forgets.
 */
export const CERTIFICATES = `
local live, after = {}, '(' .. ARGV[3]
if ARGV[3] == '' then after = '-' end
while true do
  local page = redis.call('ZRANGEBYLEX', KEYS[1], after, '+', 'LIMIT', 0, 100)
  if #page == 0 then return live end
  for _, certificate in ipairs(page) do
    local sessions = ARGV[1] .. certificate
    for _, tokenHash in ipairs(redis.call('ZRANGE', sessions, 0, -1)) do
      if redis.call('EXISTS', ARGV[2] .. tokenHash) == 0 then redis.call('ZREM', sessions, tokenHash) end
    end
    if redis.call('EXISTS', sessions) == 0 then redis.call('ZREM', KEYS[1], certificate)
    else table.insert(live, certificate) end
    if #live == tonumber(ARGV[4]) then return live end
  end
  after = '(' .. page[#page]
end`;
