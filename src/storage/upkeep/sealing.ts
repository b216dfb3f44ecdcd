/**
 * Sealing the log: committed records get their place in the tree, and the new state of the tree is signed. Each batch is one transaction
 * that holds the row of the tree, so that one process in the cluster seals at a time and a batch is sealed wholly or not at all.
 */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { type Act } from '../../audit/act.js';
import { logName, readCheckpoint, signCheckpoint, signedBy } from '../../audit/checkpoint.js';
import { leafOf } from '../../audit/leaf.js';
import { leafHash } from '../../audit/merkle.js';
import { type SealingBacklog } from '../../audit/metrics.js';
import { record } from '../../audit/recorder.js';
import { growTree, readEdge, rootOfEdge, type TreeEdge } from '../../audit/tile.js';
import { type Job } from '../../jobs/job.js';
import { inTransaction } from '../engines/transaction.js';
import { StorageError } from '../error.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { followKey, signingKeys } from '../keys/log-keys.js';
import { auditRecord } from '../tables/audit-row.js';
import { tilesOf, writeTiles } from '../tables/audit-tree.js';
import { type AuditRecordsTable, type Schema } from '../tables/schema.js';
import { createSqlAudit } from '../tables/sql-audit.js';

/** Records of one transaction: some ten milliseconds, for which writers of the embedded database wait. */
const BATCH = 512;
/** Beyond so many they are not counted. */
const COUNTED_MAX = 100_000;

export interface LogSealing {
  /**
   * Seals what is committed, batch by batch, and makes the log's key where there is none. Nothing is done while another process seals.
   *
   * @param origin the address of the installation: the first one names the log for good
   * @param ending when it is aborted no further batch is begun
   * @returns how many records it sealed
   * @throws StorageError `STORAGE_CORRUPT` where the tree is not the one that was signed: nothing is sealed on top of it
   */
  seal(origin: string, now: Date, ending?: AbortSignal): Promise<number>;
  /** What is not sealed yet; at most 100,000 records are counted. */
  backlog(): Promise<SealingBacklog>;
  /**
   * Makes the next key of the log, with which it is signed from now on, for a time beside the one before.
   *
   * @throws StorageError `STORAGE_UNAVAILABLE` where the log has no key yet, or another process seals just now
   */
  rotateKey(act: Act): Promise<void>;
}

/** A record may be altered unnoticed until it is sealed. */
const SEAL_EVERY_MS = 1_000;

/** Seals the log at the start, every second, and once more at the stop. */
export function sealing(log: LogSealing, origin: string, clock: () => Date): Job {
  return {
    name: 'seal',
    pace: { everyMs: SEAL_EVERY_MS, atOnce: true },
    runAtStop: true,
    async run(signal) {
      await log.seal(origin, clock(), signal);
    },
  };
}

export function createSealing(database: Kysely<Schema>, cipher: FieldCipher): LogSealing {
  return {
    async seal(origin, now, ending) {
      let total = 0;
      while (ending?.aborted !== true) {
        const sealed = await inTransaction(database, (unit) => sealBatch(unit, cipher, origin, now));
        total += sealed;
        if (sealed < BATCH) break;
      }
      return total;
    },
    async backlog() {
      const { rows } = await sql<{ records: number; oldest: number | null; sealed_at: number | null }>`
        select count(*) as records, min(at) as oldest, (select sealed_at from audit_tree where id = 1) as sealed_at
        from (select at from audit_records where leaf_index is null limit ${sql.lit(COUNTED_MAX)}) as unsealed`.execute(
        database,
      );
      const { records = 0, oldest = null, sealed_at = null } = rows[0] ?? {};
      return { records, oldest: dated(oldest), sealedAt: dated(sealed_at) };
    },
    rotateKey: (act) =>
      inTransaction(database, async (unit) => {
        const tree = await holdTree(unit);
        if (tree?.origin == null) {
          const why =
            tree === null ? 'is being sealed; call it again' : 'has no key yet; start a gateway first';
          throw new StorageError('STORAGE_UNAVAILABLE', `the audit log ${why}`);
        }
        const { name, edge } = await provenEdge(unit, cipher, tree, act.at);
        const made = await followKey(unit, cipher, name, act.at);
        await state(unit, cipher, { name, edge, at: act.at });
        const details = { publicKey: made.publicKey.toString('base64') };
        await record(createSqlAudit(unit, cipher), act, 'audit.key-rotated', { details });
      }),
  };
}

