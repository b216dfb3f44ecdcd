import { type Kysely } from 'kysely';
import { type DatabaseAddress } from '../engines/database-url.js';
import { pingDatabase } from '../engines/engine.js';
import { assertStillKnown } from '../keys/master-key-proof.js';
import { type Schema } from '../tables/schema.js';

/** How long the outcome of a write stands: readiness may be asked for by anyone, and each write costs a disk sync. */
const WRITE_EVERY_MS = 1_000;

/**
 * Proves that a database can be read and written, and that our master key was not replaced meanwhile.
 *
 * @returns rejects as reading and writing do
 */
export function createDatabaseProbe(
  database: Kysely<Schema>,
  engine: DatabaseAddress['engine'],
  masterKeyId: string,
): () => Promise<void> {
  let last: { readonly at: number; readonly outcome: Promise<unknown> } | null = null;
  return async () => {
    await pingDatabase(database, engine);
    await assertStillKnown(database, masterKeyId);
    const now = performance.now();
    if (last === null || now - last.at >= WRITE_EVERY_MS) last = { at: now, outcome: write(database) };
    await last.outcome;
  };
}

function write(database: Kysely<Schema>): Promise<unknown> {
  const at = Date.now();
  return database
    .insertInto('health_probe')
    .values({ id: 1, at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
    .execute();
}
