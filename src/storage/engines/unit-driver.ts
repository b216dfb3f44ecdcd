import { AsyncLocalStorage } from 'node:async_hooks';
import { type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { type Unit, type UnitQueue } from './unit-queue.js';

/** Marks code that runs inside a unit of work, where other stores than its own would wait for this very unit. */
const insideUnit = new AsyncLocalStorage<true>();

/** Before Node 24 following a context costs every promise of the process something, a tenth of a sign-in in all. */
const CONTEXT_IS_FREE_SINCE = 24;
let guarded = Number.parseInt(process.versions.node) >= CONTEXT_IS_FREE_SINCE;

/** Follows units on every Node, as the tests do, to find a use of the wrong stores where it happens. */
export function guardUnits(): void {
  guarded = true;
}

/**
 * Runs the body of a unit so that a use of the stores outside it fails at once. Where nobody follows units it waits for its own end
 * instead, until the queue refuses it as it refuses everybody whose turn does not come.
 */
export function guardUnit<T>(work: () => Promise<T>): Promise<T> {
  return guarded ? insideUnit.run(true, work) : work();
}

/** @throws Error inside a unit of work, where units are followed: others wait for it, and what is slow has no place there */
export function assertOutsideUnits(what: string): void {
  if (guarded && insideUnit.getStore() === true) throw new Error(`${what} inside a unit of work`);
}

export interface UnitDriverParts {
  readonly units: UnitQueue;
  /** Runs a statement that belongs to no unit. */
  readonly alone: (query: CompiledQuery) => Promise<QueryResult<unknown>>;
  readonly close: () => Promise<void>;
}

/** Kysely's driver over units of work: a transaction of kysely is a unit, everything else is a statement alone. */
export function createUnitDriver({ units, alone, close }: UnitDriverParts): Driver {
  const carried = new WeakMap<DatabaseConnection, Unit>();
  return {
    init: () => Promise.resolve(),
    acquireConnection() {
      if (guarded && insideUnit.getStore() === true) {
        return Promise.reject(new Error('inside a unit of work only the stores it was given may be used'));
      }
      const connection: DatabaseConnection = {
        async executeQuery<R>(query: CompiledQuery) {
          const unit = carried.get(connection);
          return (await (unit === undefined ? alone(query) : unit.execute(query))) as QueryResult<R>;
        },
        streamQuery() {
          throw new Error('not supported: read in pages, a cursor would hold a connection');
        },
      };
      return Promise.resolve(connection);
    },
    releaseConnection: () => Promise.resolve(),
    async beginTransaction(connection, { isolationLevel }) {
      // See `aloneInTransaction`.
      carried.set(connection, await units.enter({ alone: isolationLevel === 'serializable' }));
    },
    async commitTransaction(connection) {
      await carried.get(connection)?.keep();
    },
    async rollbackTransaction(connection) {
      await carried.get(connection)?.undo();
    },
    async destroy() {
      await units.close();
      await close();
    },
  };
}
