import { type Kysely, sql } from 'kysely';
import { StorageError } from '../error.js';
import { aloneInTransaction } from '../engines/transaction.js';
import { type Migration } from './migration.js';
import { type Schema } from '../tables/schema.js';

/**
 * Applies the migrations this database has not seen, all in one transaction. Instances that start together take turns: the
 * transaction is alone from its beginning, so the second finds the work done.
 *
 * @param database on SQLite one that does not enforce foreign keys: dropping a table to rebuild it would delete what refers to it
 * @throws StorageError `STORAGE_SCHEMA_NEWER` when a newer program has migrated it: writing with old ideas of it would do harm;
 *   `STORAGE_CORRUPT` when its rows do not fit together afterwards (nothing is kept then)
 */
export async function migrate(
  database: Kysely<Schema>,
  engine: 'sqlite' | 'postgres',
  migrations: readonly Migration[],
  now: Date,
): Promise<void> {
  await aloneInTransaction(database, async (transaction) => {
    const due = await missing(transaction, migrations);
    for (const { version, name, statements } of due) {
      for (const statement of statements) {
        const own = typeof statement === 'string' ? [statement] : statement[engine];
        for (const text of own) await sql.raw(text).execute(transaction);
      }
      await sql`insert into schema_migrations (version, name, applied_at)
        values (${version}, ${name}, ${now.getTime()})`.execute(transaction);
    }
    if (engine === 'sqlite' && due.length > 0) await checkForeignKeys(transaction);
  });
}

async function missing(
  transaction: Kysely<Schema>,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  await sql`create table if not exists schema_migrations (
    version integer primary key, name text not null, applied_at bigint not null
  )`.execute(transaction);
  const { rows } = await sql<{ version: number }>`select version from schema_migrations`.execute(transaction);
  const known = new Set(migrations.map(({ version }) => version));
  const applied = new Set(rows.map(({ version }) => version));
  const foreign = rows.map(({ version }) => version).filter((version) => !known.has(version));
  if (foreign.length > 0) {
    throw new StorageError(
      'STORAGE_SCHEMA_NEWER',
      `the database has schema version ${Math.max(...foreign)}, which this program does not know; start the newer program`,
    );
  }
  return migrations.filter(({ version }) => !applied.has(version)).sort((a, b) => a.version - b.version);
}

async function checkForeignKeys(transaction: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(
    transaction,
  );
  const [first] = rows;
  if (first === undefined) return;
  throw new StorageError(
    'STORAGE_CORRUPT',
    `${rows.length} rows refer to nothing, the first in ${first.table} to ${first.parent}`,
  );
}
