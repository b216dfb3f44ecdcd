import { type Kysely } from 'kysely';
import { StorageError } from '../error.js';
import { type Schema } from './schema.js';
import { aloneInTransaction } from '../engines/transaction.js';

/** What a database is opened for. Whoever knows the published passwords of a demonstration must find none of them in a real one. */
export type Purpose = 'real' | 'demonstration';

/**
 * Keeps a demonstration and a real installation apart: an empty database opened for a demonstration is marked as one for good.
 *
 * @throws StorageError `STORAGE_PURPOSE`
 */
export async function claimFor(purpose: Purpose, database: Kysely<Schema>, now: Date): Promise<void> {
  await aloneInTransaction(database, async (unit) => {
    const marked = (await unit.selectFrom('installation').select('id').executeTakeFirst()) !== undefined;
    if (marked === (purpose === 'demonstration')) return;
    if (purpose === 'real') {
      throw new StorageError(
        'STORAGE_PURPOSE',
        'the database is one of `qaqpa demo`, whose passwords are published; QAQPA_DATA_DIR or QAQPA_DATABASE_URL has to name another',
      );
    }
    if (await isUsed(unit)) {
      throw new StorageError(
        'STORAGE_PURPOSE',
        'the database holds data that is not of a demonstration, and is left alone; QAQPA_DATA_DIR or QAQPA_DATABASE_URL has to name another',
      );
    }
    await unit
      .insertInto('installation')
      .values({ id: 1, purpose: 'demonstration', since: now.getTime() })
      .execute();
  });
}

async function isUsed(unit: Kysely<Schema>): Promise<boolean> {
  const [people, organisations, log] = await Promise.all([
    unit.selectFrom('people').select('id').limit(1).execute(),
    unit.selectFrom('organisations').select('id').limit(1).execute(),
    unit.selectFrom('audit_records').select('sequence').limit(1).execute(),
  ]);
  return people.length + organisations.length + log.length > 0;
}
