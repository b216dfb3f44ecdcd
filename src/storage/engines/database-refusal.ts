import { StorageError } from '../error.js';

/** Whether the database itself said no to a statement: SQLite by its code, PostgreSQL by a severity and an SQLSTATE. */
function isDatabaseRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return code === 'ERR_SQLITE_ERROR' || (typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(String(code)));
}

/**
 * Runs what must be taken whole: a refusal of the database is an outage of the store that was to take it. For records made of nothing but
 * bounded values of ours, where no input can be at fault.
 *
 * @throws StorageError `STORAGE_UNAVAILABLE`
 */
export async function takenBy<T>(store: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isDatabaseRefusal(cause)) throw cause;
    throw new StorageError('STORAGE_UNAVAILABLE', `${store} does not take a record`, { cause });
  }
}
