import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { readCheckpoint } from '../../audit/checkpoint.js';
import { type AuditLog, type AuditQuery } from '../../audit/log.js';
import { leafOf } from '../../audit/leaf.js';
import { inclusionProof } from '../../audit/merkle.js';
import { type AuditRecord, newRecord } from '../../audit/record.js';
import { nodesInTiles } from '../../audit/tile.js';
import { verifyLog } from '../../audit/verify.js';
import { takenBy } from '../engines/database-refusal.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { logKeys } from '../keys/log-keys.js';
import { type AuditStretch, recordsInBlocks } from './audit-blocks.js';
import { levelLook, openOrigins, sealOrigin } from './audit-origin.js';
import { auditRecord, auditRow } from './audit-row.js';
import { settledNumber } from './audit-settled.js';
import { auditSource } from './audit-source.js';
import { tilesOf, treeRow } from './audit-tree.js';
import { prepared } from './prepared.js';
import { type AuditRecordsTable, type Schema } from './schema.js';

const PAGE = 1_000;
const TOUCH_SLOTS = 64;

type NewRow = Omit<AuditRecordsTable, 'sequence' | 'leaf_index'>;

/** One statement, which waits for no other writer and reads no record: PostgreSQL takes a number, SQLite has one writer anyway. */
const insertRecord = prepared((database, row: NewRow) =>
  database.insertInto('audit_records').values({ ...row, sequence: nextNumber(database), leaf_index: null }),
);

function nextNumber(database: Kysely<Schema>) {
  return database.getExecutor().adapter instanceof PostgresAdapter
    ? sql<number>`default`
    : sql<number>`(select coalesce(max(sequence), 0) + 1 from audit_records)`;
}

const touchSlot = prepared((database, { slot, at }: { slot: number; at: number }) =>
  database.updateTable('audit_touches').set({ at }).where('slot', '=', slot),
);

interface Place {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly organisationId?: string | null | undefined;
  readonly alsoOfNone?: AuditQuery['alsoOfNone'];
}

/**
 * The audit log in the database.
 *
 * @param cipher null: to look at a log whose master key is not at hand; no address can be told then, and nothing appended
 */
export function createSqlAudit(database: Kysely<Schema>, cipher: FieldCipher | null): AuditLog {
  /** The number of the last record that may be told, or of the first. */
  const numberAt = async (end: 'asc' | 'desc'): Promise<number> => {
    const row = await database
      .selectFrom('audit_records')
      .select('sequence')
      .orderBy('sequence', end)
      .limit(1)
      .executeTakeFirst();
    return row?.sequence ?? 0;
  };

  const page = async (
    { after = 0, before, organisationId = null, alsoOfNone }: Place,
    atMost: number,
    party: AuditStretch['party'] = null,
  ): Promise<AuditRecordsTable[]> => {
    const limit = Math.min(Math.max(atMost, 1), PAGE);
    const settled = before === undefined ? await settledNumber(database) : null;
    if (organisationId !== null || party !== null) {
      const newest = Math.min(await numberAt('desc'), settled ?? Infinity);
      const oldest = await numberAt('asc');
      const [from, to] =
        before === undefined ? [Math.max(after + 1, oldest), newest] : [Math.min(before - 1, newest), oldest];
      // A place beyond the end has nothing after it, one at the beginning nothing before it.
      if (before === undefined ? from > to : from < to) return [];
      return recordsInBlocks(database, { from, to, limit, organisationId, alsoOfNone, party });
    }
    let query = database.selectFrom('audit_records').selectAll();
    if (before === undefined) query = query.where('sequence', '>', after);
    else if (Number.isFinite(before)) query = query.where('sequence', '<', before);
    if (settled !== null) query = query.where('sequence', '<=', settled);
    return query
      .orderBy('sequence', before === undefined ? 'asc' : 'desc')
      .limit(limit)
      .execute();
  };

  /** One look per identifier and column, each along its own index: a condition with "or" would read an organisation's whole log. */
  const pageAbout = async (query: AuditQuery, limit: number): Promise<AuditRecordsTable[]> => {
    const found = new Map<number, AuditRecordsTable>();
    for (const id of query.about ?? []) {
      for (const column of ['actor_id', 'subject_id'] as const) {
        for (const row of await page(query, limit, { column, id })) found.set(row.sequence, row);
      }
    }
    const direction = query.before === undefined ? 1 : -1;
    return [...found.values()].sort((a, b) => direction * (a.sequence - b.sequence)).slice(0, limit);
  };

  const told = async (rows: readonly AuditRecordsTable[]): Promise<readonly AuditRecord[]> => {
    const origin = await openOrigins(database, cipher, rows);
    return rows.map((row) => auditRecord(row, origin(row)));
  };

  const find = async (sequence: number): Promise<AuditRecord | null> => {
    const rows = await database
      .selectFrom('audit_records')
      .selectAll()
      .where('sequence', '=', sequence)
      .execute();
    return (await told(rows))[0] ?? null;
  };

  return {
    append: (event) =>
      takenBy('the audit log', async () => {
        if (cipher === null) throw new TypeError('a log without its master key is only read');
        const record = newRecord(event);
        const origin = await sealOrigin(database, cipher, record);
        await insertRecord(database, { ...auditRow(record), ...origin });
      }),
    touch: () =>
      takenBy('the audit log', async () => {
        await levelLook(database);
        await touchSlot(database, { slot: Math.floor(Math.random() * TOUCH_SLOTS), at: Date.now() });
      }),
    async list(query) {
      if (query.after !== undefined && query.before !== undefined) {
        throw new RangeError('a list of audit records goes one way: after or before');
      }
      const { limit = 100 } = query;
      return told(await (query.about === undefined ? page(query, limit) : pageAbout(query, limit)));
    },
    latest: async (limit) => told(await page({ before: Infinity }, limit)),
    find,
    checkpoint: async () => (await treeRow(database))?.checkpoint ?? null,
    async prove(sequence) {
      const record = await find(sequence);
      const note = (await treeRow(database))?.checkpoint ?? null;
      const head = note === null ? null : readCheckpoint(note);
      if (record === null || note === null || head === null) return null;
      if (record.leaf === null || record.leaf >= head.size) return null;
      const path = await inclusionProof(nodesInTiles(tilesOf(database)), record.leaf, head.size);
      return { index: record.leaf, leaf: leafOf(record), path, checkpoint: note };
    },
    keys: () => logKeys(database, cipher),
    verify: (what = {}) => verifyLog(auditSource(database, cipher), what),
  };
}
