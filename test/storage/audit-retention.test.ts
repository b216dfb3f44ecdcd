import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Checkpoint, readCheckpoint } from '../../src/audit/checkpoint.js';
import { type AuditRecord } from '../../src/audit/record.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { qaqpa } from '../support/cli-in-process.js';
import { STARTED } from '../support/sample-records.js';
import {
  openTemporaryStorage,
  temporaryEngine,
  type TemporaryStorage,
} from '../support/temporary-storage.js';
import { TEST_MASTER_KEY } from '../support/test-secrets.js';

const BLOCK = 1_024;
const BEGAN = new Date('2026-01-01T00:00:00Z');
const day = (count: number): Date => new Date(BEGAN.getTime() + count * 24 * 60 * 60_000);
const RETENTION = { auditRetentionMs: 100 * 24 * 60 * 60_000 };

/** Two blocks and a little: of the first days, but for one of day 30 that lies among those of day 1. */
const dayOf = (number: number): number => (number === 1_000 ? 30 : number <= BLOCK ? 1 : 40);

const seal = ({ sealing }: OpenServices): Promise<unknown> => sealing.seal('https://login.example.kz', BEGAN);

/** The tests are the life of one log and go through it in order. */
describe('a log that is kept for a hundred days', () => {
  let opened: TemporaryStorage;
  let storage: OpenServices;
  let kept: Checkpoint;

  beforeAll(async () => {
    opened = await openTemporaryStorage(RETENTION);
    ({ storage } = opened);
    await storage.atomically(async ({ audit }) => {
      for (let number = 1; number <= 2 * BLOCK + 50; number += 1) {
        await audit.append({ ...STARTED, at: day(dayOf(number)), organisationId: `o${number % 2}` });
      }
    });
    await seal(storage);
    kept = readCheckpoint((await storage.audit.checkpoint())!)!;
  }, 120_000);
  afterAll(() => opened.remove());

  const drop = (trigger: string, table: string): Promise<unknown> =>
    opened.query(`drop trigger ${trigger}${temporaryEngine() === 'sqlite' ? '' : ` on ${table}`}`);
  const first = async (): Promise<number> => (await storage.audit.list({ limit: 1 }))[0]!.sequence;

  it('is whole as long as nothing is old enough', async () => {
    await storage.purge(day(50));
    expect(await storage.audit.verify()).toMatchObject({ intact: true, begin: { leaves: 0 } });
    expect(await first()).toBe(1);
  });

  it('keeps a block as long as one record in it is young, wherever that lies', async () => {
    await storage.purge(day(129));
    expect(await first()).toBe(1);
  });

  it('keeps everything when what it did cannot be written down', async () => {
    const [sqlite, postgres] = [
      `create trigger full before insert on audit_records begin select raise(abort, 'no room'); end`,
      `create trigger "full" before insert on audit_records for each row execute function audit_refuses('no room')`,
    ];
    await opened.query(temporaryEngine() === 'sqlite' ? sqlite : postgres);
    await expect(storage.purge(day(131))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await drop('"full"', 'audit_records');
    expect(await first()).toBe(1);
    expect(await storage.audit.verify()).toMatchObject({ intact: true, begin: { leaves: 0 } });
  });

  it('loses one block, once, when two instances find it old at the same moment', async () => {
    const beside = await openServices(opened.config);
    await Promise.all([storage.purge(day(131)), beside.purge(day(131))]);
    await beside.close();
    expect(await first()).toBe(BLOCK + 1);
    const deletions = (await storage.audit.latest(5)).filter(({ type }) => type === 'audit.deleted');
    expect(deletions).toMatchObject([
      {
        actor: { kind: 'gateway', id: null },
        at: day(131),
        details: {
          from: 1,
          to: BLOCK,
          leaves: BLOCK,
          oldest: day(1).toISOString(),
          youngest: day(30).toISOString(),
          retentionDays: 100,
        },
      },
    ]);
  });

  it('is verified as before: the leaves of what was deleted are in the tree', async () => {
    await seal(storage);
    expect(await storage.audit.verify({ kept })).toMatchObject({
      intact: true,
      records: BLOCK + 51,
      size: 2 * BLOCK + 51,
      begin: { leaves: BLOCK, sequence: BLOCK },
    });
  });

  it('is read as far as it goes, in both directions and by organisation', async () => {
    const organisationId = 'o1';
    const of = (records: readonly AuditRecord[]): number[] => records.map(({ sequence }) => sequence);
    expect(of(await storage.audit.list({ organisationId, after: 0, limit: 2 }))).toEqual([1_025, 1_027]);
    expect(of(await storage.audit.list({ organisationId, before: 1_029, limit: 9 }))).toEqual([1_027, 1_025]);
    expect(await storage.audit.list({ organisationId, before: 900 })).toEqual([]);
    expect(of(await storage.audit.list({ after: 500, limit: 1 }))).toEqual([1_025]);
  });

  it('is verified at the command line, which says what an anchor in the deleted part is worth', async () => {
    const env = {
      QAQPA_DATABASE_URL: opened.config.databaseUrl,
      QAQPA_MASTER_KEY: Buffer.from(TEST_MASTER_KEY).toString('base64'),
      QAQPA_DATA_DIR: dirname(opened.path),
    };
    const verify = (...args: string[]) => qaqpa(['audit', 'verify', ...args], { env });
    const { code, stdout } = await verify();
    expect([code, stdout.split('\n').slice(0, 2)]).toEqual([
      0,
      [`records 1 to ${BLOCK} were deleted; their ${BLOCK} leaves are in the tree`, 'the log is whole'],
    ]);
    const other = await verify('--anchor', `${BLOCK + 1}:${'f'.repeat(64)}`);
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining('is not the one') });
    const old = await verify('--anchor', `500:${'f'.repeat(64)}`, '--json');
    expect([old.code, JSON.parse(old.stdout)]).toMatchObject([1, { intact: false, fault: 'anchor-deleted' }]);
  });

  it.each([
    `delete from audit_records where sequence = ${BLOCK + 1}`,
    `delete from audit_records`,
    `delete from audit_beginning`,
    `update audit_beginning set leaves = 0`,
    `update audit_beginning set leaves = ${BLOCK + 9}`,
    `update audit_beginning set leaves = (select size from audit_tree), sequence = (select max(sequence) from audit_records)`,
    `insert into audit_records
       select 5, at, type, actor_kind, actor_id, subject_kind, subject_id, organisation_id, reason, request_id, address, details,
         previous_hash, hash, null, null, null, null from audit_records where sequence = ${BLOCK + 1}`,
  ])('refuses %s', async (statement) => {
    await expect(opened.query(statement)).rejects.toMatchObject({
      message: expect.stringContaining('never'),
    });
  });

  it('shows a record that was put back in front of its beginning', async () => {
    await drop('audit_records_gone', 'audit_records');
    await opened.query(
      `insert into audit_records select 5, at, type, actor_kind, actor_id, subject_kind, subject_id, organisation_id, reason,
         request_id, address, details, previous_hash, hash, null, null, null, 4 from audit_records where sequence = ${BLOCK + 1}`,
    );
    expect(await storage.audit.verify()).toMatchObject({ intact: false, sequence: 5, fault: 'record-added' });
    await opened.query(`delete from audit_records where sequence = 5`);
    expect(await storage.audit.verify()).toMatchObject({ intact: true });
  });

  it('keeps the block it is writing, however old that is', async () => {
    await storage.purge(day(4_000));
    await storage.purge(day(8_000));
    expect(await storage.audit.verify({ kept })).toMatchObject({
      intact: true,
      begin: { leaves: 2 * BLOCK },
      records: 52,
      unsealed: 1,
    });
  });

  it('shows a beginning that is not the one that was left', async () => {
    await drop('audit_beginning_moves', 'audit_beginning');
    await opened.query(`update audit_beginning set leaves = leaves + 1`);
    expect(await storage.audit.verify()).toMatchObject({ intact: false, fault: 'record-added' });
    await opened.query(`update audit_beginning set leaves = leaves - 2`);
    expect(await storage.audit.verify()).toMatchObject({ intact: false, fault: 'record-missing' });
  });
});

