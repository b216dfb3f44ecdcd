import { type Counts, type CountsOf, createMemoryCounts, type RateCounts } from '../../rates/counts.js';
import { networksOf } from './network.js';
import { Problem } from './problem.js';

/** What is counted, each by itself: what one thing uses up is not missing for another. */
export const LIMIT_NAMES = [
  'challenge',
  'login',
  'password',
  'passwordFailures',
  'passwordFailuresInAll',
  'passwordAccount',
  'passwordChange',
  'registration',
  'invitation',
  'verify',
  'clientFailures',
  'manage',
  'session',
] as const;

export type LimitName = (typeof LIMIT_NAMES)[number];

/** What a limit was met by: an address, the networks around it, or something else that is named (a session, an account). */
export type LimitLevel = 'address' | 'network' | 'provider' | 'named';

/** How many times the limit of one address its networks have. */
export interface NetworkWidths {
  /** A /24, or /48 of IPv6. */
  readonly network: number;
  /** A /16, or /32 of IPv6. */
  readonly provider: number;
}

export type Rates = Readonly<Record<LimitName, { readonly points: number; readonly perMs: number }>>;

/** One refusal. `network`: which, where it was met by one. */
export interface LimitRefusal {
  readonly limit: LimitName;
  readonly level: LimitLevel;
  readonly network: string | null;
}

export interface Limits {
  /**
   * Counts one use by an address and the networks it lies in, or by whatever else is named (a session).
   *
   * @throws Problem `RATE_LIMITED` with `Retry-After`
   */
  consume(name: LimitName, user: string): Promise<void>;
  /**
   * Whether one more use would be within the limit, without counting one: for limits on what is known only afterwards.
   *
   * @param tightness by how much the limit is divided
   * @throws Problem `RATE_LIMITED` with `Retry-After`
   */
  requireRoom(name: LimitName, user: string, tightness?: number): Promise<void>;
  /** Counts one use and never refuses. */
  count(name: LimitName, user: string): Promise<void>;
  /** How many uses are counted. */
  used(name: LimitName, user: string): Promise<number>;
}

/**
 * Limits per client address, per network and per session, shared between instances through Redis where there is one. When Redis fails,
 * each instance counts for itself: a limit that gets looser for a while, never one that is off.
 */
export function createLimits(
  rates: Rates,
  parts: {
    /** `null`: each instance counts for itself. */
    readonly countsOf: CountsOf | null;
    readonly widths: NetworkWidths;
    readonly onRefused?: (refusal: LimitRefusal) => void;
  },
): Limits {
  const { countsOf, widths, onRefused = () => undefined } = parts;
  const tables = Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const { perMs } = rates[name];
      return [name, countsOf === null ? createMemoryCounts(perMs) : countsOf(name, perMs)];
    }),
  ) as Readonly<Record<LimitName, RateCounts>>;

  const refuse = (limit: LimitName, { level, key }: Counted, { msLeft }: Counts): Problem => {
    onRefused({ limit, level, network: level === 'network' || level === 'provider' ? key : null });
    const seconds = Math.max(1, Math.ceil(msLeft / 1000));
    return new Problem('RATE_LIMITED', { headers: { 'Retry-After': String(seconds) } });
  };
  /** Counts one use, and finds which limit it is beyond. */
  const add = async (
    name: LimitName,
    user: string,
  ): Promise<{ readonly met: Counted | undefined; readonly found: Counts }> => {
    const counted = countedFor(user, rates[name].points, widths);
    const found = await tables[name].add(keysOf(counted), limitsOf(counted));
    return { met: counted.find(({ limit }, at) => (found.counts[at] ?? 0) > limit), found };
  };
  return {
    async consume(name, user) {
      const { met, found } = await add(name, user);
      if (met !== undefined) throw refuse(name, met, found);
    },
    async requireRoom(name, user, tightness = 1) {
      const counted = countedFor(user, rates[name].points, widths);
      const found = await tables[name].read(keysOf(counted));
      const met = counted.find(
        ({ limit }, at) => (found.counts[at] ?? 0) >= Math.max(1, Math.floor(limit / tightness)),
      );
      if (met !== undefined) throw refuse(name, met, found);
    },
    async count(name, user) {
      await add(name, user);
    },
    async used(name, user) {
      const counted = countedFor(user, rates[name].points, widths);
      return (await tables[name].read(keysOf(counted))).counts[0] ?? 0;
    },
  };
}

interface Counted {
  readonly level: LimitLevel;
  readonly key: string;
  readonly limit: number;
}

/** From the narrowest to the widest. */
function countedFor(user: string, points: number, { network, provider }: NetworkWidths): readonly Counted[] {
  const networks = networksOf(user);
  if (networks === null) return [{ level: 'named', key: user, limit: points }];
  return [
    { level: 'address', key: networks.subscriber, limit: points },
    { level: 'network', key: networks.site, limit: points * network },
    { level: 'provider', key: networks.provider, limit: points * provider },
  ];
}

function keysOf(counted: readonly Counted[]): string[] {
  return counted.map(({ key }) => key);
}

function limitsOf(counted: readonly Counted[]): number[] {
  return counted.map(({ limit }) => limit);
}
