import { randomUUID } from 'node:crypto';
import { type Kysely } from 'kysely';
import { type Person } from '../../accounts/account.js';
import { readContacts } from '../../accounts/contacts.js';
import { type People } from '../../accounts/directory.js';
import { certifiedName, readName } from '../../accounts/naming.js';
import { type Iin } from '../../accounts/national-number.js';
import { type PlatformRole } from '../../accounts/platform-role.js';
import {
  type PersonRow,
  SEALED,
  selectPeople,
  subjectOf,
  type SubjectCipher,
  toPerson,
  unknownPerson,
} from './account-rows.js';
import { takenBy } from '../engines/database-refusal.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';
import { inTransaction } from '../engines/transaction.js';

const personRow = prepared((database, asked: { id: string }) =>
  selectPeople(database).where('people.id', '=', asked.id),
);

/** People in the database: IIN, name and contacts sealed under each person's own key. */
export function createSqlPeople(database: Kysely<Schema>, cipher: FieldCipher): People {
  const byIin = async (executor: Kysely<Schema>, iin: Iin): Promise<Person | null> => {
    const index = cipher.blindIndex('iin', iin);
    const row = await selectPeople(executor).where('iin_index', '=', index).executeTakeFirst();
    return row === undefined ? null : toPerson(row, cipher);
  };
  const known = async (
    executor: Kysely<Schema>,
    personId: string,
  ): Promise<{ readonly row: PersonRow; readonly subject: SubjectCipher }> => {
    const [row] = (await personRow(executor, { id: personId })).rows;
    if (row === undefined) throw unknownPerson();
    return { row, subject: subjectOf(cipher, personId, row) };
  };

  return {
    addPerson: ({ iin, name }, now) =>
      inTransaction(database, async (transaction) => {
        const person = await byIin(transaction, iin);
        return person ?? insert(transaction, cipher, { iin, name: name === '' ? '' : readName(name) }, now);
      }),
    personByIin: (iin) => byIin(database, iin),
    referenceOf: (iin) => cipher.blindIndex('iin', iin),
    async personById(personId) {
      const [row] = (await personRow(database, { id: personId })).rows;
      return row === undefined ? null : toPerson(row, cipher);
    },
    confirmName: (personId, text, now) =>
      inTransaction(database, async (transaction) => {
        const { row, subject } = await known(transaction, personId);
        const before = subject.open(SEALED.personName(personId), row.name_sealed);
        const name = certifiedName(text);
        if (name === null) return { name: before, changed: false };
        const changed = before !== name;
        if (!changed && row.name_confirmed_at !== null) return { name, changed };
        await transaction
          .updateTable('people')
          .set({
            name_confirmed_at: now.getTime(),
            ...(changed ? { name_sealed: subject.seal(SEALED.personName(personId), name) } : {}),
          })
          .where('id', '=', personId)
          .execute();
        return { name, changed };
      }),
    async setPersonStatus(personId, status) {
      const changed = await database
        .updateTable('people')
        .set({ status })
        .where('id', '=', personId)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) throw unknownPerson();
    },
    async contactsOf(personId) {
      const { row, subject } = await known(database, personId);
      return {
        email: row.email_sealed && subject.open(SEALED.personEmail(personId), row.email_sealed),
        phone: row.phone_sealed && subject.open(SEALED.personPhone(personId), row.phone_sealed),
      };
    },
    setContacts: (personId, contacts) =>
      inTransaction(database, async (transaction) => {
        const { email, phone } = readContacts(contacts);
        const { subject } = await known(transaction, personId);
        await transaction
          .updateTable('people')
          .set({
            email_sealed: email && subject.seal(SEALED.personEmail(personId), email),
            phone_sealed: phone && subject.seal(SEALED.personPhone(personId), phone),
          })
          .where('id', '=', personId)
          .execute();
      }),

    async platformRolesOf(personId) {
      const rows = await database
        .selectFrom('platform_roles')
        .select('role')
        .where('person_id', '=', personId)
        .orderBy('role')
        .execute();
      return rows.map(({ role }) => role);
    },
    grantPlatformRole: (personId, role, by, now) =>
      inTransaction(database, async (transaction) => {
        await known(transaction, personId);
        const { numInsertedOrUpdatedRows } = await transaction
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
      }),
    async revokePlatformRole(personId, role) {
      const { numDeletedRows } = await database
        .deleteFrom('platform_roles')
        .where('person_id', '=', personId)
        .where('role', '=', role)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async platformPeople() {
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
  { iin, name }: Pick<Person, 'iin' | 'name'>,
  now: Date,
): Promise<Person> {
  const person: Person = {
    id: randomUUID(),
    iin,
    name,
    nameConfirmed: false,
    status: 'active',
    createdAt: now,
  };
  const { key, cipher: subject } = cipher.newSubject(person.id);
  // Refused where our master key has been replaced meanwhile: the key that wraps is one the database knows.
  await takenBy('the table of keys', () =>
    transaction
      .insertInto('subject_keys')
      .values({ subject_id: person.id, master_key_id: key.masterKeyId, wrapped_key: key.wrapped })
      .execute(),
  );
  await transaction
    .insertInto('people')
    .values({
      id: person.id,
      iin_index: cipher.blindIndex('iin', iin),
      iin_sealed: subject.seal(SEALED.personIin(person.id), iin),
      name_sealed: subject.seal(SEALED.personName(person.id), name),
      name_confirmed_at: null,
      email_sealed: null,
      phone_sealed: null,
      status: 'active',
      created_at: now.getTime(),
    })
    .execute();
  return person;
}
