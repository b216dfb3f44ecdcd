import {
  type CompiledQuery,
  type Dialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg, { type PoolClient } from 'pg';
import { StorageError } from '../error.js';
import { statementNameOf } from '../tables/prepared.js';
import { connectionIsLost, mayBeRepeated, translatePostgresFailure } from './postgres-failure.js';
import { createParallelUnits, type UnitConnection } from './parallel-units.js';
import { parsePostgresUrl } from './postgres-url.js';
import { createUnitDriver } from './unit-driver.js';

export interface PostgresOptions {
  /** Connections this process may hold. */
  readonly connections: number;
  /** How long a connection, a lock or a statement is waited for. */
  readonly timeoutMs: number;
  /** Another measure for locks and statements: migrating may take long. */
  readonly statementTimeoutMs?: number;
  /** What the server shows of our connections; `GATEWAY_CONNECTIONS` unless said otherwise. */
  readonly name?: string;
}

/** The `application_name` of everybody who works on the database: gateways and commands. */
export const GATEWAY_CONNECTIONS = 'qaqpa';

export const DEFAULT_POSTGRES_OPTIONS: PostgresOptions = { connections: 10, timeoutMs: 5_000 };

/**
 * "qaqpa" in ASCII. Every unit of work holds this lock beside the others; one that must be alone, and every unit of an earlier version,
 * holds it for itself (docs/decisions/0029).
 */
const WRITERS_LOCK = '0x7161717061';
const CLOSE_WAIT_MS = 3_000;
const REPETITIONS = 3;

const INT8 = 20;
const NUMERIC = 1700;

/**
 * PostgreSQL for kysely, behaving like the embedded database but for one thing: units run beside one another. Big integers come as
 * numbers, failures come out as `StorageError`.
 *
 * @throws StorageError `STORAGE_URL_INVALID`
 */
export function createPostgresDialect(url: string, options: PostgresOptions): Dialect {
  const { connections, timeoutMs, statementTimeoutMs = timeoutMs } = options;
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, readInteger);
  types.setTypeParser(NUMERIC, readInteger);
  const pool = new pg.Pool({
    ...parsePostgresUrl(url),
    application_name: options.name ?? GATEWAY_CONNECTIONS,
    max: connections,
    // One stays open however long nothing is asked, so that the server knows that a process works on the database.
    min: 1,
    connectionTimeoutMillis: timeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    // Before the other, which would not say what was waited for.
    lock_timeout: Math.floor(statementTimeoutMs * 0.9),
    // The server's own limits speak first; this one is for a server that does not speak at all.
    query_timeout: statementTimeoutMs + 1_000,
    // A process that stops between two statements of a unit holds up every other until the server ends it.
    idle_in_transaction_session_timeout: 2 * timeoutMs,
    types,
  });
  // Whoever uses a connection is told by its own statement; without listeners a lost one would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const units = createParallelUnits(() => openUnit(pool), unitsAtOnce(connections));
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () =>
      createUnitDriver({ units, alone: (query) => runAlone(pool, query), close: () => closePool(pool) }),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

async function openUnit(pool: pg.Pool): Promise<UnitConnection> {
  const client = await connect(pool);
  let open = false;
  let lost = false;
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      lost ||= connectionIsLost(error);
      throw translatePostgresFailure(error);
    }
  };
  return {
    execute: (query) => run(() => execute(client, query)),
    async begin(alone) {
      open = true;
      // READ COMMITTED: each statement sees what was committed before it began, and so whatever a turn was waited for. Several
      // statements in one message are one round trip.
      const lock = alone ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
      await run(() =>
        client.query(`begin isolation level read committed; select ${lock}(${BigInt(WRITERS_LOCK)})`),
      );
    },
    async commit() {
      const { command } = await run(() => client.query('commit'));
      // A transaction that has failed "commits" by rolling back, and the server does not call that an error.
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back instead of committed');
      open = false;
    },
    async close() {
      try {
        if (open && !lost) await run(() => client.query('rollback'));
      } finally {
        client.release(lost || undefined);
      }
    },
  };
}

/** A fifth of the connections is left to whatever only reads. */
function unitsAtOnce(connections: number): number {
  return Math.max(1, connections - Math.ceil(connections / 5));
}

/** Outside units every statement is a transaction of its own, on any connection. */
async function runAlone(pool: pg.Pool, query: CompiledQuery): Promise<QueryResult<unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await connect(pool);
    try {
      const result = await execute(client, query);
      client.release();
      return result;
    } catch (error) {
      client.release(connectionIsLost(error));
      if (attempt >= REPETITIONS || !mayBeRepeated(error)) throw translatePostgresFailure(error);
    }
  }
}

async function connect(pool: pg.Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translatePostgresFailure(error);
  }
}

async function execute(client: PoolClient, query: CompiledQuery): Promise<QueryResult<unknown>> {
  const name = statementNameOf(query);
  const { command, rowCount, rows } = await client.query<Record<string, unknown>>({
    // A named one is planned once for a connection, which takes longer than to answer it.
    ...(name === undefined ? {} : { name }),
    text: query.sql,
    values: [...query.parameters],
  });
  const changes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
  return changes ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
}

/** Waits for the connections in use, but not for a server that does not answer. */
async function closePool(pool: pg.Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WAIT_MS);
  });
  await Promise.race([pool.end(), patience]);
  clearTimeout(timer);
}

/** Counts and times are integers a number holds exactly; one that is not would be silently wrong, so it is an error. */
function readInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) {
    throw new StorageError('STORAGE_CORRUPT', 'a number in the database is larger than any we write');
  }
  return number;
}
