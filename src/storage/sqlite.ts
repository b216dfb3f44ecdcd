import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase, { type Database, type Statement } from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { StorageError } from './error.js';

/** How long a writer waits for another process (the command line) to finish its transaction, and how often it looks. */
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_PAUSE_MS = 8;
/** The program has a few dozen distinct statements; the bound is only against a mistake. */
const STATEMENT_CACHE_SIZE = 256;

/** Marks code that runs inside a transaction of ours, where asking for the connection again would wait for itself for ever. */
const insideTransaction = new AsyncLocalStorage<true>();

/**
 * The embedded database for kysely. Kysely's own SQLite driver would do but for four things this one changes: transactions
 * begin IMMEDIATE (another process may write between our read and our write), statements are prepared once, those who wait are
 * served in turn, and failures of the disk come out as `StorageError`.
 *
 * @throws StorageError when the file cannot be opened or is not a database
 */
export function createSqliteDialect(path: string): Dialect {
  const database = open(path);
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Runs the body of a transaction so that a second request for the connection fails at once instead of waiting for ever. */
export function guardTransaction<T>(work: () => Promise<T>): Promise<T> {
  return insideTransaction.run(true, work);
}

function open(path: string): Database {
  return translated(() => {
    // Made first with our own mode: SQLite gives its log and index files the mode of the database.
    if (path !== ':memory:' && existsSync(dirname(path))) closeSync(openSync(path, 'a', 0o600));
    const database = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
    database.pragma('journal_mode = WAL');
    // FULL: an acknowledged commit survives a power cut; NORMAL may lose the last ones under WAL.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    // From here on we wait ourselves: SQLite's own waiting would stop every request of the process.
    database.pragma('busy_timeout = 0');
    return database;
  });
}

function createDriver(database: Database): Driver {
  const queue: (() => void)[] = [];
  let held = false;
  const connection = createConnection(database);
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      if (insideTransaction.getStore() === true) {
        throw new Error('inside a unit of work only the stores it was given may be used');
      }
      if (held) await new Promise<void>((resolve) => queue.push(resolve));
      held = true;
      return connection;
    },
    releaseConnection() {
      const next = queue.shift();
      // `held` stays true when somebody waits: the connection passes from hand to hand.
      if (next === undefined) held = false;
      else next();
      return Promise.resolve();
    },
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    async rollbackTransaction() {
      // SQLite rolls back by itself on some failures (disk full); a second rollback would hide the first error.
      if (database.inTransaction) await run('rollback');
    },
    destroy() {
      database.close();
      return Promise.resolve();
    },
  };
}

function createConnection(database: Database): DatabaseConnection {
  const statements = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= STATEMENT_CACHE_SIZE) statements.clear();
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const execute = (query: CompiledQuery): QueryResult<unknown> => {
    const statement = prepare(query.sql);
    if (statement.reader) return { rows: statement.all(query.parameters) };
    return { rows: [], numAffectedRows: BigInt(statement.run(query.parameters).changes) };
  };
  return {
    async executeQuery<R>(query: CompiledQuery) {
      const deadline = performance.now() + BUSY_TIMEOUT_MS;
      for (;;) {
        try {
          return execute(query) as QueryResult<R>;
        } catch (error) {
          // Only the first statement of a transaction can find the file locked: the lock is held from there on.
          if (!isBusy(error) || database.inTransaction || performance.now() > deadline)
            throw translate(error);
        }
        await pause(1 + Math.random() * BUSY_PAUSE_MS);
      }
    },
    streamQuery() {
      throw new Error('not supported: read in pages, a cursor would hold the only connection');
    },
  };
}

/** SQLite's result codes (sqlite.org/rescode.html) that mean "not now", by their first word. */
const PASSING = /^SQLITE_(BUSY|LOCKED|IOERR|FULL|READONLY|CANTOPEN|NOMEM|PROTOCOL|INTERRUPT|PERM|AUTH)/;
const BROKEN = /^SQLITE_(CORRUPT|NOTADB)/;

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(error);
  }
}

function translate(error: unknown): unknown {
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
  return error;
}

function isBusy(error: unknown): boolean {
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
