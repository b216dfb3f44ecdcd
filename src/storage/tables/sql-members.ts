import { randomUUID } from 'node:crypto';
import { type Kysely } from 'kysely';
import { type Account, AccountError, type Membership, type Party } from '../../accounts/account.js';
import { assertStatusChange, type MembershipStatus } from '../../accounts/membership-status.js';
import { nameMatcher } from '../../accounts/name-search.js';
import { readName } from '../../accounts/naming.js';
import { type PageMark } from '../../accounts/page.js';
import { MANAGER, readRoles } from '../../accounts/role.js';
import { type MembersQuery, type TenantMembers } from '../../accounts/tenant.js';
import {
  accountsFrom,
  type Row,
  SEALED,
  subjectOf,
  subjectOfPerson,
  toMembership,
  unknownMembership,
  visibleName,
} from './account-rows.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';
import { organisationRow } from './sql-organisations.js';
import { assertDefined } from './sql-roles.js';
import { inTransaction } from '../engines/transaction.js';

/** The members of one organisation. */
export function createSqlMembers(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
): TenantMembers {
  const select = (executor: Kysely<Schema>) =>
    executor
      .selectFrom('memberships')
      .selectAll('memberships')
      .where('memberships.organisation_id', '=', organisationId);
  const account = async (row: Row<'memberships'> | undefined): Promise<Account | null> =>
    row === undefined ? null : ((await accountsFrom(database, cipher, [row]))[0] ?? null);
  const rowOf = async (executor: Kysely<Schema>, membershipId: string): Promise<Row<'memberships'>> => {
    const row = await select(executor).where('memberships.id', '=', membershipId).executeTakeFirst();
    if (row === undefined) throw unknownMembership();
    return row;
  };
  const update = async (
    executor: Kysely<Schema>,
    membershipId: string,
    change: Partial<Row<'memberships'>>,
  ): Promise<Membership> =>
    toMembership(
      await executor
        .updateTable('memberships')
        .set(change)
        .where('organisation_id', '=', organisationId)
        .where('id', '=', membershipId)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );

  return {
    list: (query) => listMembers(database, cipher, organisationId, query),
    async get(membershipId) {
      const found = await account(await rowOf(database, membershipId));
      if (found === null) throw unknownMembership();
      return found;
    },
    async ofPerson(personId) {
      return account(await select(database).where('memberships.person_id', '=', personId).executeTakeFirst());
    },
    async ofIin(iin) {
      const index = cipher.blindIndex('iin', iin);
      return account(
        await select(database)
          .innerJoin('people', 'people.id', 'memberships.person_id')
          .where('people.iin_index', '=', index)
          .executeTakeFirst(),
      );
    },
    async holdersOf(role) {
      const rows = await select(database)
        .where('status', '<>', 'removed')
        .where('roles', 'like', held(readRoles([role])[0] ?? ''))
        .execute();
      return rows.map(({ id }) => id);
    },

    add: (details, now) =>
      inTransaction(database, async (transaction) => {
        await organisationRow(transaction, organisationId);
        const roles = readRoles(details.roles);
        await assertDefined(transaction, organisationId, roles);
        const before = await select(transaction)
          .where('memberships.person_id', '=', details.personId)
          .executeTakeFirst();
        if (before !== undefined && before.status !== 'removed') throw alreadyMember();
        const id = before?.id ?? randomUUID();
        const subject = await subjectOfPerson(transaction, cipher, details.personId);
        const row: Row<'memberships'> = {
          id,
          organisation_id: organisationId,
          person_id: details.personId,
          roles: JSON.stringify(roles),
          status: details.status,
          given_name_sealed:
            details.name == null ? null : subject.seal(SEALED.givenName(id), readName(details.name)),
          created_at: before?.created_at ?? now.getTime(),
          since: now.getTime(),
          until: null,
          invited_by_kind: details.by?.kind ?? null,
          invited_by_id: details.by?.id ?? null,
          ...decided(details, now),
          confirmed_at: null,
          provisional: 0,
        };
        if (before !== undefined) return update(transaction, id, row);
        const inserted = await transaction
          .insertInto('memberships')
          .values(row)
          .onConflict((conflict) => conflict.columns(['person_id', 'organisation_id']).doNothing())
          .returningAll()
          .executeTakeFirst();
        if (inserted === undefined) throw alreadyMember();
        return toMembership(inserted);
      }),
    changeStatus: (membershipId, to, by, now) =>
      inTransaction(database, async (transaction) => {
        const row = await rowOf(transaction, membershipId);
        assertStatusChange(row.status, to);
        if (row.status === 'active') await assertNotLastManager(transaction, row);
        const begins = to === 'active' && row.status !== 'suspended';
        if (to === 'removed') await endProvisionalAccess(transaction, membershipId, now);
        return update(transaction, membershipId, {
          status: to,
          until: to === 'removed' ? now.getTime() : null,
          ...(begins ? { since: now.getTime() } : {}),
          decided_at: now.getTime(),
          decided_by_kind: by.kind,
          decided_by_id: by.id,
        });
      }),
    setRoles: (membershipId, text) =>
      inTransaction(database, async (transaction) => {
        const roles = readRoles(text);
        const row = await rowOf(transaction, membershipId);
        if (row.status === 'removed') throw unknownMembership();
        await assertDefined(transaction, organisationId, roles);
        if (row.status === 'active' && !roles.includes(MANAGER)) await assertNotLastManager(transaction, row);
        return update(transaction, membershipId, { roles: JSON.stringify(roles) });
      }),
  };
}

