import { randomUUID } from 'node:crypto';
import { type Kysely } from 'kysely';
import {
  type Account,
  AccountError,
  type CertificateBinding,
  DEFAULT_ORGANISATION_SETTINGS,
  type Membership,
  type Organisation,
  type OrganisationSettings,
  type Person,
} from '../accounts/account.js';
import { type AccountDirectory } from '../accounts/directory.js';
import { readName, readRoles } from '../accounts/naming.js';
import { type Bin, type Iin, parseBin, parseIin } from '../accounts/national-number.js';
import { StorageError } from './error.js';
import { type FieldCipher, type FieldPlace } from './field-cipher.js';
import { type Schema } from './schema.js';
import { inTransaction } from './transaction.js';

type Row<Table extends keyof Schema> = Schema[Table];
type PersonRow = Row<'people'> & Omit<Row<'subject_keys'>, 'subject_id'>;

/** Organisations, people and memberships in the database; IIN and name sealed under each person's own key. */
export function createSqlAccounts(database: Kysely<Schema>, cipher: FieldCipher): AccountDirectory {
  const organisationsWhere = async (ids: readonly string[] | null): Promise<Organisation[]> => {
    if (ids?.length === 0) return [];
    let rows = database.selectFrom('organisations').selectAll();
    let bins = database.selectFrom('organisation_bins').selectAll();
    if (ids !== null) {
      rows = rows.where('id', 'in', ids);
      bins = bins.where('organisation_id', 'in', ids);
    }
    const [organisations, numbers] = [
      await rows.orderBy('name').orderBy('id').execute(),
      await bins.execute(),
    ];
    return organisations.map((row) => toOrganisation(row, numbers));
  };

  const people = () =>
    database
      .selectFrom('people')
      .innerJoin('subject_keys', 'subject_keys.subject_id', 'people.id')
      .selectAll('people')
      .select(['subject_keys.master_key_id', 'subject_keys.wrapped_key']);

  const accounts = async (memberships: readonly Row<'memberships'>[]): Promise<Account[]> => {
    if (memberships.length === 0) return [];
    const organisations = await organisationsWhere([
      ...new Set(memberships.map((row) => row.organisation_id)),
    ]);
    const personIds = [...new Set(memberships.map((row) => row.person_id))];
    const persons = (await people().where('people.id', 'in', personIds).execute()).map((row) =>
      toPerson(row, cipher),
    );
    return memberships.flatMap((row) => {
      const organisation = organisations.find(({ id }) => id === row.organisation_id);
      const person = persons.find(({ id }) => id === row.person_id);
      // A person whose key is destroyed is erased: their membership is no account any more.
      return organisation === undefined || person === undefined
        ? []
        : [{ organisation, person, membership: toMembership(row) }];
    });
  };

  const personByIin = async (iin: Iin): Promise<Person | null> => {
    const row = await people().where('iin_index', '=', cipher.blindIndex('iin', iin)).executeTakeFirst();
    return row === undefined ? null : toPerson(row, cipher);
  };

  return {
    addOrganisation: ({ name, bin, branchBins = [], settings }, now) =>
      inTransaction(database, async (transaction) => {
        const organisation: Organisation = {
          id: randomUUID(),
          name: readName(name),
          bin,
          branchBins: [...new Set(branchBins)].filter((branch) => branch !== bin).sort(),
          status: 'active',
          settings: { ...DEFAULT_ORGANISATION_SETTINGS, ...settings },
          createdAt: now,
        };
        for (const number of [bin, ...organisation.branchBins]) await assertBinFree(transaction, number);
        await transaction
          .insertInto('organisations')
          .values({
            id: organisation.id,
            name: organisation.name,
            bin,
            status: 'active',
            settings: JSON.stringify(organisation.settings),
            created_at: now.getTime(),
          })
          .execute();
        await transaction
          .insertInto('organisation_bins')
          .values(
            [bin, ...organisation.branchBins].map((number) => ({
              bin: number,
              organisation_id: organisation.id,
            })),
          )
          .execute();
        return organisation;
      }),
    addBranch: (organisationId, bin) =>
      inTransaction(database, async (transaction) => {
        await assertOrganisation(transaction, organisationId);
        await assertBinFree(transaction, bin);
        await transaction
          .insertInto('organisation_bins')
          .values({ bin, organisation_id: organisationId })
          .execute();
      }),
    changeSettings: (organisationId, change) =>
      inTransaction(database, async (transaction) => {
        const row = await assertOrganisation(transaction, organisationId);
        const settings = { ...readSettings(row.settings), ...change };
        await transaction
          .updateTable('organisations')
          .set({ settings: JSON.stringify(settings) })
          .where('id', '=', organisationId)
          .execute();
        return settings;
      }),
    async setOrganisationStatus(organisationId, status) {
      const changed = await database
        .updateTable('organisations')
        .set({ status })
        .where('id', '=', organisationId)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) throw unknownOrganisation();
    },
    async organisationByBin(bin) {
      const row = await database
        .selectFrom('organisation_bins')
        .select('organisation_id')
        .where('bin', '=', bin)
        .executeTakeFirst();
      if (row === undefined) return null;
      return (await organisationsWhere([row.organisation_id]))[0] ?? null;
    },
    organisations: () => organisationsWhere(null),

    addPerson: ({ iin, name }, now) =>
      inTransaction(database, async (transaction) => {
        const known = await createSqlAccounts(transaction, cipher).personByIin(iin);
        if (known !== null) return known;
        const person: Person = {
          id: randomUUID(),
          iin,
          name: readName(name),
          status: 'active',
          createdAt: now,
        };
        const { key, cipher: subject } = cipher.newSubject(person.id);
        await transaction
          .insertInto('subject_keys')
          .values({ subject_id: person.id, master_key_id: key.masterKeyId, wrapped_key: key.wrapped })
          .execute();
        await transaction
          .insertInto('people')
          .values({
            id: person.id,
            iin_index: cipher.blindIndex('iin', iin),
            iin_sealed: subject.seal(place('iin', person.id), iin),
            name_sealed: subject.seal(place('name', person.id), person.name),
            status: 'active',
            created_at: now.getTime(),
          })
          .execute();
        return person;
      }),
    personByIin,
    async setPersonStatus(personId, status) {
      const changed = await database
        .updateTable('people')
        .set({ status })
        .where('id', '=', personId)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) {
        throw new AccountError('PERSON_UNKNOWN', 'there is no such person');
      }
    },

    addMembership: ({ organisationId, personId, roles }, now) =>
      inTransaction(database, async (transaction) => {
        await assertOrganisation(transaction, organisationId);
        const row = await transaction
          .insertInto('memberships')
          .values({
            id: randomUUID(),
            organisation_id: organisationId,
            person_id: personId,
            roles: JSON.stringify(readRoles(roles)),
            status: 'active',
            since: now.getTime(),
            until: null,
          })
          // Somebody who was removed comes back under the same identifier; somebody who is here is not touched.
          .onConflict((conflict) =>
            conflict
              .columns(['person_id', 'organisation_id'])
              .doUpdateSet((excluded) => ({
                roles: excluded.ref('excluded.roles'),
                status: 'active' as const,
                since: now.getTime(),
                until: null,
              }))
              .where('memberships.status', '=', 'removed'),
          )
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) {
          throw new AccountError('MEMBERSHIP_EXISTS', 'this person is already a member of the organisation');
        }
        return toMembership(row);
      }),
    async setMembershipStatus(membershipId, status, now) {
      const until = status === 'removed' ? now.getTime() : null;
      const changed = await database
        .updateTable('memberships')
        .set({ status, until })
        .where('id', '=', membershipId)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) throw unknownMembership();
    },
    async setRoles(membershipId, roles) {
      const changed = await database
        .updateTable('memberships')
        .set({ roles: JSON.stringify(readRoles(roles)) })
        .where('id', '=', membershipId)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) throw unknownMembership();
    },
    async members(organisationId) {
      const rows = await database
        .selectFrom('memberships')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .orderBy('since')
        .orderBy('id')
        .execute();
      return accounts(rows);
    },

    async accountsOf(iin) {
      const rows = await database
        .selectFrom('memberships')
        .innerJoin('people', 'people.id', 'memberships.person_id')
        .selectAll('memberships')
        .where('people.iin_index', '=', cipher.blindIndex('iin', iin))
        .orderBy('memberships.since')
        .orderBy('memberships.id')
        .execute();
      return accounts(rows);
    },
    async accountById(membershipId) {
      const rows = await database
        .selectFrom('memberships')
        .selectAll()
        .where('id', '=', membershipId)
        .execute();
      return (await accounts(rows))[0] ?? null;
    },

    bindCertificate: (membershipId, { sha256, serialNumber, notAfter }, now) =>
      inTransaction(database, async (transaction) => {
        const { numInsertedOrUpdatedRows: inserted } = await transaction
          .insertInto('certificate_bindings')
          .values({
            membership_id: membershipId,
            certificate_sha256: sha256,
            serial_number: serialNumber,
            not_after: notAfter.getTime(),
            first_seen_at: now.getTime(),
            last_seen_at: now.getTime(),
          })
          .onConflict((conflict) => conflict.columns(['membership_id', 'certificate_sha256']).doNothing())
          .executeTakeFirstOrThrow();
        if (inserted === 1n) return { firstSeen: true };
        await transaction
          .updateTable('certificate_bindings')
          .set({ last_seen_at: now.getTime() })
          .where('membership_id', '=', membershipId)
          .where('certificate_sha256', '=', sha256)
          .execute();
        return { firstSeen: false };
      }),
    async certificatesOf(membershipId) {
      const rows = await database
        .selectFrom('certificate_bindings')
        .selectAll()
        .where('membership_id', '=', membershipId)
        .orderBy('first_seen_at')
        .orderBy('certificate_sha256')
        .execute();
      return rows.map(toBinding);
    },
  };
}

