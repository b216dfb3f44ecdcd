import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { loadConfig } from '../../src/config.js';
import {
  createLimits,
  LIMIT_NAMES,
  type LimitRefusal,
  type Limits,
  type Rates,
} from '../../src/http/kernel/limits.js';
import { createMemoryCounts, type RateCounts } from '../../src/rates/counts.js';
import { createSharedCounts } from '../../src/storage/redis/rate-counts.js';
import { createPasswordLimits } from '../../src/http/kernel/password-limits.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.js';

const HOUR = 60 * 60_000;
const EXACT = 5;

/** What both kinds of counts promise. */
function countsContract(open: () => RateCounts): void {
  it('counts each key by itself, from the narrow to the wide', async () => {
    const counts = open();
    expect((await counts.add(['a', 'all'], [9, 9])).counts).toEqual([1, 1]);
    expect((await counts.add(['b', 'all'], [9, 9])).counts).toEqual([1, 2]);
    expect((await counts.read(['a', 'b', 'all', 'nothing'])).counts).toEqual([1, 1, 2, 0]);
  });

  it('does not use a wide limit up with what a narrow one refuses', async () => {
    const counts = open();
    for (let use = 0; use < 4; use += 1) await counts.add(['a', 'all'], [2, 9]);
    expect((await counts.read(['a', 'all'])).counts).toEqual([4, 2]);
  });

  it('says how long the period still is', async () => {
    const counts = open();
    for (const { msLeft } of [await counts.read(['a']), await counts.add(['a'], [9])]) {
      expect(msLeft).toBeGreaterThan(0);
      expect(msLeft).toBeLessThanOrEqual(HOUR);
    }
  });

  it('loses no use of a storm', async () => {
    const counts = open();
    await Promise.all(Array.from({ length: 50 }, () => counts.add(['a', 'all'], [99, 99])));
    expect((await counts.read(['a', 'all'])).counts).toEqual([50, 50]);
  });

  it('goes on counting those it knows and counts the others together when there are too many', async () => {
    const counts = open();
    await counts.add(['known'], [9]);
    const strangers = Array.from({ length: 3_000 }, (_, n) => `stranger ${n}`);
    for (let at = 0; at < strangers.length; at += 500) {
      await Promise.all(strangers.slice(at, at + 500).map((key) => counts.add([key], [Infinity])));
    }
    expect((await counts.read(['known'])).counts).toEqual([1]);
    const { counts: found } = await counts.read(strangers);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(1);
    // Shared by few each: a stranger is not counted with all of them.
    expect(Math.max(...found)).toBeLessThan(30);
    expect(found.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3_000);
  });
}

describe('counts in memory', () => {
  countsContract(() => createMemoryCounts(HOUR, () => 0, EXACT));

  it('begin again when the period is over', async () => {
    let now = 0;
    const counts = createMemoryCounts(HOUR, () => now, EXACT);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'f']) await counts.add([key], [9]);
    now = HOUR - 1;
    expect(await counts.read(['a', 'f'])).toEqual({ counts: [1, 2], msLeft: 1 });
    now = HOUR;
    expect(await counts.read(['a', 'f'])).toEqual({ counts: [0, 0], msLeft: HOUR });
  });
});

describeWithRedis('counts in Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let used = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url.replace(/^unix:/, ''), {
      enableOfflineQueue: true,
      maxRetriesPerRequest: 0,
    });
    redis.on('error', () => undefined);
    await redis.ping();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  const open = (name = `test ${(used += 1)}`, perMs = HOUR): RateCounts =>
    createSharedCounts(redis, name, perMs, EXACT);

  countsContract(open);

  it('are of all instances, and vanish from Redis with their period', async () => {
    const [one, other] = [open('both'), open('both')];
    await one.add(['a'], [9]);
    expect((await other.add(['a'], [9])).counts).toEqual([2]);
    const left = await redis.pttl('{qaqpa}:rate:both');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(HOUR);
  });

  it('keep so many fields in Redis and no more', async () => {
    const counts = open('many');
    for (let at = 0; at < 10; at += 1) {
      await Promise.all(
        Array.from({ length: 500 }, (_, n) => counts.add([`stranger ${at} ${n}`], [Infinity])),
      );
    }
    // What is known exactly, the shared ones, and the seed.
    expect(await redis.hlen('{qaqpa}:rate:many')).toBeLessThanOrEqual(EXACT + 1024 + 1);
  });

  it('are counted by each instance alone while Redis refuses or is away', async () => {
    const counts = open('odd');
    await redis.set('{qaqpa}:rate:odd', 'no hash');
    for (const expected of [1, 2]) expect((await counts.add(['a'], [9])).counts).toEqual([expected]);
    await server.stop();
    expect((await counts.add(['a'], [9])).counts).toEqual([3]);
    await server.start();
  });
});

