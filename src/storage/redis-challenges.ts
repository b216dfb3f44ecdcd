import { z } from 'zod';
import { CHALLENGE_MEMORY_MS, type ChallengeStore } from '../challenge/store.js';
import { CHALLENGE_PURPOSES } from '../challenge/text.js';
import { REDIS_PREFIX, type RedisConnection } from './redis.js';

/** KEYS challenge; ARGV browser hash, expiry, record, milliseconds to keep it. */
const PUT = `
redis.call('HSET', KEYS[1], 'browser', ARGV[1], 'expires', ARGV[2], 'record', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;

/** KEYS challenge; ARGV browser hash, now. The look and the mark are one step: Redis runs a script alone. */
const TAKE = `
local found = redis.call('HMGET', KEYS[1], 'browser', 'used', 'expires', 'record')
if not found[1] then return {'unknown'} end
if found[1] ~= ARGV[1] then return {'other-browser'} end
if found[2] then return {'used'} end
if tonumber(ARGV[2]) >= tonumber(found[3]) then return {'expired'} end
redis.call('HSET', KEYS[1], 'used', ARGV[2])
return {'taken', found[4]}`;

const STORED = z.object({
  purpose: z.enum(CHALLENGE_PURPOSES),
  origin: z.string(),
  // Absent in what the version before this one wrote.
  subjectId: z.string().nullable().default(null),
  text: z.string(),
  issuedAt: z.number(),
  expiresAt: z.number(),
});
const ANSWER = z.union([
  z.tuple([z.literal('taken'), z.string()]),
  z.tuple([z.enum(['unknown', 'expired', 'used', 'other-browser'])]),
]);

/** Challenges in Redis; it forgets them by itself. */
export function createRedisChallenges(redis: RedisConnection): ChallengeStore {
  return {
    async put({ id, purpose, origin, subjectId, text, browserHash, issuedAt, expiresAt }) {
      const [issued, expires] = [issuedAt.getTime(), expiresAt.getTime()];
      const stored: z.input<typeof STORED> = {
        purpose,
        origin,
        subjectId,
        text,
        issuedAt: issued,
        expiresAt: expires,
      };
      const keepMs = expires - issued + CHALLENGE_MEMORY_MS;
      await redis.run(PUT, [keyOf(id)], [browserHash, expires, JSON.stringify(stored), keepMs]);
    },
    async take(id, browserHash, now) {
      const [outcome, json] = ANSWER.parse(await redis.run(TAKE, [keyOf(id)], [browserHash, now.getTime()]));
      if (outcome !== 'taken') return { outcome };
      const { issuedAt, expiresAt, ...stored } = STORED.parse(JSON.parse(json));
      return {
        outcome,
        record: { id, browserHash, ...stored, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) },
      };
    },
  };
}

function keyOf(id: string): string {
  return `${REDIS_PREFIX}challenge:${id}`;
}
