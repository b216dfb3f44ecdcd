import { StorageError } from './error.js';

/** SQLite's result codes (sqlite.org/rescode.html) that mean "not now", by their first word. */
const PASSING = /^SQLITE_(BUSY|LOCKED|IOERR|FULL|READONLY|CANTOPEN|NOMEM|PROTOCOL|INTERRUPT|PERM|AUTH)/;
const BROKEN = /^SQLITE_(CORRUPT|NOTADB)/;

/** Runs `work` and lets its failures out as `StorageError`. */
export function translatingSqlite<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateSqliteFailure(error);
  }
}

/** What a failure of SQLite means to us; whatever is not about the state of the store stays as it is. */
export function translateSqliteFailure(error: unknown): Error {
  const { name, code, message } = readFailure(error);
  if (BROKEN.test(code)) {
    return new StorageError('STORAGE_CORRUPT', 'the database file is damaged or is not a database', {
      cause: error,
    });
  }
  const closed = name === 'TypeError' && /connection is not open|directory does not exist/.test(message);
  if (PASSING.test(code) || closed) {
    return new StorageError('STORAGE_UNAVAILABLE', 'the database cannot be used now', { cause: error });
  }
  return error as Error;
}

export function isBusy(error: unknown): boolean {
  return readFailure(error).code.startsWith('SQLITE_BUSY');
}

/**
 * What a thrown value says about itself. The native module throws the error class of the realm that loaded it first, so a
 * failure is known by its fields and not by its class. `code` is empty for whatever is not SQLite's own.
 */
function readFailure(error: unknown): {
  readonly name: string;
  readonly code: string;
  readonly message: string;
} {
  if (typeof error !== 'object' || error === null) return { name: '', code: '', message: '' };
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { name: text(name), code: name === 'SqliteError' ? text(code) : '', message: text(message) };
}
