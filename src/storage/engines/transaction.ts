/** Units of work as the tables see them: begun, and run again where two of them collided. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely } from 'kysely';
import { type Schema } from '../tables/schema.js';
import { collided } from './postgres-failure.js';
import { guardUnit } from './unit-driver.js';

/** How often a unit is run at most, and the longest pause before its second run; before each further one it is twice as long. */
const RUNS = 6;
const PAUSE_MS = 10;

/** How often units collided with others since the process began. */
export interface Contention {
  /** Run again. */
  readonly repeated: number;
  /** Given up after the last run: `STORAGE_CONTENDED`. */
  readonly givenUp: number;
}

const counts = new WeakMap<object, { repeated: number; givenUp: number }>();

function countsOf(database: Kysely<Schema>): { repeated: number; givenUp: number } {
  // The adapter is the same for a database and for every transaction in it.
  const { adapter } = database.getExecutor();
  const known = counts.get(adapter) ?? { repeated: 0, givenUp: 0 };
  counts.set(adapter, known);
  return known;
}

export function contentionOf(database: Kysely<Schema>): Contention {
  return { ...countsOf(database) };
}

/**
 * Runs `work` in a transaction of its own, or in the one that is already open. Where it collides with another (a deadlock, or a row of one
 * key written at once) everything it wrote is taken back and it is run again, a few times: what it does outside the transaction must be
 * done again or not have been done.
 *
 * @throws StorageError `STORAGE_CONTENDED` when it goes on colliding
 */
export async function inTransaction<T>(
  database: Kysely<Schema>,
  work: (transaction: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  if (database.isTransaction) return work(database);
  return repeating(database, () =>
    database.transaction().execute((transaction) => guardUnit(() => work(transaction))),
  );
}

/** The same with nothing beside it: for what concerns every row, or must find the database as no other process is changing it. */
export function aloneInTransaction<T>(
  database: Kysely<Schema>,
  work: (transaction: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  if (database.isTransaction) throw new Error('a unit of work that is to be alone cannot be part of another');
  return repeating(database, () =>
    database
      .transaction()
      .setIsolationLevel(ALONE)
      .execute((transaction) => guardUnit(() => work(transaction))),
  );
}

/** How a unit asks to be alone: the strictest level there is, which the drivers give it by a lock and not by letting it fail. */
const ALONE = 'serializable';

async function repeating<T>(database: Kysely<Schema>, run: () => Promise<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await run();
    } catch (error) {
      if (!collided(error)) throw error;
      const told = countsOf(database);
      if (number === RUNS) {
        told.givenUp += 1;
        throw error;
      }
      told.repeated += 1;
    }
    await pause(Math.random() * PAUSE_MS * 2 ** (number - 1));
  }
}
