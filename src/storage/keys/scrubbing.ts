import { type Kysely, sql } from 'kysely';
import { type DatabaseAddress } from '../engines/database-url.js';
import { StorageError } from '../error.js';
import { type Schema } from '../tables/schema.js';
import { openSqlite } from '../engines/sqlite-connection.js';
import { translateSqliteFailure } from '../engines/sqlite-failure.js';

const BUSY_TIMEOUT_MS = 5_000;

/** Where wrapped keys, indexes and what passes stand. */
const TABLES = [
  'subject_keys',
  'people',
  'password_attempts',
  'challenges',
  'rotated_keys',
  'master_keys',
] as const;

/**
 * Writes anew what held keys wrapped by an earlier master key: what a database has deleted or changed stays in its files until then.
 *
 * @param connect opens the database; on the embedded one it is not called
 * @throws StorageError `STORAGE_UNAVAILABLE`, for lack of room for a second copy and while the embedded database is being read
 */
export async function scrub(
  address: DatabaseAddress,
  connect: <T>(work: (database: Kysely<Schema>) => Promise<T>) => Promise<T>,
): Promise<void> {
  if (address.engine === 'postgres') {
    return connect(async (database) => {
      // A role that does not own the tables is told by the server that they are passed over: see docs/operations.md.
      for (const table of TABLES) await sql`vacuum full ${sql.table(table)}`.execute(database);
    });
  }
  const database = openSqlite(address.path, { mode: 'write', timeoutMs: BUSY_TIMEOUT_MS });
  try {
    database.exec('vacuum');
    // It does not fail where a reader holds on to pages of before, but says so.
    if (database.pragma('wal_checkpoint(truncate)') !== 0) {
      throw new StorageError(
        'STORAGE_UNAVAILABLE',
        'the database is being read, so that keys of before stay in its log; stop every gateway and call it again',
      );
    }
  } catch (error) {
    throw translateSqliteFailure(error);
  } finally {
    await database.close();
  }
}
