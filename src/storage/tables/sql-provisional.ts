import { type Kysely } from 'kysely';
import { type EndedAccess, type ProvisionalAccesses } from '../../accounts/provisional.js';
import { takeTurnOfPerson } from '../engines/turns.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { organisationsWhere, SEALED, subjectOfPerson } from './account-rows.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

type Ended = Pick<
  Schema['provisional_access'],
  'membership_id' | 'organisation_id' | 'changed_at' | 'email_sealed' | 'phone_sealed'
>;

const standingOf = prepared((database, asked: { personId: string }) =>
  database
    .selectFrom('provisional_access')
    .select(['membership_id', 'organisation_id', 'changed_at', 'email_sealed', 'phone_sealed'])
    .where('person_id', '=', asked.personId)
    .where('ended_at', 'is', null),
);

/** What invitations gave to those who took them without an EDS; contacts sealed under the key of the person they name. */
export function createSqlProvisional(database: Kysely<Schema>, cipher: FieldCipher): ProvisionalAccesses {
  const rowAt = (membershipId: string) =>
    database
      .selectFrom('provisional_access')
      .select(['person_id', 'email_sealed', 'phone_sealed'])
      .where('membership_id', '=', membershipId)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
  /** As it stands when the person's turn has come: their EDS may have ended it meanwhile. */
  const standingAt = async (membershipId: string) => {
    const row = await rowAt(membershipId);
    if (row === undefined || !database.isTransaction) return row;
    await takeTurnOfPerson(database, row.person_id);
    return rowAt(membershipId);
  };
  const told = async (
    row: Pick<Ended, 'membership_id' | 'organisation_id' | 'changed_at'>,
    contacts: boolean,
  ): Promise<EndedAccess> => {
    const [organisation] = await organisationsWhere(database, cipher, [row.organisation_id]);
    return {
      membershipId: row.membership_id,
      organisation: { id: row.organisation_id, name: organisation?.name ?? '' },
      setAt: new Date(row.changed_at),
      contacts,
    };
  };

  return {
    async contactsOf(membershipId) {
      const row = await standingAt(membershipId);
      if (row === undefined) return null;
      const subject = await subjectOfPerson(database, cipher, row.person_id);
      return {
        email: row.email_sealed && subject.open(SEALED.provisionalEmail(membershipId), row.email_sealed),
        phone: row.phone_sealed && subject.open(SEALED.provisionalPhone(membershipId), row.phone_sealed),
      };
    },
    async setContacts(membershipId, { email, phone }) {
      const row = await standingAt(membershipId);
      if (row === undefined) return false;
      const subject = await subjectOfPerson(database, cipher, row.person_id);
      await database
        .updateTable('provisional_access')
        .set({
          email_sealed: email && subject.seal(SEALED.provisionalEmail(membershipId), email),
          phone_sealed: phone && subject.seal(SEALED.provisionalPhone(membershipId), phone),
        })
        .where('membership_id', '=', membershipId)
        .where('ended_at', 'is', null)
        .execute();
      return true;
    },
    async endAllOf(personId, now) {
      const { rows } = await standingOf(database, { personId });
      const hadContacts = ({ email_sealed, phone_sealed }: Ended): boolean =>
        (email_sealed ?? phone_sealed) !== null;
      for (const row of rows) {
        await database
          .updateTable('provisional_access')
          .set({
            hash: null,
            failures: 0,
            email_sealed: null,
            phone_sealed: null,
            ended_at: now.getTime(),
            ended_contacts: hadContacts(row) ? 1 : 0,
          })
          .where('membership_id', '=', row.membership_id)
          .execute();
      }
      return Promise.all(rows.map((row) => told(row, hadContacts(row))));
    },
    async endedSince(personId, since) {
      const rows = await database
        .selectFrom('provisional_access')
        .select(['membership_id', 'organisation_id', 'changed_at', 'ended_contacts'])
        .where('person_id', '=', personId)
        .where('ended_at', '>=', since.getTime())
        .orderBy('changed_at')
        .execute();
      return Promise.all(rows.map((row) => told(row, row.ended_contacts === 1)));
    },
  };
}
