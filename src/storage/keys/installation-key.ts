/** The data key of the installation itself: for what belongs to no person and is sealed nevertheless. */
import { type Kysely } from 'kysely';
import { type Schema } from '../tables/schema.js';
import { type FieldCipher } from './field-cipher.js';

/** Stands among the keys of people, so that a rotation of the master key takes it along. Identifiers of people are UUIDs. */
export const INSTALLATION = 'installation';

type SubjectCipher = ReturnType<FieldCipher['subject']>;

const opened = new WeakMap<FieldCipher, SubjectCipher>();

/**
 * The cipher of the installation, its key made where there is none yet.
 *
 * @throws StorageError `MASTER_KEY_WRONG`, `STORAGE_CORRUPT`
 */
export async function installationCipher(
  database: Kysely<Schema>,
  cipher: FieldCipher,
): Promise<SubjectCipher> {
  const known = opened.get(cipher) ?? (await find(database, cipher));
  if (known !== null) {
    // What a unit has written may still be taken back.
    if (!database.isTransaction) opened.set(cipher, known);
    return known;
  }
  const { key } = cipher.newSubject(INSTALLATION);
  await database
    .insertInto('subject_keys')
    .values({ subject_id: INSTALLATION, master_key_id: key.masterKeyId, wrapped_key: key.wrapped })
    .onConflict((conflict) => conflict.column('subject_id').doNothing())
    .execute();
  // Ours, or that of another instance; it counts for this process once it is committed.
  const made = await find(database, cipher);
  if (made === null) throw new Error('the key of the installation was not kept');
  return made;
}

async function find(database: Kysely<Schema>, cipher: FieldCipher): Promise<SubjectCipher | null> {
  const row = await database
    .selectFrom('subject_keys')
    .select(['master_key_id', 'wrapped_key'])
    .where('subject_id', '=', INSTALLATION)
    .executeTakeFirst();
  if (row === undefined) return null;
  return cipher.subject(INSTALLATION, { masterKeyId: row.master_key_id, wrapped: row.wrapped_key });
}
