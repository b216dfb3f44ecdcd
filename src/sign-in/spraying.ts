/** One password tried on many people: noticed while it happens, by digests that only this process can compute and keeps in memory. */
import { createHmac, randomBytes } from 'node:crypto';

/** People on whom one password failed, from which on it is one that is being sprayed. */
const SPRAYED_PEOPLE = 10;
/** How long a failure counts. */
const SPRAY_WINDOW_MS = 60 * 60_000;
/** Numbers of people at which it is told again. */
const TOLD_AGAIN_AT: readonly number[] = [100, 1_000];
/** Passwords remembered at a time: failed once, and failed on several people. More than may fail in all within the hour. */
const REMEMBERED = 20_000;
/** People and networks remembered of one password, and of all together. */
const REMEMBERED_OF_ONE = 1_000;
const REMEMBERED_OF_ALL = 200_000;
const DIGEST_OCTETS = 12;
/** A minute is unusual with so many failures, and so many times those of a usual one. */
const FLOOD_LEAST = 60;
const FLOOD_TIMES = 10;
const FLOOD_TOLD_EVERY_MS = 60 * 60_000;
/** How much a minute counts in the usual one: half of it is from the last three quarters of an hour. */
const USUAL_WEIGHT = 1 / 64;

export type PasswordAlarm =
  /** `people`: on whom it failed; `networks`: from where, of which so many are counted at the most. */
  | { readonly kind: 'spraying'; readonly people: number; readonly networks: number }
  /** Failures in the minute that is over, and in a usual one. */
  | { readonly kind: 'flood'; readonly failures: number; readonly usual: number };

export interface SprayWatch {
  /** Whether this password is being sprayed now: then it opens nothing. */
  isSprayed(password: string, now: Date): boolean;
  /**
   * Notes a failure.
   *
   * @param person what stands for the IIN, whether it is known or not
   * @returns what is to be told of it
   */
  failed(failure: SprayFailure): readonly PasswordAlarm[];
}

export interface SprayFailure {
  readonly password: string;
  readonly person: string;
  readonly address: string;
  readonly now: Date;
}

interface Tried {
  readonly people: Set<string>;
  readonly networks: Set<string>;
  latest: number;
  told: number;
}

/** @param networkOf what counts as one place a failure comes from */
export function createSprayWatch(
  networkOf: (address: string) => string = (address) => address,
  remembered = REMEMBERED,
): SprayWatch {
  // A digest of a password could be guessed by who has the key: it is made here and never leaves.
  const key = randomBytes(32);
  const digestOf = (...parts: readonly string[]): string => {
    const digest = createHmac('sha256', key).update(JSON.stringify(parts)).digest();
    return digest.subarray(0, DIGEST_OCTETS).toString('base64');
  };
  const passwordDigest = (password: string): string => digestOf('password', password.normalize('NFKC'));
  const tried = new Map<string, Tried>();
  const once = new Map<string, Once>();
  const minutes = createMinutes();
  let members = 0;

  const forget = (digest: string): void => {
    const known = tried.get(digest);
    tried.delete(digest);
    members -= sizeOf(known);
  };
  const remember = (digest: string, known: Tried): void => {
    forget(digest);
    tried.set(digest, known);
    members += sizeOf(known);
    for (const oldest of tried.keys()) {
      if (tried.size <= remembered && members <= REMEMBERED_OF_ALL) break;
      forget(oldest);
    }
  };
  const note = (digest: string, person: string, network: string, at: number): Tried | null => {
    const known = tried.get(digest);
    if (known !== undefined && at - known.latest < SPRAY_WINDOW_MS) {
      // Taken out and put in again, so that the one that was tried least lately comes first.
      forget(digest);
      known.latest = at;
      if (known.people.size < REMEMBERED_OF_ONE) known.people.add(person);
      if (known.networks.size < REMEMBERED_OF_ONE) known.networks.add(network);
      remember(digest, known);
      return known;
    }
    forget(digest);
    const first = once.get(digest);
    once.delete(digest);
    if (first === undefined || first.person === person || at - first.at >= SPRAY_WINDOW_MS) {
      keep(once, digest, { person, network, at }, remembered);
      return null;
    }
    const begun = triedTwice(first, { person, network, at });
    remember(digest, begun);
    return begun;
  };

  return {
    isSprayed(password, now) {
      const known = tried.get(passwordDigest(password));
      return (
        known !== undefined &&
        known.people.size > SPRAYED_PEOPLE &&
        now.getTime() - known.latest < SPRAY_WINDOW_MS
      );
    },
    failed({ password, person, address, now }) {
      const network = networkOf(address);
      const found = note(passwordDigest(password), digestOf('person', person), network, now.getTime());
      const alarms: PasswordAlarm[] = [];
      if (found !== null && isNews(found)) {
        found.told = found.people.size;
        alarms.push({ kind: 'spraying', people: found.people.size, networks: found.networks.size });
      }
      const flood = minutes.failed(now.getTime());
      if (flood !== null) alarms.push({ kind: 'flood', ...flood });
      return alarms;
    },
  };
}

interface Once {
  readonly person: string;
  readonly network: string;
  readonly at: number;
}

function triedTwice(first: Once, second: Once): Tried {
  return {
    people: new Set([first.person, second.person]),
    networks: new Set([first.network, second.network]),
    latest: second.at,
    told: 0,
  };
}

function isNews({ people, told }: Tried): boolean {
  return [SPRAYED_PEOPLE + 1, ...TOLD_AGAIN_AT].some((step) => told < step && people.size >= step);
}

function sizeOf(tried: Tried | undefined): number {
  return tried === undefined ? 0 : tried.people.size + tried.networks.size;
}

/** Forgets what was noted first where there is no room. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  const oldest = map.size >= most ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

/** Failures by minutes, and what is usual. */
function createMinutes(): {
  failed(at: number): { readonly failures: number; readonly usual: number } | null;
} {
  let minute = Number.NaN;
  let failures = 0;
  let usual = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    failed(at) {
      const current = Math.floor(at / 60_000);
      if (current !== minute) {
        // The minute that is over, and those after it in which nothing failed. A clock that was set back begins anew.
        if (current > minute) {
          usual += (failures - usual) * USUAL_WEIGHT;
          usual *= (1 - USUAL_WEIGHT) ** Math.min(current - minute - 1, 10_000);
        }
        minute = current;
        failures = 0;
      }
      failures += 1;
      const unusual = failures >= FLOOD_LEAST && failures >= usual * FLOOD_TIMES;
      if (!unusual || Math.abs(at - toldAt) < FLOOD_TOLD_EVERY_MS) return null;
      toldAt = at;
      return { failures, usual: Math.round(usual) };
    },
  };
}
