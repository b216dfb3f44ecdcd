/** How often something was done within a period, by key: of bounded size, and never less than it was. */
import { createHash, randomBytes } from 'node:crypto';

/** Keys counted exactly in one period. Those beyond share counts with others: such a count may be too high, never too low. */
export const EXACT_KEYS = 40_000;
/** Counts that keys beyond those share. */
export const SHARED_COUNTS = 1_024;

export interface Counts {
  /** One for each key asked about, as far as was counted. */
  readonly counts: readonly number[];
  /** Until all begin again at nothing. */
  readonly msLeft: number;
}

/** Where what a limit counts is counted, by the name of the limit. */
export type CountsOf = (name: string, perMs: number) => RateCounts;

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