/** Who is removed leaves nothing that could open the place when it begins anew. */
async function endProvisionalAccess(
  transaction: Kysely<Schema>,
  membershipId: string,
  now: Date,
): Promise<void> {
  await transaction
    .updateTable('provisional_access')
    .set({ hash: null, failures: 0, email_sealed: null, phone_sealed: null, ended_at: now.getTime() })
    .where('membership_id', '=', membershipId)
    .where('ended_at', 'is', null)
    .execute();
}

function decided(
  { status, by }: { readonly status: MembershipStatus; readonly by: Party | null },
  now: Date,
): Pick<Row<'memberships'>, 'decided_at' | 'decided_by_kind' | 'decided_by_id'> {
  return status === 'active' && by !== null
    ? { decided_at: now.getTime(), decided_by_kind: by.kind, decided_by_id: by.id }
    : { decided_at: null, decided_by_kind: null, decided_by_id: null };
}

function alreadyMember(): AccountError {
  return new AccountError('MEMBERSHIP_EXISTS', 'this person is already a member of the organisation');
}

/** How a role stands in the text of a membership's roles: its characters need no escaping there. */
function held(role: string): string {
  return `%"${role}"%`;
}

/** @throws AccountError `LAST_MANAGER` when this is the only manager who can act */
async function assertNotLastManager(database: Kysely<Schema>, row: Row<'memberships'>): Promise<void> {
  if (await isOnlyManager(database, toMembership(row))) {
    throw new AccountError('LAST_MANAGER', 'an organisation keeps at least one manager');
  }
}

/** Whether this is a manager beside whom no other can act. */
export async function isOnlyManager(
  database: Kysely<Schema>,
  { id, organisationId, roles }: Pick<Membership, 'id' | 'organisationId' | 'roles'>,
): Promise<boolean> {
  if (!roles.includes(MANAGER)) return false;
  const other = await database
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .select('memberships.id')
    .where('memberships.organisation_id', '=', organisationId)
    .where('memberships.status', '=', 'active')
    .where('people.status', '=', 'active')
    .where('memberships.roles', 'like', held(MANAGER))
    .where('memberships.id', '<>', id)
    .limit(1)
    .executeTakeFirst();
  return other === undefined;
}

function listMembers(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
  { status, role, name, iin, ...request }: MembersQuery,
): ReturnType<TenantMembers['list']> {
  const matches = name === undefined || name.trim() === '' ? null : nameMatcher(name);
  return pageOf({
    request,
    async rows(after: PageMark | null, count) {
      let rows = database
        .selectFrom('memberships')
        .innerJoin('people', 'people.id', 'memberships.person_id')
        .innerJoin('subject_keys', 'subject_keys.subject_id', 'memberships.person_id')
        .selectAll('memberships')
        .select(['people.name_sealed', 'subject_keys.master_key_id', 'subject_keys.wrapped_key'])
        .where('memberships.organisation_id', '=', organisationId);
      if (status !== undefined) rows = rows.where('memberships.status', '=', status);
      if (role !== undefined)
        rows = rows.where('memberships.roles', 'like', held(readRoles([role])[0] ?? ''));
      if (iin !== undefined) rows = rows.where('people.iin_index', '=', cipher.blindIndex('iin', iin));
      if (after !== null) {
        rows = rows.where((row) =>
          row(row.refTuple('memberships.created_at', 'memberships.id'), '>', row.tuple(after.at, after.id)),
        );
      }
      return rows.orderBy('memberships.created_at').orderBy('memberships.id').limit(count).execute();
    },
    mark: ({ created_at, id }) => ({ at: created_at, id }),
    wanted:
      matches === null
        ? null
        : (row) => {
            const { person_id: id, name_sealed } = row;
            return matches(visibleName(subjectOf(cipher, id, row), { id, name_sealed }, row));
          },
    items: (rows) => accountsFrom(database, cipher, rows),
  });
}
