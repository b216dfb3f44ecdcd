import { type Kysely } from 'kysely';
import { type AccountDirectory, type Doorway } from '../../accounts/directory.js';
import { claimsFrom, MANAGER } from '../../accounts/role.js';
import { changedSettings } from '../../accounts/settings.js';
import { type TenantDirectory } from '../../accounts/tenant.js';
import {
  accountsFrom,
  organisationsWhere,
  SEALED,
  storedSettings,
  subjectOfPerson,
  unknownOrganisation,
} from './account-rows.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';
import { bindCertificate, bindingRow, createSqlCertificates, toBinding } from './sql-certificates.js';
import { createSqlInvitations, invitationByToken, takeInvitation } from './sql-invitations.js';
import { createSqlMembers } from './sql-members.js';
import { mergeOrganisation, releaseBranch } from './sql-merging.js';
import { changeSettings, createSqlOrganisations } from './sql-organisations.js';
import { createSqlPeople } from './sql-people.js';
import { createSqlRoles, definitionsOf } from './sql-roles.js';
import { inTransaction } from '../engines/transaction.js';

const membershipsOfIin = prepared((database, asked: { index: string }) =>
  database
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .selectAll('memberships')
    .where('people.iin_index', '=', asked.index),
);

const membershipById = prepared((database, asked: { id: string }) =>
  database.selectFrom('memberships').selectAll().where('id', '=', asked.id),
);

/** Organisations, people and memberships in the database; what is personal sealed under each person's own key. */
export function createSqlAccounts(database: Kysely<Schema>, cipher: FieldCipher): AccountDirectory {
  return {
    ...createSqlOrganisations(database, cipher),
    releaseBranch: (organisationId, bin) => releaseBranch(database, organisationId, bin),
    mergeOrganisation: (merged, now) => mergeOrganisation(database, cipher, merged, now),
    ...createSqlPeople(database, cipher),
    ...createSqlDoorway(database, cipher),
    tenant: (organisationId) => createSqlTenant(database, cipher, organisationId),
  };
}

function createSqlTenant(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
): TenantDirectory {
  return {
    organisationId,
    async organisation() {
      const [organisation] = await organisationsWhere(database, cipher, [organisationId]);
      if (organisation === undefined) throw unknownOrganisation();
      return organisation;
    },
    changeSettings: (change) =>
      inTransaction(database, (transaction) =>
        changeSettings(transaction, organisationId, (before) =>
          changedSettings(storedSettings(before), change),
        ),
      ),
    members: createSqlMembers(database, cipher, organisationId),
    roles: createSqlRoles(database, organisationId),
    invitations: createSqlInvitations(database, cipher, organisationId),
    certificates: createSqlCertificates(database, organisationId),
  };
}

function createSqlDoorway(database: Kysely<Schema>, cipher: FieldCipher): Doorway {
  return {
    async accountsOf(iin) {
      const { rows } = await membershipsOfIin(database, { index: cipher.blindIndex('iin', iin) });
      // Here and not in the database, which would set up a sorter for what is nearly always one row.
      const oldestFirst = rows.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
      return accountsFrom(database, cipher, oldestFirst);
    },
    async accountById(membershipId) {
      const { rows } = await membershipById(database, { id: membershipId });
      return (await accountsFrom(database, cipher, rows))[0] ?? null;
    },
    async claimsOf({ membership: { organisationId, roles } }) {
      const own = roles.filter((role) => role !== MANAGER);
      return claimsFrom(roles, await definitionsOf(database, organisationId, own));
    },

    bindCertificate: (account, certificate, now) =>
      bindCertificate(database, cipher, account, certificate, now),
    async certificateOf(membershipId, sha256) {
      const row = await bindingRow(database, membershipId, sha256);
      return row === undefined ? null : toBinding(row);
    },
    async holderOfCertificate(sha256) {
      const holder = await database
        .selectFrom('certificate_bindings')
        .innerJoin('memberships', 'memberships.id', 'certificate_bindings.membership_id')
        .select('memberships.person_id')
        .where('certificate_bindings.certificate_sha256', '=', sha256)
        .limit(1)
        .executeTakeFirst();
      return holder?.person_id ?? null;
    },
    async certificateBytesOf(membershipId, sha256) {
      const row = await bindingRow(database, membershipId, sha256);
      const account = await database
        .selectFrom('memberships')
        .select('person_id')
        .where('id', '=', membershipId)
        .executeTakeFirst();
      if (row?.der_sealed == null || account === undefined) return null;
      const subject = await subjectOfPerson(database, cipher, account.person_id);
      return Buffer.from(subject.open(SEALED.certificate(membershipId, sha256), row.der_sealed), 'base64');
    },

    async invitationOf(token) {
      const invitation = await invitationByToken(database, token);
      if (invitation === null) return null;
      const [organisation] = await organisationsWhere(database, cipher, [invitation.organisationId]);
      return organisation === undefined ? null : { invitation, organisation };
    },
    takeInvitation: (token, iin, now, taken) =>
      takeInvitation(database, cipher, { token, iin, provisional: taken === 'without-eds' }, now),
    async confirmMembership(membershipId, now) {
      await database
        .updateTable('memberships')
        .set((row) => ({
          confirmed_at: row.fn.coalesce('confirmed_at', row.val(now.getTime())),
          provisional: 0,
        }))
        .where('id', '=', membershipId)
        .execute();
    },
  };
}