const RATES: Rates = {
  ...loadConfig({}).rates,
  challenge: { points: 2, perMs: HOUR },
  passwordFailures: { points: 20, perMs: HOUR },
  passwordFailuresInAll: { points: 200, perMs: HOUR },
  passwordAccount: { points: 6, perMs: HOUR },
};

const openLimits = (): { limits: Limits; refusals: LimitRefusal[] } => {
  const refusals: LimitRefusal[] = [];
  const limits = createLimits(RATES, {
    countsOf: null,
    widths: { network: 2, provider: 4 },
    onRefused: (refusal) => refusals.push(refusal),
  });
  return { limits, refusals };
};
const refused = { code: 'RATE_LIMITED', headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) } };

describe('the limits', () => {
  it('have a rate in the configuration each', () => {
    expect(Object.keys(loadConfig({}).rates).sort()).toEqual([...LIMIT_NAMES].sort());
  });

  it('of an address are met by it alone, and use up no more of its network than it may', async () => {
    const { limits, refusals } = openLimits();
    const uses = Array.from({ length: 20 }, () => limits.consume('challenge', '203.0.113.1'));
    const outcomes = await Promise.allSettled(uses);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await limits.consume('challenge', '203.0.113.2');
    await expect(limits.consume('challenge', '203.0.113.1')).rejects.toMatchObject(refused);
    expect(refusals.at(-1)).toEqual({ limit: 'challenge', level: 'address', network: null });
  });

  it.each([
    ['a /24', (n: number) => `203.0.113.${n}`, 4, 'network', '203.0.113.0/24', '203.0.114.1'],
    ['a /16', (n: number) => `203.0.${n}.1`, 8, 'provider', '203.0.0.0/16', '203.1.0.1'],
    ['a /48', (n: number) => `2001:db8:1:${n}::1`, 4, 'network', '2001:db8:1::/48', '2001:db8:2::1'],
    ['a /32', (n: number) => `2001:db8:${n}::1`, 8, 'provider', '2001:db8::/32', '2001:db9::1'],
  ])(
    'of %s are met by many addresses of it, and by no other',
    async (_of, address, most, level, network, other) => {
      const { limits, refusals } = openLimits();
      let passed = 0;
      for (let n = 0; n < 20; n += 1) {
        await limits.consume('challenge', address(n)).then(
          () => (passed += 1),
          () => undefined,
        );
      }
      expect(passed).toBe(most);
      expect(refusals.at(-1)).toEqual({ limit: 'challenge', level, network });
      await limits.consume('challenge', other);
    },
  );

  it('of one thing are not used up by another', async () => {
    const { limits } = openLimits();
    for (let n = 0; n < 200; n += 1) await limits.count('passwordFailures', '203.0.113.1');
    await expect(limits.requireRoom('passwordFailures', '203.0.113.1')).rejects.toMatchObject(refused);
    await limits.consume('challenge', '203.0.113.1');
    await limits.consume('session', 'session 1');
  });

  it('of a session know no network', async () => {
    const { limits, refusals } = openLimits();
    for (let n = 0; n < 300; n += 1) await limits.consume('session', 'session 1');
    await expect(limits.consume('session', 'session 1')).rejects.toMatchObject(refused);
    expect(refusals).toEqual([{ limit: 'session', level: 'named', network: null }]);
    await limits.consume('session', 'session 2');
  });

  it('let an office of 500 behind one address sign in with the EDS within a minute, some of it twice', async () => {
    const limits = createLimits(loadConfig({}).rates, { countsOf: null, widths: loadConfig({}).rateWidths });
    for (let n = 0; n < 1_000; n += 1) {
      await limits.consume('challenge', '203.0.113.1');
      await limits.consume('login', '203.0.113.1');
    }
  });
});

