import { type Kysely, sql } from 'kysely';
import { StorageError } from './error.js';
import { type Migration } from './migrations.js';
import { type Schema } from './schema.js';

/**
 * Brings the database to the newest version this program knows, all steps in one transaction. Instances that start together
 * take turns: the transaction holds the write lock from its beginning, so the second finds the work done.
 *
 * @throws StorageError `STORAGE_SCHEMA_NEWER` when a newer program has migrated it: writing with old ideas of it would do harm
 */
export async function migrate(
  database: Kysely<Schema>,
  migrations: readonly Migration[],
  now: Date,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`create table if not exists schema_migrations (
      version integer primary key, name text not null, applied_at bigint not null
    )`.execute(transaction);
    const { rows } = await sql<{ version: number | null }>`
      select max(version) as version from schema_migrations`.execute(transaction);
    const current = rows[0]?.version ?? 0;
    const newest = Math.max(...migrations.map(({ version }) => version));
    if (current > newest) {
      throw new StorageError(
        'STORAGE_SCHEMA_NEWER',
        `the database has schema version ${current}, this program knows ${newest}; start the newer program`,
      );
    }
    for (const { version, name, statements } of migrations.filter(
      (migration) => migration.version > current,
    )) {
      for (const statement of statements) await sql.raw(statement).execute(transaction);
      await sql`insert into schema_migrations (version, name, applied_at)
        values (${version}, ${name}, ${now.getTime()})`.execute(transaction);
    }
  });
}
