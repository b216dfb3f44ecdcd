import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type CompiledQuery,
  type Dialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { StorageError } from '../error.js';
import { openSqlite, type SqliteConnection, type SqliteStatement } from './sqlite-connection.js';
import { isBusy, translateSqliteFailure, translatingSqlite } from './sqlite-failure.js';
import { createUnitDriver } from './unit-driver.js';
import { createUnitQueue, type UnitQueue, type Writer } from './unit-queue.js';
import { openWriteAheadLog, type WriteAheadLog } from './write-ahead-log.js';

/** How long a writer waits for another process (the command line) to finish its transaction, and how often it looks. */
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_PAUSE_MS = 8;

export interface SqliteOptions {
  /** Enforced unless said otherwise; only migrating needs them off. */
  readonly foreignKeys?: boolean;
}

/**
 * The embedded database for kysely. Kysely's own SQLite driver would do but for four things this one changes: units begin
 * IMMEDIATE (another process may write between our read and our write) and share disk syncs that nothing else waits for, reading
 * has a connection of its own that sees only what is committed, statements are prepared once, and failures of the disk come out as
 * `StorageError`.
 *
 * @throws StorageError when the file cannot be opened or is not a database
 */
export function createSqliteDialect(path: string, { foreignKeys = true }: SqliteOptions = {}): Dialect {
  const log = openWriteAheadLog(path);
  const writer = openWriter(path, foreignKeys, log);
  const reader = openReader(path, log);
  const units = createUnitQueue(() => Promise.resolve(writer));
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () =>
      createUnitDriver({
        units,
        alone: (query) => (writes(query) ? inUnitOfItsOwn(units, query) : reader.read(query)),
        close() {
          reader.end();
          writer.end();
          log.close();
          return Promise.resolve();
        },
      }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function open(path: string, prepare: (database: SqliteConnection) => void): SqliteConnection {
  return translatingSqlite(() => {
    // Made first with our own mode: SQLite gives its log and index files the mode of the database. Only where there is none:
    // closing any descriptor of a file drops the POSIX locks the whole process has on it, SQLite's among them.
    if (!existsSync(path) && existsSync(dirname(path))) closeSync(openSync(path, 'a', 0o600));
    const database = openSqlite(path, { timeoutMs: BUSY_TIMEOUT_MS });
    prepare(database);
    database.pragma('trusted_schema = OFF');
    // From here on we wait ourselves: SQLite's own waiting would stop every request of the process.
    database.pragma('busy_timeout = 0');
    return database;
  });
}

interface SqliteWriter extends Writer {
  end(): void;
}

function openWriter(path: string, foreignKeys: boolean, log: WriteAheadLog): SqliteWriter {
  const database = open(path, (opened) => {
    // SQLite stays with another journal, without a word, where the log's index cannot be shared memory.
    if (opened.pragma('journal_mode = WAL') !== 'wal') {
      throw new StorageError(
        'STORAGE_UNAVAILABLE',
        'the database must lie on a local disk, not on a network share',
      );
    }
    // The log is flushed by ourselves after each commit: FULL would let everything else of the process wait for the disk (decision 0012).
    opened.pragma('synchronous = NORMAL');
    opened.pragma(`foreign_keys = ${foreignKeys ? 'ON' : 'OFF'}`);
  });
  const run = (...statements: readonly string[]): void => {
    for (const sql of statements) database.prepare(sql).run();
  };
  return {
    execute: (query) => attempt(() => execute(database.prepare(query.sql), query)),
    async begin() {
      await whenFree(() => {
        log.assertKept();
        run('begin immediate');
      });
      await attempt(() => {
        run('savepoint unit');
      });
    },
    undo: () =>
      attempt(() => {
        // SQLite takes the whole transaction back by itself on some failures (disk full).
        if (!database.inTransaction)
          throw new StorageError('STORAGE_UNAVAILABLE', 'the database gave the transaction up');
        run('rollback to unit');
      }),
    next: () =>
      attempt(() => {
        run('release unit', 'savepoint unit');
      }),
    async commit() {
      await attempt(() => {
        run('release unit', 'commit');
      });
      await log.flush();
    },
    close: () =>
      attempt(() => {
        if (database.inTransaction) run('rollback');
      }),
    end: () => {
      database.leave();
    },
  };
}

interface SqliteReader {
  read(query: CompiledQuery): Promise<QueryResult<unknown>>;
  end(): void;
}

/** Reading has a connection of its own: under WAL it sees what is committed and nothing else, and waits for no writer. */
function openReader(path: string, log: WriteAheadLog): SqliteReader {
  const database = open(path, (opened) => {
    opened.pragma('query_only = ON');
  });
  return {
    read: (query) =>
      whenFree(() => {
        log.assertKept();
        return execute(database.prepare(query.sql), query);
      }),
    end: () => {
      database.leave();
    },
  };
}

/** Whether a statement belongs to the writer. One that is taken for a query and writes is refused by the reader's `query_only`. */
function writes({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'RawNode' ? !/^\s*select\b/i.test(sql) : query.kind !== 'SelectQueryNode';
}

async function inUnitOfItsOwn(units: UnitQueue, query: CompiledQuery): Promise<QueryResult<unknown>> {
  const unit = await units.enter();
  try {
    const result = await unit.execute(query);
    await unit.keep();
    return result;
  } catch (error) {
    await unit.undo();
    throw error;
  }
}

function execute(statement: SqliteStatement, { parameters }: CompiledQuery): QueryResult<unknown> {
  if (statement.givesRows) return { rows: statement.all(parameters) };
  return { rows: [], numAffectedRows: BigInt(statement.run(parameters)) };
}

function attempt<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(translateSqliteFailure(error));
  }
}

/** Tries until no other process holds the lock. Inside a transaction it is never needed: the lock is held from its first statement. */
async function whenFree<T>(work: () => T): Promise<T> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw translateSqliteFailure(error);
    }
    await pause(1 + Math.random() * BUSY_PAUSE_MS);
  }
}
