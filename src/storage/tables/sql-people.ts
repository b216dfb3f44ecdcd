import { type Kysely } from 'kysely';
import { type Person } from '../../accounts/account.js';
import { type PlatformRole } from '../../accounts/platform-role.js';
import { type PersonStore } from '../../accounts/store.js';
import { takenBy } from '../engines/database-refusal.js';
import { inTransaction } from '../engines/transaction.js';
import { takeTurn, takeTurnOfPerson } from '../engines/turns.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import {
  type PersonRow,
  SEALED,
  selectPeople,
  subjectOf,
  subjectOfPerson,
  toPerson,
} from './account-rows.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const personRow = prepared((database, asked: { id: string }) =>
  selectPeople(database).where('people.id', '=', asked.id),
);

/** People in the database: IIN, name and contacts sealed under each person's own key. */
export function createSqlPeople(database: Kysely<Schema>, cipher: FieldCipher): PersonStore {
  const rowOf = async (personId: string): Promise<PersonRow | undefined> =>
    (await personRow(database, { id: personId })).rows[0];
  const update = async (
    personId: string,
    change: Partial<PersonRow>,
    executor: Kysely<Schema> = database,
  ): Promise<boolean> => {
    const changed = await executor
      .updateTable('people')
      .set(change)
      .where('id', '=', personId)
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  };

  return {
    insert: (person) => inTransaction(database, (transaction) => insert(transaction, cipher, person)),
    async personByIin(iin) {
      const index = cipher.blindIndex('iin', iin);
      const row = await selectPeople(database).where('iin_index', '=', index).executeTakeFirst();
      return row === undefined ? null : toPerson(row, cipher);
    },
    referenceOf: (iin) => cipher.blindIndex('iin', iin),
    async personById(personId) {
      const row = await rowOf(personId);
      return row === undefined ? null : toPerson(row, cipher);
    },
    async confirmName(personId, name, now) {
      const subject = await subjectOfPerson(database, cipher, personId);
      await update(personId, {
        name_confirmed_at: now.getTime(),
        name_sealed: subject.seal(SEALED.personName(personId), name),
      });
    },
    setStatus: (personId, status) =>
      inTransaction(database, async (transaction) => {
        await takeTurnOfPerson(transaction, personId);
        return update(personId, { status }, transaction);
      }),
    async contactsOf(personId) {
      await takeTurnOfPerson(database, personId);
      const row = await rowOf(personId);
      if (row === undefined) return null;
      const subject = subjectOf(cipher, personId, row);
      return {
        email: row.email_sealed && subject.open(SEALED.personEmail(personId), row.email_sealed),
        phone: row.phone_sealed && subject.open(SEALED.personPhone(personId), row.phone_sealed),
      };
    },
    async setContacts(personId, { email, phone }) {
      const row = await rowOf(personId);
      if (row === undefined) return false;
      const subject = subjectOf(cipher, personId, row);
      return update(personId, {
        email_sealed: email && subject.seal(SEALED.personEmail(personId), email),
        phone_sealed: phone && subject.seal(SEALED.personPhone(personId), phone),
      });
    },
    ...createSqlPlatformRoles(database, cipher),
  };
}

function createSqlPlatformRoles(
  database: Kysely<Schema>,
  cipher: FieldCipher,
): Pick<PersonStore, 'platformRolesOf' | 'grantPlatformRole' | 'revokePlatformRole' | 'platformPeople'> {
  return {
    async platformRolesOf(personId) {
      const rows = await database
        .selectFrom('platform_roles')
        .select('role')
        .where('person_id', '=', personId)
        .orderBy('role')
        .execute();
      return rows.map(({ role }) => role);
    },
    async grantPlatformRole(personId, role, by, now) {
      await takeTurn(database, 'platform');
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('platform_roles')
        .values({
          person_id: personId,
          role,
          granted_at: now.getTime(),
          granted_by_kind: by.kind,
          granted_by_id: by.id,
        })
        .onConflict((conflict) => conflict.columns(['person_id', 'role']).doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },
    async revokePlatformRole(personId, role) {
      const { numDeletedRows } = await database
        .deleteFrom('platform_roles')
        .where('person_id', '=', personId)
        .where('role', '=', role)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async platformPeople() {
      await takeTurn(database, 'platform');
      const granted = await database.selectFrom('platform_roles').select(['person_id', 'role']).execute();
      if (granted.length === 0) return [];
      const rows = await selectPeople(database)
        .where('people.id', 'in', [...new Set(granted.map(({ person_id }) => person_id))])
        .orderBy('people.created_at')
        .orderBy('people.id')
        .execute();
      return rows.map((row) => ({
        person: toPerson(row, cipher),
        roles: granted
          .filter(({ person_id }) => person_id === row.id)
          .map(({ role }): PlatformRole => role)
          .sort(),
      }));
    },
  };
}

async function insert(
  transaction: Kysely<Schema>,
  cipher: FieldCipher,
  { id, iin, name, status, createdAt }: Person,
): Promise<void> {
  const { key, cipher: subject } = cipher.newSubject(id);
  // Refused where our master key has been replaced meanwhile: the key that wraps is one the database knows.
  await takenBy('the table of keys', () =>
    transaction
      .insertInto('subject_keys')
      .values({ subject_id: id, master_key_id: key.masterKeyId, wrapped_key: key.wrapped })
      .execute(),
  );
  await transaction
    .insertInto('people')
    .values({
      id,
      iin_index: cipher.blindIndex('iin', iin),
      iin_sealed: subject.seal(SEALED.personIin(id), iin),
      name_sealed: subject.seal(SEALED.personName(id), name),
      name_confirmed_at: null,
      email_sealed: null,
      phone_sealed: null,
      status,
      created_at: createdAt.getTime(),
    })
    .execute();
}
