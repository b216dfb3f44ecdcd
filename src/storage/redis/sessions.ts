import { z } from 'zod';
import { OPERATION_NAMES } from '../../sessions/operation-name.js';
import { isLive, OBLIGATIONS, type Session, type SessionOwner } from '../../sessions/session.js';
import { type SessionChange, type SessionStore } from '../../sessions/store.js';
import { REDIS_PREFIX, type RedisConnection } from './connection.js';

/** Keys live a little longer than what they hold: exact limits are judged by the reader's clock. */
const SLACK_MS = 60_000;
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
const INSERT = `
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

const GET = `return redis.call('HMGET', KEYS[1], 'record', 'seen', 'idle', 'obligations', 'stepUp')`;

/** KEYS session; ARGV now, ms from one mark of use to the next. As `usedAt`, in one step with the reading. */
const USE = `
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
const MOVE = `
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
const REMOVE = `
local owners = redis.call('HMGET', KEYS[1], 'owner1', 'owner2', 'owner3', 'owner4')
if not owners[1] then return 0 end
for i = 1, 4 do if owners[i] ~= '' then redis.call('ZREM', owners[i], ARGV[1]) end end
return redis.call('DEL', KEYS[1])`;

/** KEYS owner set; ARGV prefix of session keys, identifier, 'only' or 'except', the only membership or ''. */
const REMOVE_OF_OWNER = `
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
const LIST = `
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
const CERTIFICATES = `
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

const RECORD = z.object({
  id: z.string(),
  personId: z.string(),
  organisationId: z.string(),
  membershipId: z.string(),
  method: z.enum(['eds', 'password']),
  acr: z.string(),
  certificateSha256: z.string().nullable(),
  createdAt: z.number(),
  authenticatedAt: z.number(),
  idleMs: z.number(),
  expiresAt: z.number(),
  // Absent in what an earlier version wrote, where nothing tells what the password was worth: taken for the narrower.
  provisional: z.boolean().optional(),
  device: z.string().nullable(),
  address: z.string().nullable(),
});
const FOUND = z.tuple([z.string(), z.coerce.number(), z.coerce.number(), z.string(), z.string()]);
const FOUND_OR_NOT = z.union([FOUND, z.tuple([z.null(), z.null(), z.null(), z.null(), z.null()])]);
const CHANGEABLE = z.object({
  obligations: z.array(z.enum(OBLIGATIONS)),
  // An operation another version of the program knows is none of ours: it allows nothing here.
  stepUp: z
    .object({
      operation: z.enum(OPERATION_NAMES),
      digest: z.string(),
      evidence: z.string(),
      until: z.number(),
    })
    .nullable()
    .catch(null),
});

const SESSION_PREFIX = `${REDIS_PREFIX}session:`;
const CERTIFICATE_PREFIX = `${REDIS_PREFIX}sessions-of-certificate:`;
const CERTIFICATES_KEY = `${REDIS_PREFIX}certificates-of-sessions`;

/** Sessions in Redis; it forgets them by itself. */
export function createRedisSessions(redis: RedisConnection): SessionStore {
  const listOf = async (owner: SessionOwner): Promise<readonly Session[]> => {
    const found = z.array(FOUND).parse(await redis.run(LIST, [ownerKey(owner)], [SESSION_PREFIX]));
    const only = onlyMembership(owner);
    return found
      .map(toSession)
      .filter(({ membershipId }) => only === '' || membershipId === only)
      .sort(newestFirst);
  };

  return {
    async insert(tokenHash, session) {
      const [seen, idle, until] = [
        session.lastSeenAt.getTime(),
        session.idleExpiresAt.getTime(),
        session.expiresAt.getTime(),
      ];
      const { personId, membershipId, organisationId, certificateSha256 } = session;
      await redis.run(
        INSERT,
        [
          SESSION_PREFIX + tokenHash,
          CERTIFICATES_KEY,
          ownerKey({ personId }),
          ownerKey({ membershipId }),
          ownerKey({ organisationId }),
          ...(certificateSha256 === null ? [] : [ownerKey({ certificateSha256 })]),
        ],
        [
          tokenHash,
          certificateSha256 ?? '',
          toRecord(session),
          seen,
          idle,
          until,
          idle - seen + SLACK_MS,
          until - seen + SLACK_MS,
          ...toChangeable(session),
        ],
      );
    },
    async get(tokenHash) {
      const found = FOUND_OR_NOT.parse(await redis.run(GET, [SESSION_PREFIX + tokenHash], []));
      return found[0] === null ? null : toSession(found);
    },
    async use(tokenHash, now, markAfterMs) {
      const asked = [now.getTime(), markAfterMs];
      const used = z.array(z.unknown()).parse(await redis.run(USE, [SESSION_PREFIX + tokenHash], asked));
      const found = FOUND_OR_NOT.parse(used.slice(0, 5));
      return found[0] === null ? null : toSession(found);
    },
    async move(oldTokenHash, newTokenHash, change) {
      const keys = [SESSION_PREFIX + oldTokenHash, SESSION_PREFIX + newTokenHash];
      return (await redis.run(MOVE, keys, [oldTokenHash, newTokenHash, ...toChangeable(change)])) === 1;
    },
    async remove(tokenHash) {
      return (await redis.run(REMOVE, [SESSION_PREFIX + tokenHash], [tokenHash])) === 1;
    },
    async removeAllOf(owner, exceptSessionId) {
      const args = [SESSION_PREFIX, exceptSessionId ?? '', 'except', onlyMembership(owner)];
      return z.number().parse(await redis.run(REMOVE_OF_OWNER, [ownerKey(owner)], args));
    },
    async removeOne(owner, sessionId) {
      const args = [SESSION_PREFIX, sessionId, 'only', onlyMembership(owner)];
      return (await redis.run(REMOVE_OF_OWNER, [ownerKey(owner)], args)) === 1;
    },
    listOf,
    async crowdOf(membershipId, keep, now) {
      return crowdIn(await listOf({ membershipId }), keep, now);
    },
    async certificates(after, limit) {
      const args = [CERTIFICATE_PREFIX, SESSION_PREFIX, after ?? '', limit];
      return z.array(z.string()).parse(await redis.run(CERTIFICATES, [CERTIFICATES_KEY], args));
    },
  };
}