function place(column: 'iin' | 'name', recordId: string): FieldPlace {
  return { table: 'people', column, recordId };
}

async function assertBinFree(database: Kysely<Schema>, bin: Bin): Promise<void> {
  const taken = await database
    .selectFrom('organisation_bins')
    .select('bin')
    .where('bin', '=', bin)
    .executeTakeFirst();
  if (taken !== undefined) {
    throw new AccountError('ORGANISATION_BIN_TAKEN', 'this BIN already belongs to an organisation');
  }
}

async function assertOrganisation(database: Kysely<Schema>, id: string): Promise<Row<'organisations'>> {
  const row = await database.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw unknownOrganisation();
  return row;
}

function unknownOrganisation(): AccountError {
  return new AccountError('ORGANISATION_UNKNOWN', 'there is no such organisation');
}

function unknownMembership(): AccountError {
  return new AccountError('MEMBERSHIP_UNKNOWN', 'there is no such membership');
}

function toOrganisation(row: Row<'organisations'>, bins: readonly Row<'organisation_bins'>[]): Organisation {
  return {
    id: row.id,
    name: row.name,
    bin: storedNumber(parseBin(row.bin)),
    branchBins: bins
      .filter(({ organisation_id, bin }) => organisation_id === row.id && bin !== row.bin)
      .map(({ bin }) => storedNumber(parseBin(bin)))
      .sort(),
    status: row.status,
    settings: readSettings(row.settings),
    createdAt: new Date(row.created_at),
  };
}

