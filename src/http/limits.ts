import { isIPv6 } from 'node:net';
import { type Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from './problem.js';

export type LimitName =
  | 'challenge'
  | 'login'
  | 'password'
  | 'passwordFailures'
  | 'registration'
  | 'invitation'
  | 'verify'
  | 'clientFailures'
  | 'manage'
  | 'session';

export interface Limits {
  /**
   * Counts one use by an address, or by whatever else is named (a session).
   *
   * @throws Problem `RATE_LIMITED` with `Retry-After`
   */
  consume(name: LimitName, user: string): Promise<void>;
  /**
   * Whether one more use would be within the limit, without counting one: for limits on what is known only afterwards.
   *
   * @throws Problem `RATE_LIMITED` with `Retry-After`
   */
  requireRoom(name: LimitName, user: string): Promise<void>;
  /** Counts one use and never refuses. */
  count(name: LimitName, user: string): Promise<void>;
}

/**
 * Limits per client address and per session, shared between instances through Redis where there is one. When Redis fails, each instance counts for itself:
 * a limit that gets looser for a while, never one that is off.
 */
export function createLimits(
  rates: Readonly<Record<LimitName, { readonly points: number; readonly perMs: number }>>,
  redis: Redis | null,
): Limits {
  const limiter = (name: LimitName): RateLimiterMemory | RateLimiterRedis => {
    const { points, perMs } = rates[name];
    const options = { keyPrefix: `qaqpa:rate:${name}`, points, duration: Math.ceil(perMs / 1000) };
    const memory = new RateLimiterMemory(options);
    return redis === null
      ? memory
      : new RateLimiterRedis({
          ...options,
          storeClient: redis,
          insuranceLimiter: memory,
          rejectIfRedisNotReady: true,
        });
  };
  const limiters = {
    challenge: limiter('challenge'),
    login: limiter('login'),
    password: limiter('password'),
    registration: limiter('registration'),
    invitation: limiter('invitation'),
    passwordFailures: limiter('passwordFailures'),
    verify: limiter('verify'),
    clientFailures: limiter('clientFailures'),
    manage: limiter('manage'),
    session: limiter('session'),
  };
  return {
    async consume(name, user) {
      try {
        await limiters[name].consume(networkOf(user));
      } catch (refused) {
        throw refused instanceof RateLimiterRes ? limited(refused) : refused;
      }
    },
    async requireRoom(name, user) {
      const used = await limiters[name].get(networkOf(user));
      if (used !== null && used.remainingPoints <= 0) throw limited(used);
    },
    async count(name, user) {
      await limiters[name].penalty(networkOf(user));
    },
  };
}

function limited({ msBeforeNext }: RateLimiterRes): Problem {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new Problem('RATE_LIMITED', { headers: { 'Retry-After': String(seconds) } });
}

/** An IPv4 address as a socket that listens on both families sees it (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** One subscriber has a whole IPv6 /64, so that is what is counted. Mapped IPv4 addresses would otherwise all share one. */
export function networkOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
