/** What is an outage and what is a mistake of the program, as visitors and the log are told. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { problemOf } from '../../src/http/kernel/answer.js';
import { noteFailure } from '../../src/http/kernel/failure-log.js';
import { StoreFailure } from '../../src/outage/store-failure.js';
import { createPasswordSignIn } from '../../src/sign-in/password-sign-in.js';
import { openSqlite, type SqliteConnection } from '../../src/storage/engines/sqlite-connection.js';
import { StorageError } from '../../src/storage/error.js';
import { connectRedis } from '../../src/storage/redis/connection.js';
import { createLog } from '../../src/telemetry/log.js';
import { createRepeats, type Repeats } from '../../src/telemetry/repeats.js';
import { knock } from '../support/knock.js';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';
import { describeWithRedis, startRedis } from '../support/redis-server.js';
import { openTemporaryStorage } from '../support/temporary-storage.js';

interface Line {
  readonly msg: string;
  readonly code?: string;
  readonly place?: string;
  readonly times?: number;
  readonly status?: number;
  readonly err?: { readonly stack: string | null };
}

describe('a mistake in a use case', () => {
  const attempt = { iin: parseIin('920101300125')!, password: 'x', organisationId: null };

  it('comes out as what it is, and is answered 500', async () => {
    const { storage, remove } = await openTemporaryStorage();
    const sprays = { isSprayed: () => (undefined as unknown as { known: boolean }).known, failed: () => [] };
    const failure = createPasswordSignIn({ storage, sprays }).complete(attempt, knock(new Date()));
    await expect(failure).rejects.toBeInstanceOf(TypeError);
    expect(problemOf(await failure.catch((error: unknown) => error)).code).toBe('INTERNAL');
    await remove();
  });

  it.each([
    [new StorageError('STORAGE_UNAVAILABLE', 'x'), 'SERVICE_UNAVAILABLE'],
    [new StorageError('STORAGE_CORRUPT', 'x'), 'SERVICE_UNAVAILABLE'],
    [new Error('x'), 'INTERNAL'],
    [new RangeError('x'), 'INTERNAL'],
    ['a text', 'INTERNAL'],
    [undefined, 'INTERNAL'],
  ])('%s is answered %s', (error, code) => {
    expect(problemOf(error).code).toBe(code);
  });
});

describe('a gateway whose program and database do not fit', () => {
  let world: LabGateway;
  let database: SqliteConnection;

  beforeAll(async () => {
    world = await startLabGateway();
    database = openSqlite(join(world.env['QAQPA_DATA_DIR']!, 'qaqpa.db'));
    database.exec('alter table password_attempts rename to renamed');
  }, 60_000);
  afterAll(async () => {
    database.exec('alter table renamed rename to password_attempts');
    await database.close();
    await world.close();
  });

  it('answers 500 and tells the log once, with a number for the rest', async () => {
    const before = world.logged.length;
    for (let tries = 0; tries < 5; tries += 1) {
      const body = { iin: '920101300125', password: 'Qate-qupiya-soz-12' };
      const response = await world.visitor().post('/v1/login/password', body);
      expect([response.status, await response.json()]).toMatchObject([500, { code: 'INTERNAL' }]);
    }
    const lines = world.logged.slice(before).map((line) => JSON.parse(line) as Line);
    const told = lines.filter(({ msg }) => msg === 'a request failed');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      code: 'INTERNAL',
      err: { code: expect.stringMatching(/^ERR_SQLITE_ERROR/) as unknown },
    });
    const answered = lines.filter(({ status }) => status === 500);
    expect(answered).toHaveLength(5);
    expect(new Set(answered.map(({ place }) => place))).toEqual(new Set([told[0]!.place]));
  });
});

describeWithRedis('a script for Redis', () => {
  it('that is wrong is no outage, and a Redis that is away is one', async () => {
    const server = await startRedis();
    const redis = await connectRedis(server.url);
    await redis.run("return redis.call('SET', KEYS[1], ARGV[1])", ['text'], ['x']);
    for (const script of ['return nothing()', 'return (', "return redis.call('HGET', KEYS[1], 'a')"]) {
      await expect(redis.run(script, ['text'], [])).rejects.not.toBeInstanceOf(StoreFailure);
    }
    await server.stop();
    await expect(redis.run('return 1', ['text'], [])).rejects.toBeInstanceOf(StoreFailure);
    await redis.close();
  }, 30_000);
});

describe('the log of failed requests', () => {
  let lines: Line[];
  let repeats: Repeats;
  beforeEach(() => {
    lines = [];
    const to = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
    repeats = createRepeats(createLog({ level: 'info', to }));
  });

  const here = (code: string): Error => Object.assign(new Error('in one place'), { code });
  const fail = (error: unknown): string => noteFailure(repeats, { requestId: 'r', code: 'INTERNAL', error });

  it('has the whole story of the first, and a number for the rest of the minute', () => {
    for (let tries = 0; tries < 300; tries += 1) fail(here('A'));
    expect(lines).toHaveLength(1);
    expect(lines[0]!.err?.stack).toContain('in one place');
    repeats.tell();
    expect(lines[1]).toMatchObject({ msg: 'a request failed, again', times: 299 });
    expect(lines[1]!.place).toBe(lines[0]!.place);
    expect(lines[1]!.err).toBeUndefined();
  });

  it('begins anew after a minute, and says nothing of what did not happen again', () => {
    fail(here('A'));
    repeats.tell();
    expect(lines).toHaveLength(1);
    fail(here('A'));
    expect(lines).toHaveLength(2);
  });

  it('tells places and codes apart, and looks at the first cause', () => {
    const places = [
      fail(here('A')),
      fail(here('B')),
      fail(new Error('elsewhere')),
      fail(new Error('over it', { cause: here('A') })),
    ];
    expect(new Set(places).size).toBe(3);
    expect(places[3]).toBe(places[0]);
    expect(places[0]).toMatch(/^A .*defects\.test\.ts:\d+:\d+$/);
    expect(lines).toHaveLength(3);
  });

  it('takes whatever was thrown, and never more places than it has room for', () => {
    for (const thrown of [undefined, null, 'a text', 7, {}, { stack: 7 }, Object.create(null)]) {
      expect(fail(thrown)).not.toBe('');
    }
    for (let at = 0; at < 500; at += 1) fail(here(`CODE_${at}`));
    expect(lines.length).toBeLessThanOrEqual(101);
    repeats.tell();
    expect(lines.at(-1)!.times).toBeGreaterThan(300);
  });

  it('ends with causes that go round in a circle', () => {
    const [a, b] = [here('A'), here('B')];
    a.cause = b;
    b.cause = a;
    expect(fail(a)).not.toBe('');
  });
});
