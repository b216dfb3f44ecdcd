/** Deleting the oldest part of the log: whole blocks, of which the number and hash of the last record stay as its new beginning. */
import { type Kysely } from 'kysely';
import { gatewayAct } from '../../audit/act.js';
import { record } from '../../audit/recorder.js';
import { type Schema } from '../tables/schema.js';
import { createSqlAudit } from '../tables/sql-audit.js';
import { inTransaction } from '../engines/transaction.js';

/** Records that go at once; a sign-in meanwhile waits for one block. */
const BLOCK = 1_024;

/**
 * Blocks of one call: four a minute are 68 records a second, more than a gateway writes for long, and a clock that is wrong by years
 * takes the log block by block while it can still be noticed.
 */
const BLOCKS_AT_ONCE = 4;

const DAY_MS = 24 * 60 * 60_000;

/**
 * Deletes blocks whose every record is older than the retention. Each deletion is itself a record, in the same unit of work. The newest
 * record always stays.
 *
 * @param ending when it is aborted no further block is begun
 */
export async function deleteOldRecords(
  database: Kysely<Schema>,
  retentionMs: number,
  now: Date,
  ending?: AbortSignal,
): Promise<void> {
  for (let block = 0; block < BLOCKS_AT_ONCE && ending?.aborted !== true; block += 1) {
    if (!(await deleteOldestBlock(database, retentionMs, now))) return;
  }
}

async function deleteOldestBlock(database: Kysely<Schema>, retentionMs: number, now: Date): Promise<boolean> {
  const begin = await beginningOf(database);
  const end = (Math.floor(begin.sequence / BLOCK) + 1) * BLOCK;
  const last = await database
    .selectFrom('audit_records')
    .select(['at', 'hash'])
    .where('sequence', '=', end)
    .executeTakeFirst();
  const head = await database.selectFrom('audit_head').select('sequence').executeTakeFirst();
  const before = now.getTime() - retentionMs;
  if (last === undefined || head === undefined || head.sequence <= end || last.at >= before) return false;
  // A clock may have been set back: the youngest record of the block decides.
  const times = await database
    .selectFrom('audit_records')
    .select(({ fn }) => [fn.min('at').as('oldest'), fn.max('at').as('youngest')])
    .where('sequence', '>', begin.sequence)
    .where('sequence', '<=', end)
    .executeTakeFirstOrThrow();
  if (times.youngest >= before) return false;
  return inTransaction(database, async (unit) => {
    const moved = await unit
      .updateTable('audit_beginning')
      .set({ sequence: end, hash: last.hash })
      .where('id', '=', 1)
      .where('sequence', '=', begin.sequence)
      .executeTakeFirstOrThrow();
    // Another instance was quicker.
    if (moved.numUpdatedRows === 0n) return false;
    await unit.deleteFrom('audit_records').where('sequence', '<=', end).execute();
    await record(createSqlAudit(unit), gatewayAct(now), 'audit.deleted', {
      details: {
        from: begin.sequence + 1,
        to: end,
        hash: last.hash,
        oldest: new Date(times.oldest).toISOString(),
        youngest: new Date(times.youngest).toISOString(),
        retentionDays: Math.floor(retentionMs / DAY_MS),
      },
    });
    return true;
  });
}

async function beginningOf(database: Kysely<Schema>): Promise<{ readonly sequence: number }> {
  return database
    .selectFrom('audit_beginning')
    .select('sequence')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
}
