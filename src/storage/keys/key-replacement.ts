/** Keys of people under another master key: made ready in batches, and put in the place of the old in one transaction. */
import { type Kysely } from 'kysely';
import { parseIin } from '../../accounts/national-number.js';
import { type Act } from '../../audit/act.js';
import { record } from '../../audit/recorder.js';
import { aloneInTransaction } from '../engines/transaction.js';
import { StorageError } from '../error.js';
import { SEALED } from '../tables/account-rows.js';
import { type Schema } from '../tables/schema.js';
import { createSqlAudit } from '../tables/sql-audit.js';
import { type FieldCipher } from './field-cipher.js';
import { INSTALLATION } from './installation-key.js';
import { overtaken, rotationOf } from './master-key-proof.js';

/** People whose keys are made ready in one unit: some ten milliseconds, so that a gateway beside it goes on. */
const BATCH = 250;

/**
 * Makes ready what is not yet, each batch a unit of its own.
 *
 * @param told after each batch, how many this call has made ready
 * @throws StorageError `STORAGE_CORRUPT` naming the person whose key or IIN does not open; nothing has been replaced then
 */
export async function prepareKeys(
  database: Kysely<Schema>,
  from: FieldCipher,
  to: FieldCipher,
  told: (people: number) => void,
): Promise<void> {
  let people = 0;
  let after = '';
  for (;;) {
    const batch = await aloneInTransaction(database, async (transaction) => {
      const { to_key, phase } = (await rotationOf(transaction)) ?? {};
      if (to_key !== to.masterKeyId || (phase !== 'preparing' && phase !== 'replacing')) throw overtaken();
      return prepareBatch(transaction, from, to, after);
    });
    if (batch.length === 0) return;
    people += batch.filter((id) => id !== INSTALLATION).length;
    after = batch.at(-1) ?? after;
    told(people);
  }
}

/** @returns the identifiers of those made ready, in their order */
async function prepareBatch(
  transaction: Kysely<Schema>,
  from: FieldCipher,
  to: FieldCipher,
  after: string,
): Promise<readonly string[]> {
  const rows = await transaction
    .selectFrom('subject_keys')
    .leftJoin('people', 'people.id', 'subject_keys.subject_id')
    .leftJoin('rotated_keys', 'rotated_keys.subject_id', 'subject_keys.subject_id')
    .select(['subject_keys.subject_id', 'subject_keys.master_key_id', 'subject_keys.wrapped_key'])
    .select('people.iin_sealed')
    .where('rotated_keys.subject_id', 'is', null)
    .where('subject_keys.subject_id', '>', after)
    .orderBy('subject_keys.subject_id')
    .limit(BATCH)
    .execute();
  if (rows.length > 0) {
    await transaction
      .insertInto('rotated_keys')
      .values(rows.map((row) => rotated(row, from, to)))
      .execute();
  }
  return rows.map(({ subject_id }) => subject_id);
}

/** Opened again under the new key before it counts as ready. */
function rotated(
  row: Schema['subject_keys'] & { readonly iin_sealed: string | null },
  from: FieldCipher,
  to: FieldCipher,
): Schema['rotated_keys'] {
  const { subject_id: id, master_key_id: masterKeyId, wrapped_key: wrapped, iin_sealed } = row;
  try {
    const key = from.rewrap(id, { masterKeyId, wrapped }, to);
    const subject = to.subject(id, key);
    const iin = iin_sealed === null ? null : subject.open(SEALED.personIin(id), iin_sealed);
    if (iin !== null && parseIin(iin) === null) {
      throw new StorageError('STORAGE_CORRUPT', 'a stored identification number is malformed');
    }
    const iin_index = iin === null ? null : to.blindIndex('iin', iin);
    return { subject_id: id, wrapped_key: key.wrapped, iin_index };
  } catch (cause) {
    if (!(cause instanceof StorageError)) throw cause;
    throw new StorageError(
      'STORAGE_CORRUPT',
      `the key or the IIN of person ${id} does not open (${cause.message}); nothing was replaced`,
      { cause },
    );
  }
}

export interface Replacement {
  readonly people: number;
  /** Counts of wrong passwords on unknown numbers: their new index cannot be known. */
  readonly forgottenAttempts: number;
}