function toPerson(row: PersonRow, cipher: FieldCipher): Person {
  const subject = cipher.subject(row.id, { masterKeyId: row.master_key_id, wrapped: row.wrapped_key });
  return {
    id: row.id,
    iin: storedNumber(parseIin(subject.open(place('iin', row.id), row.iin_sealed))),
    name: subject.open(place('name', row.id), row.name_sealed),
    status: row.status,
    createdAt: new Date(row.created_at),
  };
}

function toMembership(row: Row<'memberships'>): Membership {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    personId: row.person_id,
    roles: JSON.parse(row.roles) as string[],
    status: row.status,
    since: new Date(row.since),
    until: row.until === null ? null : new Date(row.until),
  };
}

function toBinding(row: Row<'certificate_bindings'>): CertificateBinding {
  return {
    membershipId: row.membership_id,
    certificateSha256: row.certificate_sha256,
    serialNumber: row.serial_number,
    notAfter: new Date(row.not_after),
    firstSeenAt: new Date(row.first_seen_at),
    lastSeenAt: new Date(row.last_seen_at),
  };
}

/** Settings written by an older program lack what came later: the defaults stand in. */
function readSettings(json: string): OrganisationSettings {
  return { ...DEFAULT_ORGANISATION_SETTINGS, ...(JSON.parse(json) as Partial<OrganisationSettings>) };
}

function storedNumber<T>(number: T | null): T {
  if (number === null)
    throw new StorageError('STORAGE_CORRUPT', 'a stored identification number is malformed');
  return number;
}
