/** How often something was done within a period, by key: of bounded size, and never less than it was. */
import { createHash, randomBytes } from 'node:crypto';
import { type Redis } from 'ioredis';

/** Keys counted exactly in one period. Those beyond share counts with others: such a count may be too high, never too low. */
const EXACT_KEYS = 40_000;
const SHARED_COUNTS = 1_024;

export interface Counts {
  /** One for each key asked about, as far as was counted. */
  readonly counts: readonly number[];
  /** Until all begin again at nothing. */
  readonly msLeft: number;
}

/** Counts of one period, which begins with the first use and ends for all keys at once. */
export interface RateCounts {
  /**
   * Counts one use of each key, from the first to the last, and stops after the first whose count is above its limit: what is refused by a
   * narrow limit does not use up a wider one.
   */
  add(keys: readonly string[], limits: readonly number[]): Promise<Counts>;
  read(keys: readonly string[]): Promise<Counts>;
}

/**
 * Counts in memory.
 *
 * @param now milliseconds of a clock that does not jump
 */
export function createMemoryCounts(
  perMs: number,
  now: () => number = () => performance.now(),
  exactKeys = EXACT_KEYS,
): RateCounts {
  let exact = new Map<string, number>();
  let shared = new Map<string, number>();
  let seed = '';
  let endsAt = 0;
  const begin = (): void => {
    if (now() < endsAt) return;
    if (exact.size > 0) exact = new Map();
    if (shared.size > 0) shared = new Map();
    // Keys that share a count with a given one cannot be chosen.
    seed = randomBytes(16).toString('hex');
    endsAt = now() + perMs;
  };
  const tableOf = (key: string): readonly [Map<string, number>, string] =>
    exact.has(key) || exact.size < exactKeys ? [exact, key] : [shared, sharedKey(seed, key)];
  return {
    add(keys, limits) {
      begin();
      const counts: number[] = [];
      for (const [at, key] of keys.entries()) {
        const [table, name] = tableOf(key);
        const count = (table.get(name) ?? 0) + 1;
        table.set(name, count);
        counts.push(count);
        if (count > (limits[at] ?? Infinity)) break;
      }
      return Promise.resolve({ counts, msLeft: endsAt - now() });
    },
    read(keys) {
      begin();
      const counts = keys.map((key) => {
        const [table, name] = tableOf(key);
        return table.get(name) ?? 0;
      });
      return Promise.resolve({ counts, msLeft: endsAt - now() });
    },
  };
}

function sharedKey(seed: string, key: string): string {
  const place = createHash('sha1').update(`${seed}${key}`).digest('hex').slice(0, 8);
  return `shared:${Number.parseInt(place, 16) % SHARED_COUNTS}`;
}

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
