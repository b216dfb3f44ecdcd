import { type Kysely } from 'kysely';
import { type Schema } from '../tables/schema.js';
import { guardUnit } from './unit-driver.js';

/** Runs `work` in a transaction of its own, or in the one that is already open. */
export function inTransaction<T>(
  database: Kysely<Schema>,
  work: (transaction: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  if (database.isTransaction) return work(database);
  return database.transaction().execute((transaction) => guardUnit(() => work(transaction)));
}