/** Puts everything that was made ready, and who came since, in the place of the old. All of it, or nothing. */
export function replaceKeys(
  database: Kysely<Schema>,
  from: FieldCipher,
  to: FieldCipher,
  act: Act,
): Promise<Replacement> {
  return aloneInTransaction(database, async (transaction) => {
    const rotation = await rotationOf(transaction);
    if (rotation?.to_key !== to.masterKeyId || rotation.phase !== 'replacing') throw overtaken();
    while ((await prepareBatch(transaction, from, to, '')).length > 0);
    await transaction
      .insertInto('master_keys')
      .values({ key_id: to.masterKeyId, created_at: act.at.getTime() })
      .execute();
    const people = await replaceWrappedKeys(transaction, to);
    const forgottenAttempts = await replaceIndexes(transaction, to);
    await transaction.deleteFrom('rotated_keys').execute();
    // What they seal and count is under the old key, and they live five minutes.
    await transaction.deleteFrom('challenges').execute();
    // The database itself refuses a process that still has the old one: the keys of people refer to this table.
    await transaction.deleteFrom('master_keys').where('key_id', '!=', to.masterKeyId).execute();
    await transaction.updateTable('key_rotation').set({ phase: 'proving' }).execute();
    const details = { from: from.masterKeyId, to: to.masterKeyId, people, forgottenAttempts };
    await record(createSqlAudit(transaction, to), act, 'master-key.rotated', { details });
    return { people, forgottenAttempts };
  });
}

/** @returns how many people have theirs under the new master key */
async function replaceWrappedKeys(transaction: Kysely<Schema>, to: FieldCipher): Promise<number> {
  const replaced = await transaction
    .updateTable('subject_keys')
    .set((row) => ({
      master_key_id: to.masterKeyId,
      wrapped_key: row
        .selectFrom('rotated_keys')
        .select('rotated_keys.wrapped_key')
        .whereRef('rotated_keys.subject_id', '=', 'subject_keys.subject_id')
        .$asScalar(),
    }))
    .returning('subject_id')
    .execute();
  return replaced.filter(({ subject_id }) => subject_id !== INSTALLATION).length;
}

/** @returns how many counts of wrong passwords had to be forgotten */
async function replaceIndexes(transaction: Kysely<Schema>, to: FieldCipher): Promise<number> {
  // Found by the index of before, so they go first.
  await transaction
    .updateTable('password_attempts')
    .set((row) => ({
      iin_index: row
        .selectFrom('people')
        .innerJoin('rotated_keys', 'rotated_keys.subject_id', 'people.id')
        .select('rotated_keys.iin_index')
        .whereRef('people.iin_index', '=', 'password_attempts.iin_index')
        .$asScalar()
        .$notNull(),
    }))
    .where((row) =>
      row.exists(
        row
          .selectFrom('people')
          .innerJoin('rotated_keys', 'rotated_keys.subject_id', 'people.id')
          .select('people.id')
          .whereRef('people.iin_index', '=', 'password_attempts.iin_index'),
      ),
    )
    .execute();
  const { numDeletedRows } = await transaction
    .deleteFrom('password_attempts')
    .where('iin_index', 'not in', (known) =>
      known
        .selectFrom('rotated_keys')
        .select('rotated_keys.iin_index')
        .where('rotated_keys.iin_index', 'is not', null)
        .$castTo<{ iin_index: string }>(),
    )
    .executeTakeFirstOrThrow();
  await transaction
    .updateTable('people')
    .set((row) => ({
      iin_index: row
        .selectFrom('rotated_keys')
        .select('rotated_keys.iin_index')
        .whereRef('rotated_keys.subject_id', '=', 'people.id')
        .$asScalar()
        .$notNull(),
    }))
    .where((row) =>
      row.exists(
        row
          .selectFrom('rotated_keys')
          .select('rotated_keys.subject_id')
          .whereRef('rotated_keys.subject_id', '=', 'people.id'),
      ),
    )
    .execute();
  await coverErased(transaction, to);
  return Number(numDeletedRows);
}

/** The IIN of people whose key is destroyed is unknown: their index of before, which the old key explains, gives way to one of no number. */
async function coverErased(transaction: Kysely<Schema>, to: FieldCipher): Promise<void> {
  const erased = await transaction
    .selectFrom('people')
    .leftJoin('subject_keys', 'subject_keys.subject_id', 'people.id')
    .select('people.id')
    .where('subject_keys.subject_id', 'is', null)
    .execute();
  for (const { id } of erased) {
    await transaction
      .updateTable('people')
      .set({ iin_index: to.blindIndex('iin', `erased ${id}`) })
      .where('id', '=', id)
      .execute();
  }
}
