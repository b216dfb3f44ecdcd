/** What balancers and operators are told of a gateway's state. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { describeDiskSpace, diskSpaceOf } from '../../src/storage/upkeep/disk-space.js';
import { openServices } from '../../src/services.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { openTemporaryStorage } from '../support/temporary-storage.js';

interface Health {
  readonly status: string;
  readonly checks?: Readonly<Record<string, string>>;
}

const readyz = async (world: LabGateway): Promise<[number, Health]> => {
  const answer = await fetch(`http://127.0.0.1:${world.gateway.port}/readyz`);
  return [answer.status, (await answer.json()) as Health];
};

describe('a gateway that serves', () => {
  let world: LabGateway;
  let member: Member;
  beforeAll(async () => {
    world = await startLabGateway();
    member = await world.admit('СЕРГЕК');
  }, 60_000);
  afterAll(() => world.close());

  it('says of each part that it is well', async () => {
    const [status, { checks, ...rest }] = await readyz(world);
    expect([status, rest]).toEqual([200, { status: 'ok' }]);
    expect(checks).toEqual({
      database: 'ok',
      disk: 'ok',
      trust: 'ok',
      verdicts: 'ok',
      revocation: 'ok',
      proxies: 'ok',
    });
  });

  it('is degraded, and no worse, while the responder is away', async () => {
    world.ocsp.behave('try-later');
    await signIn(world, world.visitor(), member.key);
    expect(await readyz(world)).toMatchObject([
      200,
      { status: 'degraded', checks: { revocation: 'degraded' } },
    ]);
  });
});

describe('a gateway whose database only reads', () => {
  it('is not ready, because nothing could be recorded', async () => {
    const world = await startLabGateway();
    const database = openSqlite(join(world.env['QAQPA_DATA_DIR']!, 'qaqpa.db'), { timeoutMs: 5_000 });
    for (const change of ['insert', 'update']) {
      database.exec(
        `create trigger full_${change} before ${change} on health_probe begin select raise(abort, 'the disk is full'); end`,
      );
    }
    expect(await readyz(world)).toMatchObject([
      503,
      { status: 'unavailable', checks: { database: 'failed' } },
    ]);
    expect((await fetch(`http://127.0.0.1:${world.gateway.port}/livez`)).status).toBe(200);
    await database.close();
    await world.close();
  }, 60_000);
});

describe('a gateway told to stop that waits for its balancers', () => {
  it('says so, and still serves new connections', async () => {
    const world = await startLabGateway({ env: { QAQPA_STOP_DELAY: '3s' } });
    const member = await world.admit('КҮТУ');
    const closing = world.gateway.close();
    expect(await readyz(world)).toEqual([503, { status: 'stopping' }]);
    expect((await fetch(`http://127.0.0.1:${world.gateway.port}/livez`)).status).toBe(200);
    expect((await signIn(world, world.visitor(), member.key)).status).toBe(200);
    await closing;
    await expect(fetch(`http://127.0.0.1:${world.gateway.port}/livez`)).rejects.toThrow();
    await world.close();
  }, 60_000);
});

describe('a store that is asked whether it is well', () => {
  it('writes, and not once for everybody who asks', async () => {
    const opened = await openTemporaryStorage();
    await opened.query('create table writes (n integer)');
    for (const change of ['insert', 'update']) {
      await opened.query(
        `create trigger count_${change} after ${change} on health_probe begin insert into writes values (1); end`,
      );
    }
    const answers = await Promise.all(Array.from({ length: 50 }, () => opened.storage.health()));
    for (const answer of answers) expect(answer).toMatchObject({ database: true, redis: null });
    const writes = (await opened.query('select n from writes')).length;
    expect(writes).toBeGreaterThan(0);
    // One, unless this machine takes seconds for it.
    expect(writes).toBeLessThan(answers.length / 2);
    expect(await opened.query('select at from health_probe')).toHaveLength(1);
    await opened.remove();
  });
});

const folder = mkdtempSync(join(tmpdir(), 'qaqpa-disk-'));
const small = join(folder, 'small');
mkdirSync(small);
const mounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]).status === 0;
afterAll(() => {
  // Lazily: the package that stands in for Node's SQLite lets go of a file late where closing failed.
  if (mounted) execFileSync('umount', ['--lazy', small]);
  rmSync(folder, { recursive: true });
});
(mounted ? describe : describe.skip)('a disk that fills up', () => {
  it('is low before it is full, and named with what is left', async () => {
    const low = await diskSpaceOf(small);
    expect(low).toMatchObject({ state: 'low' });
    expect(describeDiskSpace('/data', low!)).toMatch(/^the disk of \/data has 2\d MB left; make room/);
    writeFileSync(join(small, 'ballast'), Buffer.alloc(12 * 1024 * 1024));
    const full = await diskSpaceOf(small);
    expect(full).toMatchObject({ state: 'full' });
    expect(describeDiskSpace('/data', full!)).toContain('no sign-in is possible');
  });

  it('makes a store say so, and then that nothing is written any more', async () => {
    const opened = await openTemporaryStorage();
    const storage = await openServices({
      ...opened.config,
      databaseUrl: `sqlite:${join(small, 'qaqpa.db')}`,
    });
    expect(await storage.health()).toMatchObject({ database: true, disk: { state: 'full' } });
    writeFileSync(join(small, 'more'), Buffer.alloc(1024 * 1024));
    try {
      for (let index = 0; ; index += 1) writeFileSync(join(small, `more-${index}`), Buffer.alloc(64 * 1024));
    } catch {
      // Full to the last page.
    }
    const failing = async (): Promise<boolean> => !(await storage.health()).database;
    for (let asked = 0; asked < 400 && !(await failing()); asked += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await failing()).toBe(true);
    await storage.close().catch(() => undefined);
    await opened.remove();
  }, 60_000);
});

it('a folder that is not there has no room that could be named', async () => {
  expect(await diskSpaceOf(join(folder, 'none'))).toBeNull();
});