describe('a log that two instances write while its oldest blocks go', () => {
  it('is whole at every look, and loses no record that is young', async () => {
    const opened = await openTemporaryStorage(RETENTION);
    const beside = await openServices(opened.config);
    await opened.storage.atomically(async ({ audit }) => {
      for (let number = 0; number <= 3 * BLOCK; number += 1) await audit.append({ ...STARTED, at: day(0) });
    });
    await seal(opened.storage);
    const write = async ({ audit }: OpenServices): Promise<void> => {
      for (let count = 0; count < 60; count += 1) await audit.append({ ...STARTED, at: day(200) });
    };
    const look = async ({ audit }: OpenServices): Promise<boolean[]> => {
      const found: boolean[] = [];
      for (let count = 0; count < 5; count += 1) found.push((await audit.verify()).intact);
      return found;
    };
    const both = [opened.storage, beside];
    const [, , ...seen] = await Promise.all([
      ...both.map((storage) => storage.purge(day(200))),
      ...both.map(look),
      ...both.map(async (storage) => (await write(storage), [])),
    ]);
    await opened.storage.purge(day(200));
    expect(new Set(seen.flat())).toEqual(new Set([true]));
    const records = await opened.storage.audit.list({ limit: 1000 });
    const types = records.map(({ type }) => type);
    expect(types.filter((type) => type === 'audit.deleted')).toHaveLength(3);
    expect(types.filter((type) => type === STARTED.type)).toHaveLength(121);
    expect(await opened.storage.audit.verify()).toMatchObject({
      intact: true,
      begin: { leaves: 3 * BLOCK },
      records: 124,
    });
    await beside.close();
    await opened.remove();
  }, 60_000);
});

describe('a log that was not sealed', () => {
  it('loses nothing either, however old it is', async () => {
    const opened = await openTemporaryStorage(RETENTION);
    await opened.storage.atomically(async ({ audit }) => {
      for (let number = 0; number <= BLOCK; number += 1) await audit.append({ ...STARTED, at: day(0) });
    });
    await opened.storage.purge(day(40_000));
    expect((await opened.storage.audit.list({ limit: 1 }))[0]!.sequence).toBe(1);
    await opened.remove();
  }, 60_000);
});

describe('a log that is kept for ever', () => {
  it('loses nothing', async () => {
    const opened = await openTemporaryStorage();
    await opened.storage.atomically(async ({ audit }) => {
      for (let number = 0; number <= BLOCK; number += 1) await audit.append({ ...STARTED, at: day(0) });
    });
    await seal(opened.storage);
    await opened.storage.purge(day(40_000));
    expect((await opened.storage.audit.list({ limit: 1 }))[0]!.sequence).toBe(1);
    await opened.remove();
  }, 60_000);
});
