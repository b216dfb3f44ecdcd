/** The proof that no other process works on a database. */
import { type Kysely, sql } from 'kysely';
import { type DatabaseAddress } from './database-url.js';
import { StorageError } from '../error.js';
import { GATEWAY_CONNECTIONS } from './postgres.js';
import { type Schema } from '../tables/schema.js';
import { letGoOfLeft, openSqlite } from './sqlite-connection.js';
import { isBusy, translateSqliteFailure } from './sqlite-failure.js';

/**
 * Proves it for this moment: processes that must not come afterwards have to be kept away by other means.
 *
 * @param connect opens the database under another name than `GATEWAY_CONNECTIONS`; on the embedded one it is not called
 * @throws StorageError `STORAGE_UNAVAILABLE` when another process has the database open
 */
export async function assertSoleUse(
  address: DatabaseAddress,
  connect: <T>(work: (database: Kysely<Schema>) => Promise<T>) => Promise<T>,
): Promise<void> {
  if (address.engine === 'sqlite') return assertFileIsFree(address.path);
  const others = await connect(otherConnections);
  if (others > 0) throw inUse(`${others} connections of gateways or commands are open`);
}

async function assertFileIsFree(path: string): Promise<void> {
  await letGoOfLeft();
  const database = openSqlite(path, { mode: 'write' });
  try {
    // Refused while any other connection is open, in this process or another. The next to open it brings the log back.
    database.pragma('journal_mode = delete');
  } catch (error) {
    if (isBusy(error)) throw inUse('the file is open', error);
    throw translateSqliteFailure(error);
  } finally {
    await database.close();
  }
}

async function otherConnections(database: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ others: number }>`
    select count(*) as others from pg_stat_activity
    where datname = current_database() and application_name = ${GATEWAY_CONNECTIONS}`.execute(database);
  return rows[0]?.others ?? 0;
}

function inUse(how: string, cause?: unknown): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `the database is in use (${how}); stop every gateway first`,
    {
      cause,
    },
  );
}
