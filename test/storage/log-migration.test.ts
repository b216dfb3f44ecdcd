import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kysely } from 'kysely';
import { readCheckpoint } from '../../src/audit/checkpoint.js';
import { provedBy } from '../../src/audit/proof.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { parseDatabaseUrl } from '../../src/storage/engines/database-url.js';
import { createPostgresDialect, DEFAULT_POSTGRES_OPTIONS } from '../../src/storage/engines/postgres.js';
import { createSqliteDialect } from '../../src/storage/engines/sqlite.js';
import { MIGRATIONS } from '../../src/storage/migrations/index.js';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { type Schema } from '../../src/storage/tables/schema.js';
import { oldChain, type OldRecord } from '../support/old-chain.js';
import { NOW, STARTED } from '../support/sample-records.js';
import {
  openTemporaryStorage,
  temporaryEngine,
  type TemporaryStorage,
} from '../support/temporary-storage.js';

const ORIGIN = 'https://login.example.kz';
const LENGTH = 700;

let opened: TemporaryStorage;
let chain: readonly OldRecord[];
let url: string;
beforeEach(async () => {
  opened = await openTemporaryStorage();
  url = await opened.emptyDatabase();
  chain = oldChain(LENGTH, { ...STARTED, address: '203.0.113.66' });
});
afterEach(() => opened.remove());

/** A database as the version before left it, with its log. */
async function before(...more: string[]): Promise<void> {
  const address = parseDatabaseUrl(url);
  const dialect =
    address.engine === 'sqlite'
      ? createSqliteDialect(address.path, { foreignKeys: false })
      : createPostgresDialect(address.url, { ...DEFAULT_POSTGRES_OPTIONS, connections: 1 });
  const database = new Kysely<Schema>({ dialect });
  await migrate(
    database,
    address.engine,
    MIGRATIONS.filter(({ version }) => version < 20),
    NOW,
  );
  await database.destroy();
  const rows = chain.map(
    ({ sequence, at, type, actor, address: from, details, chain: link }) =>
      `(${sequence}, ${at.getTime()}, '${type}', '${actor.kind}', '${from!}', '${JSON.stringify(details)}', '${link.previousHash}', '${link.hash}')`,
  );
  await query(`insert into audit_records (sequence, at, type, actor_kind, address, details, previous_hash, hash)
    values ${rows.join(', ')}`);
  await query(`update audit_head set sequence = ${LENGTH}, hash = '${chain.at(-1)!.chain.hash}'`);
  for (const statement of more) await query(statement);
}

/** Behind the program's back, in the migrated database. */
async function query(statement: string): Promise<void> {
  const address = parseDatabaseUrl(url);
  const dialect =
    address.engine === 'sqlite'
      ? createSqliteDialect(address.path)
      : createPostgresDialect(address.url, { ...DEFAULT_POSTGRES_OPTIONS, connections: 1 });
  const database = new Kysely<Schema>({ dialect });
  const { sql } = await import('kysely');
  await sql.raw(statement).execute(database);
  await database.destroy();
}

const drop = (trigger: string, table: string): Promise<void> =>
  query(`drop trigger ${trigger}${temporaryEngine() === 'sqlite' ? '' : ` on ${table}`}`);

async function migrated<T>(work: (storage: OpenServices) => Promise<T>): Promise<T> {
  const storage = await openServices({ ...opened.config, databaseUrl: url });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

describe('a log from before the tree', () => {
  it('becomes its first leaves, in order, and is verified as the chain it was', async () => {
    await before();
    await migrated(async ({ audit, sealing }) => {
      expect(await audit.verify()).toMatchObject({
        intact: true,
        records: LENGTH,
        unsealed: LENGTH,
        size: 0,
      });
      await audit.append({ ...STARTED, address: '203.0.113.67' });
      expect((await audit.latest(1))[0]).toMatchObject({ sequence: LENGTH + 1, address: '203.0.113.67' });
      expect(await sealing.seal(ORIGIN, NOW)).toBe(LENGTH + 1);
      expect(await audit.verify()).toMatchObject({
        intact: true,
        records: LENGTH + 1,
        unsealed: 0,
        size: LENGTH + 1,
        chainEnd: { sequence: LENGTH, hash: chain.at(-1)!.chain.hash },
      });
      const records = await audit.list({ limit: 1000 });
      expect(records.map(({ leaf }) => leaf)).toEqual(records.map((_, index) => index));
      expect(records[5]).toMatchObject({ chain: chain[5]!.chain, address: '203.0.113.66' });
      const proof = (await audit.prove(6))!;
      expect(provedBy(proof, await audit.keys())).not.toBeNull();
      expect(JSON.parse(proof.leaf.toString())).toEqual({ chained: chain[5]!.chain.hash, id: 6 });
    });
  }, 60_000);

  it('goes on being shortened, and is proven from where it begins', async () => {
    await before(
      `update audit_beginning set sequence = 100, hash = '${oldChain(100, { ...STARTED, address: '203.0.113.66' }).at(-1)!.chain.hash}'`,
      `delete from audit_records where sequence <= 100`,
    );
    await migrated(async ({ audit, sealing }) => {
      await sealing.seal(ORIGIN, NOW);
      expect(await audit.verify()).toMatchObject({
        intact: true,
        records: LENGTH - 100,
        size: LENGTH - 100,
        begin: { leaves: 0, sequence: 100 },
      });
      expect((await audit.find(101))!.leaf).toBe(0);
    });
  }, 60_000);

  it.each([
    ['a changed address', `update audit_records set address = 'x' where sequence = 3`, 'record-altered', 3],
    ['a record taken out', `delete from audit_records where sequence = 3`, 'record-missing', 4],
    ['an end cut off', `delete from audit_records where sequence > 690`, 'end-missing', 691],
    ['an end that is not the one that was', `update audit_chain set hash = 'x'`, 'link-broken', LENGTH + 1],
  ])(
    'shows %s, sealed or not',
    async (_what, statement, fault, sequence) => {
      await before();
      await migrated(() => Promise.resolve());
      await drop('audit_records_keep', 'audit_records');
      await drop('audit_records_stay', 'audit_records');
      await drop('audit_chain_keeps', 'audit_chain');
      await query(statement);
      await migrated(async ({ audit, sealing }) => {
        expect(await audit.verify()).toMatchObject({ intact: false, fault, sequence });
        await sealing.seal(ORIGIN, NOW);
        expect(await audit.verify()).toMatchObject({ intact: false, fault, sequence });
      });
    },
    60_000,
  );

  it('is taken up where its sealing was broken off, by whichever instance', async () => {
    await before();
    await migrated(async ({ sealing, audit }) => {
      const ending = new AbortController();
      const once = sealing.seal(ORIGIN, NOW, ending.signal);
      ending.abort();
      const first = await once;
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThan(LENGTH);
      const kept = readCheckpoint((await audit.checkpoint())!)!;
      expect(await audit.verify()).toMatchObject({ intact: true, size: first, unsealed: LENGTH - first });
      expect(await sealing.seal(ORIGIN, NOW)).toBe(LENGTH - first);
      expect(await audit.verify({ kept })).toMatchObject({ intact: true, size: LENGTH });
    });
  }, 60_000);
});