describe('the worst that limits allow', () => {
  it('stands in docs/operations.md as the configuration has it', () => {
    const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
    const { rates, rateWidths } = loadConfig({});
    const hourly = rates.passwordFailures.points;
    const inAll = rates.passwordFailuresInAll.points;
    expect([rates.passwordFailures.perMs, rates.passwordFailuresInAll.perMs]).toEqual([HOUR, HOUR]);
    // The whole limit of each /16 up to a fifth of all, then a tenth of it.
    const whole = hourly * rateWidths.provider;
    const networks = Math.ceil((inAll * 0.2) / whole) + Math.ceil((inAll * 0.8) / (whole / 10));
    const number = (count: number): string => count.toLocaleString('en');
    const told = [
      ...[1, rateWidths.network, rateWidths.provider].map(
        (width) => `${number(hourly * width)} an hour, ${number(hourly * width * 24)} a day`,
      ),
      `${number(inAll * 24)} a day at the very most`,
      `| ${number(inAll * 0.2)} wrong passwords in an hour`,
      `| ${number(inAll)} in an hour: ${networks} networks /16`,
      `(${number(rates.challenge.points)} challenges a minute)`,
    ];
    expect(told.filter((text) => !docs.replaceAll(/\s+/g, ' ').includes(text))).toEqual([]);
  });
});

describe('the limits of wrong passwords', () => {
  const open = () => {
    const { limits, refusals } = openLimits();
    const passwords = createPasswordLimits(limits, RATES);
    /** How many of so many tries are looked at. */
    const tries = async (count: number, from: (n: number) => string, on: (n: number) => string) => {
      let passed = 0;
      for (let n = 0; n < count; n += 1) {
        try {
          await passwords.requireRoom(from(n), on(n));
        } catch (error) {
          expect(error).toMatchObject(refused);
          continue;
        }
        await passwords.failed(from(n), on(n));
        passed += 1;
      }
      return passed;
    };
    return { passwords, tries, refusals };
  };
  const network = (n: number): string => `${11 + (n >> 8)}.${n & 255}.0.1`;
  const somebody = (n: number): string => `account ${n}`;

  it('are met by an account, wherever it is tried from', async () => {
    const { tries, passwords } = open();
    expect(await tries(50, network, () => 'account')).toBe(6);
    await passwords.requireRoom('10.0.0.1', 'another account');
  });

  it('are met by an address, whoever it tries', async () => {
    const { tries } = open();
    expect(await tries(60, () => '203.0.113.1', somebody)).toBe(20);
  });

  it('are a tenth where wrong ones come from while many fail, and the same elsewhere', async () => {
    const { tries, passwords } = open();
    await passwords.failed('203.0.113.1', 'a clumsy person');
    await passwords.failed('203.0.113.1', 'a clumsy person');
    expect(await tries(40, network, somebody)).toBe(40);
    await expect(passwords.requireRoom('203.0.113.1', 'account')).rejects.toMatchObject(refused);
    await passwords.requireRoom('203.9.113.1', 'account');
    expect(await tries(60, () => '198.51.100.1', somebody)).toBe(2);
  });

  it('are met in all, however many networks there are', async () => {
    const { tries, passwords, refusals } = open();
    expect(await tries(600, network, somebody)).toBe(200);
    await expect(passwords.requireRoom('203.0.113.1', 'account')).rejects.toMatchObject(refused);
    expect(refusals.at(-1)).toEqual({ limit: 'passwordFailuresInAll', level: 'named', network: null });
  });

  it('are not met by right ones', async () => {
    const { passwords } = open();
    for (let n = 0; n < 100; n += 1) await passwords.requireRoom('203.0.113.1', 'account');
  });
});
