import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { collectGarbage } from '../../memory/garbage.js';

/** Node brings SQLite since 22 and calls it ready in 24; before, a package of the same interface does (docs/decisions/0018). */
const NODE_BRINGS_SQLITE_SINCE = 24;
/** The program has a few dozen distinct statements; the bound is only against a mistake. */
const STATEMENT_CACHE_SIZE = 256;

export type SqliteRow = Record<string, unknown>;

/** A prepared statement. A failure is thrown as it comes: see `translateSqliteFailure`. */
export interface SqliteStatement {
  /** True when it gives rows, be they none: a query, or a change with `returning`. */
  readonly givesRows: boolean;
  all(parameters?: readonly unknown[]): SqliteRow[];
  /** @returns the number of rows it changed */
  run(parameters?: readonly unknown[]): number;
}

/** One connection to a file of SQLite. */
export interface SqliteConnection {
  readonly inTransaction: boolean;
  /** The same statement for the same text. Not to be kept beyond `close` and `leave`. */
  prepare(sql: string): SqliteStatement;
  /** Runs any number of statements and gives nothing. */
  exec(sql: string): void;
  /** Sets or asks; the first column of the first row of what it answers, undefined when that is nothing. */
  pragma(text: string): unknown;
  /** Copies the whole database into `target` while others may be writing to it (SQLite's online backup). */
  copyTo(target: string): Promise<void>;
  /** Resolves when the file is let go. The last one to close takes the log into the database and removes it. */
  close(): Promise<void>;
  /** Ends the connection, and lets go of the file at the end of the process at the latest; see `letGoOfLeft`. */
  leave(): void;
}

export interface SqliteConnectionOptions {
  /** `create`, unless said otherwise, makes the file when there is none; the other two fail. */
  readonly mode?: 'create' | 'write' | 'read';
  /** How long a statement stops the whole process while another process writes; not at all unless said otherwise. */
  readonly timeoutMs?: number;
}

/** What is used of the interface that Node and the package share. */
interface Binding {
  readonly DatabaseSync: new (
    location: string | URL,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => Database;
  readonly backup: (database: never, target: string) => Promise<unknown>;
}

interface Database {
  readonly isTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

interface Statement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { readonly changes: number | bigint };
  columns(): readonly unknown[];
}

const own = nodesOwn();
const binding: Binding = own ?? (await import('@photostructure/sqlite'));

/** @throws what the binding throws when the file cannot be opened: see `translateSqliteFailure` */
export function openSqlite(
  path: string,
  { mode = 'create', timeoutMs = 0 }: SqliteConnectionOptions = {},
): SqliteConnection {
  const database = new binding.DatabaseSync(mode === 'write' ? existing(path) : path, {
    readOnly: mode === 'read',
    timeout: timeoutMs,
  });
  const statements = new Map<string, SqliteStatement>();
  return {
    get inTransaction() {
      return database.isTransaction;
    },
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      if (statements.size >= STATEMENT_CACHE_SIZE) statements.clear();
      const statement = wrap(database.prepare(sql));
      statements.set(sql, statement);
      return statement;
    },
    exec(sql) {
      database.exec(sql);
    },
    pragma(text) {
      const [row] = database.prepare(`pragma ${text}`).all() as SqliteRow[];
      return row === undefined ? undefined : Object.values(row)[0];
    },
    async copyTo(target) {
      await binding.backup(database as never, target);
    },
    async close() {
      statements.clear();
      await letGoOfLeft();
      database.close();
    },
    leave() {
      statements.clear();
      database.close();
    },
  };
}

function wrap(statement: Statement): SqliteStatement {
  return {
    givesRows: statement.columns().length > 0,
    all: (parameters = []) => statement.all(...parameters) as SqliteRow[],
    run: (parameters = []) => Number(statement.run(...parameters).changes),
  };
}

/** As an address, because only that can say that nothing may be made. */
function existing(path: string): URL {
  const address = pathToFileURL(path);
  address.searchParams.set('mode', 'rw');
  return address;
}

/** Node's SQLite; undefined where this Node is older than 24 or was built without it. */
function nodesOwn(): Binding | undefined {
  if (Number.parseInt(process.versions.node) < NODE_BRINGS_SQLITE_SINCE) return undefined;
  const emitWarning = process.emitWarning.bind(process);
  // The first versions of Node 24 call it experimental. Nothing used here has changed since, and an operator could do nothing about it.
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Lets go of the files of connections that this process left: ends the statements that nothing refers to any more. The package has no
 * other way to end one, and as long as there is one SQLite keeps the file open and locked although the connection is closed.
 */
export async function letGoOfLeft(): Promise<void> {
  if (own !== undefined) return;
  // What was used in this very turn may still be on the stack; what is collected is ended in the next.
  await nextTurn();
  collectGarbage();
  await nextTurn();
}
