/** What limits count, for all instances together. */
import { randomBytes } from 'node:crypto';
import { type Redis } from 'ioredis';
import {
  type Counts,
  type CountsOf,
  createMemoryCounts,
  EXACT_KEYS,
  type RateCounts,
  SHARED_COUNTS,
} from '../../rates/counts.js';
import { createRedisClient } from './connection.js';

/**
 * The same in a hash of Redis that vanishes at the end of its period. KEYS: the hash. ARGV: milliseconds of a period, exact keys, shared
 * counts, a seed for when it is new, 1 to count or 0 to read, then key and limit by turns.
 */
const SCRIPT = `
local hash, adds = KEYS[1], ARGV[5] == '1'
if adds then redis.call('HSETNX', hash, 'seed', ARGV[4]) end
local left = redis.call('PTTL', hash)
if left == -1 then
  redis.call('PEXPIRE', hash, ARGV[1])
  left = tonumber(ARGV[1])
end
if left < 0 then left = tonumber(ARGV[1]) end
local answer = { left }
for at = 6, #ARGV, 2 do
  local field = 'key:' .. ARGV[at]
  if redis.call('HEXISTS', hash, field) == 0 and redis.call('HLEN', hash) > tonumber(ARGV[2]) then
    local place = redis.sha1hex((redis.call('HGET', hash, 'seed') or '') .. ARGV[at])
    field = 'shared:' .. (tonumber(string.sub(place, 1, 8), 16) % tonumber(ARGV[3]))
  end
  local count
  if adds then count = redis.call('HINCRBY', hash, field, 1)
  else count = tonumber(redis.call('HGET', hash, field) or '0') end
  answer[#answer + 1] = count
  if adds and count > tonumber(ARGV[at + 1]) then break end
end
return answer
`;

/** Counting must not wait for Redis, in milliseconds: while it is away each instance counts for itself. */
const TIMEOUT_MS = 500;

export interface SharedCounts {
  readonly countsOf: CountsOf;
  close(): void;
}

/**
 * Counts in Redis over a connection of their own, which repairs itself.
 *
 * @param onFailure told why the connection is away
 */
export function openSharedCounts(url: string, onFailure: (error: Error) => void): SharedCounts {
  const redis = createRedisClient(url, TIMEOUT_MS);
  redis.on('error', onFailure);
  // It goes on trying by itself, and says so.
  redis.connect().catch(() => undefined);
  return {
    countsOf: (name, perMs) => createSharedCounts(redis, name, perMs),
    close() {
      redis.disconnect();
    },
  };
}

type RateCommand = (hash: string, ...rest: readonly (string | number)[]) => Promise<number[]>;

/** Counts that all instances share. While Redis is away, or does not take them, each instance counts for itself. */
export function createSharedCounts(
  redis: Redis,
  name: string,
  perMs: number,
  exactKeys = EXACT_KEYS,
): RateCounts {
  const alone = createMemoryCounts(perMs, undefined, exactKeys);
  redis.defineCommand('qaqpaRate', { numberOfKeys: 1, lua: SCRIPT });
  const command = (redis as unknown as { readonly qaqpaRate: RateCommand }).qaqpaRate.bind(redis);
  const run = async (adds: 0 | 1, keys: readonly string[], limits: readonly number[]): Promise<Counts> => {
    const seed = randomBytes(16).toString('hex');
    const asked = keys.flatMap((key, at) => [key, limits[at] ?? Number.MAX_SAFE_INTEGER]);
    const [msLeft = perMs, ...counts] = await command(
      `{qaqpa}:rate:${name}`,
      perMs,
      exactKeys,
      SHARED_COUNTS,
      seed,
      adds,
      ...asked,
    );
    return { counts, msLeft };
  };
  const orAlone = async (shared: () => Promise<Counts>, own: () => Promise<Counts>): Promise<Counts> => {
    if (redis.status !== 'ready') return own();
    try {
      return await shared();
    } catch {
      // The listener of the connection is told why; a limit gets looser for a while, never one that is off.
      return own();
    }
  };
  return {
    add: (keys, limits) =>
      orAlone(
        () => run(1, keys, limits),
        () => alone.add(keys, limits),
      ),
    read: (keys) =>
      orAlone(
        () => run(0, keys, []),
        () => alone.read(keys),
      ),
  };
}
