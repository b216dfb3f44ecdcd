import { type Expression, type Kysely, sql, type SqlBool } from 'kysely';
import { type Account } from '../../accounts/account.js';
import { nameMatcher } from '../../accounts/name-search.js';
import { type PageMark } from '../../accounts/page.js';
import { MANAGER } from '../../accounts/role.js';
import { type MemberStore } from '../../accounts/store.js';
import { type MembersQuery } from '../../accounts/tenant.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { accountsFrom, type Row, subjectOf, toMembership, visibleName } from './account-rows.js';
import { beginMembership, savedMembership } from './membership-rows.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';

/** The members of one organisation. */
export function createSqlMembers(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
): MemberStore {
  const select = () =>
    database
      .selectFrom('memberships')
      .selectAll('memberships')
      .where('memberships.organisation_id', '=', organisationId);
  const byId = (membershipId: string) =>
    select().where('memberships.id', '=', membershipId).executeTakeFirst();
  const byPerson = (personId: string) =>
    select().where('memberships.person_id', '=', personId).executeTakeFirst();
  const account = async (row: Row<'memberships'> | undefined): Promise<Account | null> =>
    row === undefined ? null : ((await accountsFrom(database, cipher, [row]))[0] ?? null);

  return {
    list: (query) => listMembers(database, cipher, organisationId, query),
    find: async (membershipId) => account(await byId(membershipId)),
    async membership(membershipId) {
      const row = await byId(membershipId);
      return row === undefined ? null : toMembership(row);
    },
    ofPerson: async (personId) => account(await byPerson(personId)),
    async membershipOf(personId) {
      const row = await byPerson(personId);
      return row === undefined ? null : toMembership(row);
    },
    async ofIin(iin) {
      const index = cipher.blindIndex('iin', iin);
      return account(
        await select()
          .innerJoin('people', 'people.id', 'memberships.person_id')
          .where('people.iin_index', '=', index)
          .executeTakeFirst(),
      );
    },
    async holdersOf(role) {
      const rows = await select().where('status', '<>', 'removed').where(holds(role)).execute();
      return rows.map(({ id }) => id);
    },
    begin: (membership, givenName) => beginMembership(database, cipher, membership, givenName),
    async save(membership) {
      await database
        .updateTable('memberships')
        .set(savedMembership(membership))
        .where('organisation_id', '=', organisationId)
        .where('id', '=', membership.id)
        .execute();
    },
    anotherManagerActs: (membershipId) => anotherManagerActs(database, organisationId, membershipId),
    async endProvisionalAccess(membershipId, now) {
      await database
        .updateTable('provisional_access')
        .set(endedAccess(now))
        .where('membership_id', '=', membershipId)
        .where('ended_at', 'is', null)
        .execute();
    },
    async provedPeople() {
      const people = await database
        .selectFrom('memberships')
        .select('person_id')
        .where('organisation_id', '=', organisationId)
        .where('status', 'in', ['active', 'requested'])
        .where('provisional', '=', 0)
        .execute();
      return people.map(({ person_id }) => person_id);
    },
    removeAll: (now) => removeAll(database, organisationId, now),
  };
}

async function anotherManagerActs(
  database: Kysely<Schema>,
  organisationId: string,
  membershipId: string,
): Promise<boolean> {
  const other = await database
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .select('memberships.id')
    .where('memberships.organisation_id', '=', organisationId)
    .where('memberships.status', '=', 'active')
    .where('people.status', '=', 'active')
    .where(holds(MANAGER))
    .where('memberships.id', '<>', membershipId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

function endedAccess(now: Date) {
  return { hash: null, failures: 0, email_sealed: null, phone_sealed: null, ended_at: now.getTime() };
}

/**
 * That a membership has a role, as it stands in the text of its roles: its characters need no escaping there. Managers have an index of
 * their own, which is found only by its own words.
 */
function holds(role: string): Expression<SqlBool> {
  return role === MANAGER
    ? sql<SqlBool>`memberships.roles like ${sql.lit(`%"${MANAGER}"%`)}`
    : sql<SqlBool>`memberships.roles like ${`%"${role}"%`}`;
}

async function removeAll(database: Kysely<Schema>, organisationId: string, now: Date): Promise<void> {
  await database
    .updateTable('invitations')
    .set({ revoked_at: now.getTime() })
    .where('organisation_id', '=', organisationId)
    .where('taken_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
  await database
    .updateTable('provisional_access')
    .set(endedAccess(now))
    .where('organisation_id', '=', organisationId)
    .where('ended_at', 'is', null)
    .execute();
  await database
    .updateTable('memberships')
    .set({ status: 'removed', until: now.getTime() })
    .where('organisation_id', '=', organisationId)
    .where('status', '<>', 'removed')
    .execute();
}

function listMembers(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
  { status, role, name, iin, ...request }: MembersQuery,
): ReturnType<MemberStore['list']> {
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
      if (role !== undefined) rows = rows.where(holds(role));
      if (iin !== undefined) {
        // By the person, of whom there is one at most: joined, every member would be looked at.
        const index = cipher.blindIndex('iin', iin);
        rows = rows.where('memberships.person_id', '=', (row) =>
          row.selectFrom('people as sought').select('sought.id').where('sought.iin_index', '=', index),
        );
      }
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
