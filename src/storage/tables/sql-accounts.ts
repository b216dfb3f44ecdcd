import { type Kysely } from 'kysely';
import { claimsFrom, MANAGER } from '../../accounts/role.js';
import { type AccountStore, type DoorStore, type TenantStore } from '../../accounts/store.js';
import { inTransaction } from '../engines/transaction.js';
import { inTurn, takeTurn, takeTurnWithPlaces } from '../engines/turns.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { onDemand } from '../on-demand.js';
import { accountsFrom, SEALED, subjectOfPerson } from './account-rows.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';
import { belongingOf } from './sql-belonging.js';
import { bindingRow, createSqlCertificates, toBinding } from './sql-certificates.js';
import { createSqlInvitations, invitationByToken } from './sql-invitations.js';
import { createSqlMembers } from './sql-members.js';
import { createSqlOrganisations } from './sql-organisations.js';
import { createSqlPeople } from './sql-people.js';
import { createSqlRoles, definitionsOf } from './sql-roles.js';

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
export function createSqlAccounts(database: Kysely<Schema>, cipher: FieldCipher): AccountStore {
  return accountsIn({ database, cipher });
}

interface Accounts {
  readonly database: Kysely<Schema>;
  readonly cipher: FieldCipher;
}

const accountsIn: (accounts: Accounts) => AccountStore = onDemand<Accounts, AccountStore>({
  organisations: ({ database, cipher }) => createSqlOrganisations(database, cipher),
  people: ({ database, cipher }) => createSqlPeople(database, cipher),
  door: ({ database, cipher }) => createSqlDoor(database, cipher),
  tenant: (accounts) => (organisationId) => tenantIn({ ...accounts, organisationId }),
  turns: ({ database, cipher }) => ({
    ofOrganisation: (organisationId) => takeTurn(database, `organisation:${organisationId}`),
    ofPerson: (iin) => takeTurnWithPlaces(database, cipher.blindIndex('iin', iin)),
  }),
  together:
    ({ database, cipher }, whole) =>
    (work) =>
      database.isTransaction
        ? work(whole)
        : inTransaction(database, (unit) => work(accountsIn({ database: unit, cipher }))),
});

interface Tenant extends Accounts {
  readonly organisationId: string;
}

/** What a unit reads of an organisation stands until it ends: those who decide from it decide one after another. */
const tenantIn = onDemand<Tenant, TenantStore>({
  members: (tenant) =>
    ofTenant(tenant, createSqlMembers(tenant.database, tenant.cipher, tenant.organisationId)),
  roles: (tenant) => ofTenant(tenant, createSqlRoles(tenant.database, tenant.organisationId)),
  invitations: (tenant) =>
    ofTenant(tenant, createSqlInvitations(tenant.database, tenant.cipher, tenant.organisationId)),
  certificates: (tenant) =>
    ofTenant(tenant, createSqlCertificates(tenant.database, tenant.cipher, tenant.organisationId)),
});

function ofTenant<S extends object>({ database, organisationId }: Tenant, store: S): S {
  return inTurn(store, () => takeTurn(database, `organisation:${organisationId}`));
}

function createSqlDoor(database: Kysely<Schema>, cipher: FieldCipher): DoorStore {
  return {
    async accountsOf(iin) {
      const index = cipher.blindIndex('iin', iin);
      await takeTurnWithPlaces(database, index);
      const { rows } = await membershipsOfIin(database, { index });
      // Here and not in the database, which would set up a sorter for what is nearly always one row.
      const oldestFirst = rows.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
      return accountsFrom(database, cipher, oldestFirst);
    },
    async accountById(membershipId) {
      const { rows } = await membershipById(database, { id: membershipId });
      return (await accountsFrom(database, cipher, rows))[0] ?? null;
    },
    belonging: (membershipId, certificateSha256) =>
      belongingOf(database, cipher, membershipId, certificateSha256),
    async claimsOf({ membership: { organisationId, roles } }) {
      const own = roles.filter((role) => role !== MANAGER);
      return claimsFrom(roles, await definitionsOf(database, organisationId, own));
    },

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

    place: (organisationId) => ({
      members: createSqlMembers(database, cipher, organisationId),
      certificates: createSqlCertificates(database, cipher, organisationId),
    }),
    invitationByToken: (token) => invitationByToken(database, token),
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
