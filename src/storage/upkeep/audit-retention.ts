/** Deleting the oldest records of the log: whole blocks of leaves. Their hashes stay in the tree, which is proven as before. */
import { type Kysely } from 'kysely';
import { gatewayAct } from '../../audit/act.js';
import { record } from '../../audit/recorder.js';
import { inTransaction } from '../engines/transaction.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { treeRow } from '../tables/audit-tree.js';
import { type Schema } from '../tables/schema.js';
import { createSqlAudit } from '../tables/sql-audit.js';

/** Records that go at once; a sign-in meanwhile waits for one block. */
const BLOCK = 1_024;

/**
 * Blocks of one call: four a minute are 68 records a second, more than a gateway writes for long, and a clock that is wrong by years
 * takes the log block by block while it can still be noticed.
 */
const BLOCKS_AT_ONCE = 4;

const DAY_MS = 24 * 60 * 60_000;

interface Retention {
  readonly retentionMs: number;
  readonly now: Date;
}

/**
 * Deletes blocks whose every record is sealed and older than the retention. Each deletion is itself a record, in the same unit of work.
 * The newest sealed record always stays.
 *
 * @param ending when it is aborted no further block is begun
 */
export async function deleteOldRecords(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  retention: Retention,
  ending?: AbortSignal,
): Promise<void> {
  for (let block = 0; block < BLOCKS_AT_ONCE && ending?.aborted !== true; block += 1) {
    if (!(await deleteOldestBlock(database, cipher, retention))) return;
  }
}

async function deleteOldestBlock(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { retentionMs, now }: Retention,
): Promise<boolean> {
  const begin = await database
    .selectFrom('audit_beginning')
    .select('leaves')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  const end = (Math.floor(begin.leaves / BLOCK) + 1) * BLOCK;
  const before = now.getTime() - retentionMs;
  const last = await database
    .selectFrom('audit_records')
    .select(['at', 'sequence', 'hash'])
    .where('leaf_index', '=', end - 1)
    .executeTakeFirst();
  const tree = await treeRow(database);
  if (last === undefined || tree === undefined || tree.size <= end || last.at >= before) return false;
  // A clock may have been set back: the youngest record of the block decides.
  const found = await database
    .selectFrom('audit_records')
    .select(({ fn }) => [
      fn.min('at').as('oldest'),
      fn.max('at').as('youngest'),
      fn.min('sequence').as('from'),
      fn.max('sequence').as('to'),
    ])
    .where('leaf_index', '>=', begin.leaves)
    .where('leaf_index', '<', end)
    .executeTakeFirstOrThrow();
  if (found.youngest >= before) return false;
  return inTransaction(database, async (unit) => {
    const moved = await unit
      .updateTable('audit_beginning')
      .set({ leaves: end, sequence: last.sequence, hash: last.hash })
      .where('id', '=', 1)
      .where('leaves', '=', begin.leaves)
      .executeTakeFirstOrThrow();
    // Another instance was quicker.
    if (moved.numUpdatedRows === 0n) return false;
    await unit.deleteFrom('audit_records').where('leaf_index', '<', end).execute();
    await record(createSqlAudit(unit, cipher), gatewayAct(now), 'audit.deleted', {
      details: {
        from: found.from,
        to: found.to,
        leaves: end,
        ...(last.hash === '' ? {} : { hash: last.hash }),
        oldest: new Date(found.oldest).toISOString(),
        youngest: new Date(found.youngest).toISOString(),
        retentionDays: Math.floor(retentionMs / DAY_MS),
      },
    });
    return true;
  });
}
