import { StorageError } from '../error.js';

/** SQLite's primary result codes (sqlite.org/rescode.html) and what `sqlite3_errmsg` says of each that has nothing to add. */
const BUSY = 5;
const PASSING: ReadonlyMap<number, string> = new Map([
  [3, 'access permission denied'],
  [BUSY, 'database is locked'],
  [6, 'database table is locked'],
  [7, 'out of memory'],
  [8, 'attempt to write a readonly database'],
  [9, 'interrupted'],
  [10, 'disk I/O error'],
  [13, 'database or disk is full'],
  [14, 'unable to open database file'],
  [15, 'locking protocol'],
  [23, 'authorization denied'],
]);
const BROKEN: ReadonlyMap<number, string> = new Map([
  [11, 'database disk image is malformed'],
  [26, 'file is not a database'],
]);

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
  const { code, result } = readFailure(error);
  if (result !== null && BROKEN.has(result)) {
    return new StorageError('STORAGE_CORRUPT', 'the database file is damaged or is not a database', {
      cause: error,
    });
  }
  // Used after it was closed.
  if (code === 'ERR_INVALID_STATE' || (result !== null && PASSING.has(result))) {
    return new StorageError('STORAGE_UNAVAILABLE', 'the database cannot be used now', { cause: error });
  }
  return error as Error;
}

export function isBusy(error: unknown): boolean {
  return readFailure(error).result === BUSY;
}

/**
 * What a thrown value says about itself; `result` is SQLite's primary code, null for whatever is not SQLite's own. The package that
 * stands in for Node's own binding (docs/decisions/0018) leaves the number out where a query fails while it is read, so the text
 * has to do there.
 */
function readFailure(error: unknown): { readonly code: string; readonly result: number | null } {
  if (typeof error !== 'object' || error === null) return { code: '', result: null };
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown };
  if (typeof code !== 'string') return { code: '', result: null };
  if (code !== 'ERR_SQLITE_ERROR') return { code, result: null };
  if (typeof errcode === 'number') return { code, result: errcode & 0xff };
  for (const [number, text] of [...PASSING, ...BROKEN]) if (text === message) return { code, result: number };
  return { code, result: null };
}
