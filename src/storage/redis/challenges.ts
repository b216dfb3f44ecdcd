import { z } from 'zod';
import { type ChallengeBounds, ChallengesFull, roomLimits } from '../../challenge/room.js';
import { type ChallengeStore } from '../../challenge/store.js';
import { CHALLENGE_PURPOSES } from '../../challenge/text.js';
import { holderIndex, openOperation, sealOperation } from '../keys/challenge-seal.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { REDIS_PREFIX, type RedisConnection } from './connection.js';

/**
 * KEYS challenge, then the counts of every minute in which one that is not over may have been issued, the newest first; ARGV holder,
 * limits of the room (own, common, few, in all), milliseconds to keep the challenge and a count, how many networks, each with what is
 * few for it, fields of the challenge by name and value. The rule is `brokenBound` of src/challenge/room.ts: counting, comparing and keeping are one step here.
 */
const PUT = `
local own, all, networks, around = 0, 0, tonumber(ARGV[8]), {}
for at = 2, #KEYS do
  local counted = redis.call('HMGET', KEYS[at], ARGV[1], 'all')
  own = own + (tonumber(counted[1]) or 0)
  all = all + (tonumber(counted[2]) or 0)
  for n = 1, networks do
    around[n] = (around[n] or 0) + (tonumber(redis.call('HGET', KEYS[at], ARGV[7 + 2 * n]) or 0))
  end
end
local few = own < tonumber(ARGV[4])
for n = 1, networks do few = few and around[n] < tonumber(ARGV[8 + 2 * n]) end
if own >= tonumber(ARGV[2]) then return 'own' end
if all >= tonumber(ARGV[5]) or (all >= tonumber(ARGV[3]) and not few) then return 'all' end
redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
for n = 1, networks do redis.call('HINCRBY', KEYS[2], ARGV[7 + 2 * n], 1) end
redis.call('HINCRBY', KEYS[2], 'all', 1)
redis.call('PEXPIRE', KEYS[2], ARGV[7])
redis.call('HSET', KEYS[1], unpack(ARGV, 9 + 2 * networks))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 'kept'`;

/** KEYS challenge; ARGV browser hash, now. The look and the mark are one step: Redis runs a script alone. */
const TAKE = `
local found = redis.call('HMGET', KEYS[1], 'b', 'u', 'e')
if not found[1] then return {'unknown'} end
if found[1] ~= ARGV[1] then return {'other-browser'} end
if found[2] then return {'used'} end
if tonumber(ARGV[2]) >= tonumber(found[3]) then return {'expired'} end
redis.call('HSET', KEYS[1], 'u', 1)
local kept = redis.call('HMGET', KEYS[1], 'p', 's', 'o', 'n', 't', 'i', 'e')
for at = 1, #kept do kept[at] = kept[at] or '' end
return {'taken', kept}`;

const time = z.coerce.number().transform((at) => new Date(at));
const absent = z.string().transform((text) => (text === '' ? null : text));
const KEPT = z.tuple([z.enum(CHALLENGE_PURPOSES), absent, absent, z.string(), z.string(), time, time]);
const ANSWER = z.union([
  z.tuple([z.literal('taken'), KEPT]),
  z.tuple([z.enum(['unknown', 'expired', 'used', 'other-browser'])]),
]);
const PUT_ANSWER = z.enum(['kept', 'own', 'all']);

const MINUTE_MS = 60_000;
/** Longer than a challenge lives, so that its end is told by our clock and not by that of Redis. */
const KEPT_AFTER_MS = 30_000;

/** Challenges in Redis; it forgets them by itself. Fields have short names and values: so they take half the memory. */
export function createRedisChallenges(
  redis: RedisConnection,
  { cipher, bounds }: { readonly cipher: FieldCipher; readonly bounds: ChallengeBounds },
): ChallengeStore {
  return {
    async put(record, holder) {
      const { id, purpose, subjectId, operation, nonce, textHash, browserHash } = record;
      const [issued, expires] = [record.issuedAt.getTime(), record.expiresAt.getTime()];
      const { own, common, few, fewAround, inAll } = roomLimits(holder, bounds);
      const index = holderIndex(cipher, holder);
      const around = fewAround.flatMap((most, at) => [index.around[at] ?? '', most]);
      const sealed = sealOperation(cipher, id, operation);
      const fields = [
        ...['b', browserHash, 'e', expires, 'i', issued, 'n', nonce, 't', textHash, 'p', purpose],
        ...(subjectId === null ? [] : ['s', subjectId]),
        ...(sealed === null ? [] : ['o', sealed]),
      ];
      const keep = [expires - issued + KEPT_AFTER_MS, expires - issued + 2 * MINUTE_MS];
      const answer = await redis.run(
        PUT,
        [keyOf(id), ...countKeys(issued, expires - issued)],
        [index.own, own, common, few, inAll, ...keep, fewAround.length, ...around, ...fields],
      );
      const outcome = PUT_ANSWER.parse(answer);
      if (outcome !== 'kept') throw new ChallengesFull(outcome);
    },
    async take(id, browserHash, now) {
      const answer = ANSWER.parse(await redis.run(TAKE, [keyOf(id)], [browserHash, now.getTime()]));
      if (answer[0] !== 'taken') return { outcome: answer[0] };
      const [purpose, subjectId, sealed, nonce, textHash, issuedAt, expiresAt] = answer[1];
      const operation = openOperation(cipher, id, sealed);
      if (operation === undefined) return { outcome: 'unknown' };
      const kept = { id, purpose, subjectId, operation, nonce, textHash, browserHash };
      return { outcome: 'taken', record: { ...kept, issuedAt, expiresAt } };
    },
  };
}

function keyOf(id: string): string {
  return `${REDIS_PREFIX}c:${id}`;
}

/** The counts of the minute of the issue and of those before it, in the order of KEYS. */
function countKeys(issued: number, lifetimeMs: number): string[] {
  const newest = Math.floor(issued / MINUTE_MS);
  const oldest = Math.floor((issued - lifetimeMs) / MINUTE_MS);
  return Array.from({ length: newest - oldest + 1 }, (_, back) => `${REDIS_PREFIX}cn:${newest - back}`);
}
