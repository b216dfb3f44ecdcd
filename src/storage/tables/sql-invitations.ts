import { type Kysely, type SelectQueryBuilder } from 'kysely';
import { type Invitation, type InvitationState, invitationTokenHash } from '../../accounts/invitation.js';
import { type InvitationStore } from '../../accounts/store.js';
import { type InvitationsQuery } from '../../accounts/tenant.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { accountsFrom, type Row } from './account-rows.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';
import { createSqlMembers } from './sql-members.js';

/** The invitations of one organisation. */
export function createSqlInvitations(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
): InvitationStore {
  /** Those nobody took and nobody withdrew, open or expired. */
  const end = (change: Partial<Row<'invitations'>>) =>
    database
      .updateTable('invitations')
      .set(change)
      .where('organisation_id', '=', organisationId)
      .where('taken_at', 'is', null)
      .where('revoked_at', 'is', null);
  const invitation = async (invitationId: string): Promise<Invitation | null> => {
    const row = await database
      .selectFrom('invitations')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('id', '=', invitationId)
      .executeTakeFirst();
    return row === undefined ? null : toInvitation(row);
  };

  return {
    async countSince(since) {
      const { count } = await database
        .selectFrom('invitations')
        .select((row) => row.fn.countAll<number | string>().as('count'))
        .where('organisation_id', '=', organisationId)
        .where('created_at', '>', since.getTime())
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async find(invitationId) {
      const found = await invitation(invitationId);
      if (found === null) return null;
      const account = await createSqlMembers(database, cipher, organisationId).find(found.membershipId);
      return account === null ? null : { invitation: found, account };
    },
    invitation,
    list: (query, now) => listInvitations(database, cipher, organisationId, query, now),
    async insert({ id, membershipId, createdAt, createdBy, expiresAt }, tokenHash) {
      const row: Row<'invitations'> = {
        id,
        organisation_id: organisationId,
        membership_id: membershipId,
        token_hash: tokenHash,
        created_at: createdAt.getTime(),
        created_by_kind: createdBy.kind,
        created_by_id: createdBy.id,
        expires_at: expiresAt.getTime(),
        taken_at: null,
        revoked_at: null,
      };
      await database.insertInto('invitations').values(row).execute();
    },
    async take(invitationId, now) {
      const query = end({ taken_at: now.getTime() }).where('id', '=', invitationId);
      return (await query.executeTakeFirst()).numUpdatedRows === 1n;
    },
    async revoke(invitationId, now) {
      const query = end({ revoked_at: now.getTime() }).where('id', '=', invitationId);
      return (await query.executeTakeFirst()).numUpdatedRows === 1n;
    },
    async revokeAllOf(membershipId, now) {
      const query = end({ revoked_at: now.getTime() }).where('membership_id', '=', membershipId);
      return Number((await query.executeTakeFirst()).numUpdatedRows);
    },
  };
}

function listInvitations(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
  { state, ...request }: InvitationsQuery,
  now: Date,
): ReturnType<InvitationStore['list']> {
  return pageOf({
    request,
    async rows(after, count) {
      let rows = database.selectFrom('invitations').selectAll().where('organisation_id', '=', organisationId);
      if (state !== undefined) rows = inState(rows, state, now);
      if (after !== null) {
        rows = rows.where((row) => row(row.refTuple('created_at', 'id'), '<', row.tuple(after.at, after.id)));
      }
      return rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(count).execute();
    },
    mark: ({ created_at, id }) => ({ at: created_at, id }),
    async items(rows) {
      const memberships = await database
        .selectFrom('memberships')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .where('id', 'in', ['', ...new Set(rows.map(({ membership_id }) => membership_id))])
        .execute();
      const accounts = await accountsFrom(database, cipher, memberships);
      return rows.flatMap((row) => {
        const account = accounts.find(({ membership }) => membership.id === row.membership_id);
        return account === undefined ? [] : [{ invitation: toInvitation(row), account }];
      });
    },
  });
}

/** The invitation of a token, whoever's it is. */
export async function invitationByToken(database: Kysely<Schema>, token: string): Promise<Invitation | null> {
  const row = await database
    .selectFrom('invitations')
    .selectAll()
    .where('token_hash', '=', invitationTokenHash(token))
    .executeTakeFirst();
  return row === undefined ? null : toInvitation(row);
}

/** The rows of one state: `stateOf`, as a database judges it. */
function inState<O>(
  rows: SelectQueryBuilder<Schema, 'invitations', O>,
  state: InvitationState,
  now: Date,
): SelectQueryBuilder<Schema, 'invitations', O> {
  if (state === 'taken') return rows.where('taken_at', 'is not', null);
  const untaken = rows.where('taken_at', 'is', null);
  if (state === 'revoked') return untaken.where('revoked_at', 'is not', null);
  return untaken
    .where('revoked_at', 'is', null)
    .where('expires_at', state === 'open' ? '>' : '<=', now.getTime());
}

function toInvitation(row: Row<'invitations'>): Invitation {
  const date = (time: number | null): Date | null => (time === null ? null : new Date(time));
  return {
    id: row.id,
    organisationId: row.organisation_id,
    membershipId: row.membership_id,
    createdAt: new Date(row.created_at),
    createdBy: { kind: row.created_by_kind, id: row.created_by_id },
    expiresAt: new Date(row.expires_at),
    takenAt: date(row.taken_at),
    revokedAt: date(row.revoked_at),
  };
}
