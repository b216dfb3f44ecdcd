/** Up to which number the log is settled: no record with a smaller one can still appear. */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { type Schema } from './schema.js';

/** Marks the advisory locks of transactions that have taken numbers (migration 20). */
const NUMBERING = 29_025;

/**
 * Who collects the log by number must not pass over a record whose transaction commits after that of a larger one. On PostgreSQL each
 * transaction holds, from before its first number until it ends, a lock whose key is a number below it; so what is below all of them is
 * settled. The numbers given out are read before the locks: who is not among them yet takes a larger one. Nobody waits for these locks.
 *
 * @returns null where numbers are committed in their order, as SQLite's one writer does
 */
export async function settledNumber(database: Kysely<Schema>): Promise<number | null> {
  if (!(database.getExecutor().adapter instanceof PostgresAdapter)) return null;
  const given = await sql<{ last: number }>`select last_value as last from audit_record_ids`.execute(
    database,
  );
  const held = await sql<{ below: number | null }>`
    select min(((classid::bigint & 65535) << 32) | objid::bigint) as below from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = ${sql.lit(NUMBERING)}
      and database = (select oid from pg_database where datname = current_database())
      and pid <> pg_backend_pid()`.execute(database);
  const last = given.rows[0]?.last ?? 0;
  return Math.min(last, held.rows[0]?.below ?? last);
}