/** The live ones beyond the newest `keep`, the oldest first, of a membership's sessions in the order of a list. */
export function crowdIn(sessions: readonly Session[], keep: number, now: Date): readonly Session[] {
  return sessions
    .filter((session) => isLive(session, now))
    .slice(keep)
    .reverse();
}

export function belongsTo(session: Session, owner: SessionOwner): boolean {
  if ('certificateSha256' in owner) {
    const { certificateSha256, membershipId = session.membershipId } = owner;
    return session.certificateSha256 === certificateSha256 && session.membershipId === membershipId;
  }
  if ('personId' in owner) return session.personId === owner.personId;
  if ('membershipId' in owner) return session.membershipId === owner.membershipId;
  return session.organisationId === owner.organisationId;
}

export function newestFirst(a: Session, b: Session): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** The membership a certificate's sessions are meant at, '' for all. */
function onlyMembership(owner: SessionOwner): string {
  return 'certificateSha256' in owner ? (owner.membershipId ?? '') : '';
}

function ownerKey(owner: SessionOwner): string {
  if ('certificateSha256' in owner) return CERTIFICATE_PREFIX + owner.certificateSha256;
  if ('personId' in owner) return `${REDIS_PREFIX}sessions-of-person:${owner.personId}`;
  if ('membershipId' in owner) return `${REDIS_PREFIX}sessions-of-membership:${owner.membershipId}`;
  return `${REDIS_PREFIX}sessions-of-organisation:${owner.organisationId}`;
}

function toRecord(session: Session): string {
  const record: z.infer<typeof RECORD> = {
    id: session.id,
    personId: session.personId,
    organisationId: session.organisationId,
    membershipId: session.membershipId,
    method: session.method,
    acr: session.acr,
    certificateSha256: session.certificateSha256,
    createdAt: session.createdAt.getTime(),
    authenticatedAt: session.authenticatedAt.getTime(),
    idleMs: session.idleMs,
    expiresAt: session.expiresAt.getTime(),
    provisional: session.provisional,
    device: session.device,
    address: session.address,
  };
  return JSON.stringify(record);
}

/** Two JSON texts, apart from the record: Lua's JSON would turn an empty list into an empty object. */
function toChangeable({ obligations, stepUp }: SessionChange): [string, string] {
  const noted = stepUp === null ? null : { ...stepUp, until: stepUp.until.getTime() };
  return [JSON.stringify(obligations), JSON.stringify(noted)];
}

function toSession([json, seen, idle, obligations, stepUp]: z.infer<typeof FOUND>): Session {
  const { createdAt, authenticatedAt, expiresAt, ...record } = RECORD.parse(JSON.parse(json));
  const changeable = CHANGEABLE.parse({
    obligations: JSON.parse(obligations) as unknown,
    stepUp: JSON.parse(stepUp) as unknown,
  });
  return {
    ...record,
    provisional: record.provisional ?? record.method === 'password',
    createdAt: new Date(createdAt),
    authenticatedAt: new Date(authenticatedAt),
    lastSeenAt: new Date(seen),
    idleExpiresAt: new Date(idle),
    expiresAt: new Date(expiresAt),
    obligations: changeable.obligations,
    stepUp:
      changeable.stepUp === null ? null : { ...changeable.stepUp, until: new Date(changeable.stepUp.until) },
  };
}
