import { Kysely, sql } from 'kysely';
import { type DatabaseAddress } from './database-url.js';
import { StorageError } from '../error.js';
import { migrate } from '../migrations/migrate.js';
import { MIGRATIONS } from '../migrations/index.js';
import { createPostgresDialect, type PostgresOptions } from './postgres.js';
import { type Schema } from '../tables/schema.js';
import { createSqliteDialect } from './sqlite.js';

/** Migrating may rewrite whole tables. */
const MIGRATION_TIMEOUT_MS = 30 * 60_000;

/**
 * Opens a database and brings it to the newest schema.
 *
 * @throws StorageError `STORAGE_URL_INVALID`, `STORAGE_UNAVAILABLE`, `STORAGE_CORRUPT`, `STORAGE_SCHEMA_NEWER`
 */
export async function openDatabase(
  address: DatabaseAddress,
  options: PostgresOptions,
): Promise<Kysely<Schema>> {
  const migrating = new Kysely<Schema>({
    dialect:
      address.engine === 'sqlite'
        ? createSqliteDialect(address.path, { foreignKeys: false })
        : createPostgresDialect(address.url, {
            ...options,
            connections: 1,
            statementTimeoutMs: MIGRATION_TIMEOUT_MS,
          }),
  });
  try {
    await migrate(migrating, address.engine, MIGRATIONS, new Date());
  } finally {
    await migrating.destroy();
  }
  return connectDatabase(address, options);
}

/**
 * The same for a database that has been brought to the newest schema already.
 *
 * @throws StorageError `STORAGE_URL_INVALID`, `STORAGE_UNAVAILABLE`, `STORAGE_CORRUPT`
 */
export function connectDatabase(address: DatabaseAddress, options: PostgresOptions): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect:
      address.engine === 'sqlite'
        ? createSqliteDialect(address.path)
        : createPostgresDialect(address.url, options),
  });
}

/**
 * Resolves when the database answers and may be written to.
 *
 * @throws StorageError `STORAGE_UNAVAILABLE`
 */
export async function pingDatabase(
  database: Kysely<Schema>,
  engine: DatabaseAddress['engine'],
): Promise<void> {
  if (engine === 'sqlite') {
    await sql`select 1 from schema_migrations limit 1`.execute(database);
    return;
  }
  const { rows } = await sql<{ transaction_read_only: string }>`show transaction_read_only`.execute(database);
  if (rows[0]?.transaction_read_only !== 'off') {
    throw new StorageError('STORAGE_UNAVAILABLE', 'the database server only reads (a standby?)');
  }
}
