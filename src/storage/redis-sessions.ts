import { z } from 'zod';
import { type Session, type SessionOwner } from '../sessions/session.js';
import { type SessionStore } from '../sessions/store.js';
import { REDIS_PREFIX, type RedisConnection } from './redis.js';

/** Keys live a little longer than what they hold: exact limits are judged by the reader's clock. */
const SLACK_MS = 60_000;

/*
 * A session is a hash (record, seen, idle, until and its three owner sets); each owner has a sorted set of its sessions' token
 * hashes by the time they must end, from which every new session sweeps what is over.
 */

/** KEYS session, three owner sets; ARGV token hash, record, seen, idle end, absolute end, ms to keep, ms to keep the sets. */
const INSERT = `
redis.call('HSET', KEYS[1], 'record', ARGV[2], 'seen', ARGV[3], 'idle', ARGV[4], 'until', ARGV[5],
  'owner1', KEYS[2], 'owner2', KEYS[3], 'owner3', KEYS[4])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
for i = 2, 4 do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[3])
  redis.call('ZADD', KEYS[i], ARGV[5], ARGV[1])
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[7]) then redis.call('PEXPIRE', KEYS[i], ARGV[7]) end
end
return 1`;

const GET = `return redis.call('HMGET', KEYS[1], 'record', 'seen', 'idle')`;

/** KEYS session; ARGV seen, idle end, ms to keep. */
const TOUCH = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'seen', ARGV[1], 'idle', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS old session, new session; ARGV old token hash, new token hash. */
const MOVE = `
local found = redis.call('HMGET', KEYS[1], 'until', 'owner1', 'owner2', 'owner3')
if not found[1] then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
for i = 2, 4 do
  redis.call('ZREM', found[i], ARGV[1])
  redis.call('ZADD', found[i], found[1], ARGV[2])
end
return 1`;

/** KEYS session; ARGV token hash. */
const REMOVE = `
local owners = redis.call('HMGET', KEYS[1], 'owner1', 'owner2', 'owner3')
if not owners[1] then return 0 end
for i = 1, 3 do redis.call('ZREM', owners[i], ARGV[1]) end
return redis.call('DEL', KEYS[1])`;

/** KEYS owner set; ARGV prefix of session keys, identifier, 'only' or 'except'. */
const REMOVE_OF_OWNER = `
local removed = 0
for _, tokenHash in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local key = ARGV[1] .. tokenHash
  local found = redis.call('HMGET', key, 'record', 'owner1', 'owner2', 'owner3')
  if not found[1] then
    redis.call('ZREM', KEYS[1], tokenHash)
  elseif (cjson.decode(found[1]).id == ARGV[2]) == (ARGV[3] == 'only') then
    for i = 2, 4 do redis.call('ZREM', found[i], tokenHash) end
    removed = removed + redis.call('DEL', key)
  end
end
return removed`;

/** KEYS owner set; ARGV prefix of session keys. */
const LIST = `
local sessions = {}
for _, tokenHash in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local found = redis.call('HMGET', ARGV[1] .. tokenHash, 'record', 'seen', 'idle')
  if found[1] then table.insert(sessions, found) end
end
return sessions`;

const RECORD = z.object({
  id: z.string(),
  personId: z.string(),
  organisationId: z.string(),
  membershipId: z.string(),
  method: z.enum(['eds', 'password']),
  acr: z.string(),
  certificateSha256: z.string().nullable(),
  createdAt: z.number(),
  expiresAt: z.number(),
  device: z.string().nullable(),
  address: z.string().nullable(),
});
const FOUND = z.tuple([z.string(), z.coerce.number(), z.coerce.number()]);
const FOUND_OR_NOT = z.union([FOUND, z.tuple([z.null(), z.null(), z.null()])]);

const SESSION_PREFIX = `${REDIS_PREFIX}session:`;

/** Sessions in Redis; it forgets them by itself. */
export function createRedisSessions(redis: RedisConnection): SessionStore {
  return {
    async insert(tokenHash, session) {
      const [seen, idle, until] = [
        session.lastSeenAt.getTime(),
        session.idleExpiresAt.getTime(),
        session.expiresAt.getTime(),
      ];
      await redis.run(
        INSERT,
        [
          SESSION_PREFIX + tokenHash,
          ownerKey({ personId: session.personId }),
          ownerKey({ membershipId: session.membershipId }),
          ownerKey({ organisationId: session.organisationId }),
        ],
        [tokenHash, toRecord(session), seen, idle, until, idle - seen + SLACK_MS, until - seen + SLACK_MS],
      );
    },
    async get(tokenHash) {
      const found = FOUND_OR_NOT.parse(await redis.run(GET, [SESSION_PREFIX + tokenHash], []));
      return found[0] === null ? null : toSession(found);
    },
    async touch(tokenHash, lastSeenAt, idleExpiresAt) {
      const [seen, idle] = [lastSeenAt.getTime(), idleExpiresAt.getTime()];
      await redis.run(TOUCH, [SESSION_PREFIX + tokenHash], [seen, idle, idle - seen + SLACK_MS]);
    },
    async move(oldTokenHash, newTokenHash) {
      const keys = [SESSION_PREFIX + oldTokenHash, SESSION_PREFIX + newTokenHash];
      return (await redis.run(MOVE, keys, [oldTokenHash, newTokenHash])) === 1;
    },
    async remove(tokenHash) {
      return (await redis.run(REMOVE, [SESSION_PREFIX + tokenHash], [tokenHash])) === 1;
    },
    async removeAllOf(owner, exceptSessionId) {
      const args = [SESSION_PREFIX, exceptSessionId ?? '', 'except'];
      return z.number().parse(await redis.run(REMOVE_OF_OWNER, [ownerKey(owner)], args));
    },
    async removeOne(owner, sessionId) {
      return (await redis.run(REMOVE_OF_OWNER, [ownerKey(owner)], [SESSION_PREFIX, sessionId, 'only'])) === 1;
    },
    async listOf(owner) {
      const found = z.array(FOUND).parse(await redis.run(LIST, [ownerKey(owner)], [SESSION_PREFIX]));
      return found.map(toSession).sort(newestFirst);
    },
  };
}

function newestFirst(a: Session, b: Session): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

function ownerKey(owner: SessionOwner): string {
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
    expiresAt: session.expiresAt.getTime(),
    device: session.device,
    address: session.address,
  };
  return JSON.stringify(record);
}

function toSession([json, seen, idle]: z.infer<typeof FOUND>): Session {
  const { createdAt, expiresAt, ...record } = RECORD.parse(JSON.parse(json));
  return {
    ...record,
    createdAt: new Date(createdAt),
    lastSeenAt: new Date(seen),
    idleExpiresAt: new Date(idle),
    expiresAt: new Date(expiresAt),
  };
}
