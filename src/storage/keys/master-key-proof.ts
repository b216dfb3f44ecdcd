/** Whether a master key is the one a database is sealed under. */
import { type Kysely } from 'kysely';
import { StorageError } from '../error.js';
import { type FieldCipher } from './field-cipher.js';
import { type Schema } from '../tables/schema.js';
import { aloneInTransaction } from '../engines/transaction.js';

/**
 * The first master key a database sees is the only one it opens with, until `storage rotate-key` replaces it: another would seal
 * people who are not found again.
 *
 * @throws StorageError `MASTER_KEY_WRONG`, `MASTER_KEY_ROTATING`
 */
export async function proveMasterKey(
  database: Kysely<Schema>,
  { masterKeyId }: Pick<FieldCipher, 'masterKeyId'>,
): Promise<void> {
  await aloneInTransaction(database, async (transaction) => {
    const rotation = await rotationOf(transaction);
    if (rotation?.phase === 'replacing') {
      throw new StorageError(
        'MASTER_KEY_ROTATING',
        'the master key is being replaced: wait for `qaqpa storage rotate-key`, or run it again where it was interrupted',
      );
    }
    const known = await knownKeys(transaction);
    if (known.includes(masterKeyId)) return;
    if (known.length > 0) throw wrongKey(rotation?.from_key === masterKeyId);
    await transaction
      .insertInto('master_keys')
      .values({ key_id: masterKeyId, created_at: Date.now() })
      .execute();
  });
}

/**
 * The same of a process that has been running: its key may have been replaced under it.
 *
 * @throws StorageError `MASTER_KEY_WRONG`
 */
export async function assertStillKnown(database: Kysely<Schema>, masterKeyId: string): Promise<void> {
  if (!(await knownKeys(database)).includes(masterKeyId)) throw wrongKey(true);
}

/** The identifiers of the keys the database is sealed under: one, or none in an empty database. */
export async function knownKeys(database: Kysely<Schema>): Promise<readonly string[]> {
  return (await database.selectFrom('master_keys').select('key_id').execute()).map(({ key_id }) => key_id);
}

/** The latest change of the master key, finished or not. */
export function rotationOf(database: Kysely<Schema>): Promise<Schema['key_rotation'] | undefined> {
  return database.selectFrom('key_rotation').selectAll().where('id', '=', 1).executeTakeFirst();
}

/** Another rotation, to this key or another, was there first. */
export function overtaken(): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    'another rotation of the master key was begun or finished meanwhile; call it again',
  );
}

function wrongKey(replaced: boolean): StorageError {
  return new StorageError(
    'MASTER_KEY_WRONG',
    replaced
      ? 'this master key was replaced by `qaqpa storage rotate-key`: give the new one; where that was interrupted, run it again'
      : 'the database was made with another master key',
  );
}
