import { AsyncLocalStorage } from 'node:async_hooks';
import { type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { type Unit, type UnitQueue } from './unit-queue.js';

/** Marks code that runs inside a unit of work, where other stores than its own would wait for this very unit. */
const insideUnit = new AsyncLocalStorage<true>();

/** Runs the body of a unit so that a use of the stores outside it fails at once instead of waiting for ever. */
export function guardUnit<T>(work: () => Promise<T>): Promise<T> {
  return insideUnit.run(true, work);
}

export interface UnitDriverParts {
  readonly units: UnitQueue;
  /** Runs a statement that belongs to no unit. */
  readonly alone: (query: CompiledQuery) => Promise<QueryResult<unknown>>;
  readonly close: () => Promise<void>;
}

/** Kysely's driver over a queue of units: a transaction of kysely is a unit, everything else is a statement alone. */
export function createUnitDriver({ units, alone, close }: UnitDriverParts): Driver {
  const carried = new WeakMap<DatabaseConnection, Unit>();
  return {
    init: () => Promise.resolve(),
    acquireConnection() {
      if (insideUnit.getStore() === true) {
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
    async beginTransaction(connection) {
      carried.set(connection, await units.enter());
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