type TreeRow = Schema['audit_tree'];

/** Takes the row of the tree for the rest of the transaction; null while another process has it. */
async function holdTree(unit: Kysely<Schema>): Promise<TreeRow | null> {
  let query = unit.selectFrom('audit_tree').selectAll().where('id', '=', 1);
  // SQLite's unit is the only writer there is.
  if (unit.getExecutor().adapter instanceof PostgresAdapter) query = query.forUpdate().skipLocked();
  return (await query.executeTakeFirst()) ?? null;
}

/** @returns how many records were sealed */
async function sealBatch(
  unit: Kysely<Schema>,
  cipher: FieldCipher,
  origin: string,
  now: Date,
): Promise<number> {
  const tree = await holdTree(unit);
  if (tree === null) return 0;
  const rows = await unit
    .selectFrom('audit_records')
    .selectAll()
    .where('leaf_index', 'is', null)
    .orderBy('sequence')
    .limit(BATCH)
    .execute();
  if (rows.length === 0 && tree.checkpoint !== null) return 0;
  const name = tree.origin ?? logName(origin);
  const { edge } = await provenEdge(unit, cipher, { ...tree, origin: name }, now);
  const grown = growTree(edge, rows.map(leafHashOf));
  await writeTiles(unit, grown.tiles);
  await giveLeaves(unit, rows, edge.size);
  await state(unit, cipher, { name, edge: grown.edge, at: now });
  return rows.length;
}

function leafHashOf(row: AuditRecordsTable): Buffer {
  // Of where it was done the leaf has the digest alone, which is not opened here.
  return leafHash(leafOf(auditRecord(row, { address: null, device: null })));
}

/** The end of the tree, proven to be what was signed last: what somebody changed in between is not signed once more. */
async function provenEdge(
  unit: Kysely<Schema>,
  cipher: FieldCipher,
  { origin, size, checkpoint }: TreeRow,
  now: Date,
): Promise<{ readonly name: string; readonly edge: TreeEdge }> {
  const name = origin ?? '';
  const keys = await signingKeys(unit, cipher, name, now);
  const edge = await readEdge(size, tilesOf(unit)).catch((cause: unknown) => {
    throw notSigned(cause);
  });
  if (checkpoint === null && size === 0) return { name, edge };
  const head = checkpoint === null ? null : readCheckpoint(checkpoint);
  const right = head?.size === size && head.root.equals(rootOfEdge(edge)) && signedBy(head, keys) !== null;
  if (!right) throw notSigned();
  return { name, edge };
}

function notSigned(cause?: unknown): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    'the end of the audit log is not what was signed; nothing is sealed any more: run `qaqpa audit verify`',
    { cause },
  );
}

/** Consecutive numbers get consecutive leaves: one statement for each stretch of them. */
async function giveLeaves(
  unit: Kysely<Schema>,
  rows: readonly AuditRecordsTable[],
  size: number,
): Promise<void> {
  let begin = 0;
  while (begin < rows.length) {
    const first = rows[begin]?.sequence ?? 0;
    let end = begin + 1;
    while (rows[end]?.sequence === first + end - begin) end += 1;
    const { numUpdatedRows } = await unit
      .updateTable('audit_records')
      .set((row) => ({ leaf_index: row('sequence', '+', size + begin - first) }))
      .where('sequence', '>=', first)
      .where('sequence', '<=', first + end - begin - 1)
      .where('leaf_index', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== BigInt(end - begin))
      throw new Error('records were sealed by somebody else meanwhile');
    begin = end;
  }
}

/** Signs the state of the tree and keeps it. */
async function state(
  unit: Kysely<Schema>,
  cipher: FieldCipher,
  { name, edge, at }: { readonly name: string; readonly edge: TreeEdge; readonly at: Date },
): Promise<void> {
  const keys = await signingKeys(unit, cipher, name, at);
  const checkpoint = signCheckpoint(name, { size: edge.size, root: rootOfEdge(edge) }, keys);
  await unit
    .updateTable('audit_tree')
    .set({ origin: name, size: edge.size, checkpoint, sealed_at: at.getTime() })
    .where('id', '=', 1)
    .execute();
}

function dated(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
