import { randomUUID } from 'node:crypto';
import { type Kysely, type SelectQueryBuilder } from 'kysely';
import { type Account, AccountError } from '../../accounts/account.js';
import {
  type Invitation,
  invitationTokenHash,
  type InvitationState,
  newInvitationToken,
  stateOf,
} from '../../accounts/invitation.js';
import { type Iin } from '../../accounts/national-number.js';
import { type TenantInvitations } from '../../accounts/tenant.js';
import { accountsFrom, type Row, unknownMembership } from './account-rows.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';
import { createSqlMembers } from './sql-members.js';
import { inTransaction } from '../engines/transaction.js';

/** The invitations of one organisation. */
export function createSqlInvitations(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
): TenantInvitations {
  const revokeOpen = async (executor: Kysely<Schema>, membershipId: string, now: Date): Promise<number> => {
    const { numUpdatedRows } = await executor
      .updateTable('invitations')
      .set({ revoked_at: now.getTime() })
      .where('organisation_id', '=', organisationId)
      .where('membership_id', '=', membershipId)
      .where('taken_at', 'is', null)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  };

  return {
    create: ({ membershipId, expiresAt, by }, now) =>
      inTransaction(database, async (transaction) => {
        const membership = await transaction
          .selectFrom('memberships')
          .select('status')
          .where('organisation_id', '=', organisationId)
          .where('id', '=', membershipId)
          .executeTakeFirst();
        if (membership === undefined) throw unknownMembership();
        if (membership.status !== 'invited') {
          throw new AccountError(
            'MEMBERSHIP_STATUS',
            `a membership that is ${membership.status} is not invited`,
          );
        }
        await revokeOpen(transaction, membershipId, now);
        const token = newInvitationToken();
        const row: Row<'invitations'> = {
          id: randomUUID(),
          organisation_id: organisationId,
          membership_id: membershipId,
          token_hash: invitationTokenHash(token),
          created_at: now.getTime(),
          created_by_kind: by.kind,
          created_by_id: by.id,
          expires_at: expiresAt.getTime(),
          taken_at: null,
          revoked_at: null,
        };
        await transaction.insertInto('invitations').values(row).execute();
        return { invitation: toInvitation(row), token };
      }),
    async countSince(since) {
      const { count } = await database
        .selectFrom('invitations')
        .select((row) => row.fn.countAll<number | string>().as('count'))
        .where('organisation_id', '=', organisationId)
        .where('created_at', '>', since.getTime())
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async get(invitationId) {
      const row = await database
        .selectFrom('invitations')
        .selectAll()
        .where('organisation_id', '=', organisationId)
        .where('id', '=', invitationId)
        .executeTakeFirst();
      if (row === undefined) throw unknownInvitation();
      const members = createSqlMembers(database, cipher, organisationId);
      return { invitation: toInvitation(row), account: await members.get(row.membership_id) };
    },
    list: ({ state, ...request }, now) =>
      pageOf({
        request,
        async rows(after, count) {
          let rows = database
            .selectFrom('invitations')
            .selectAll()
            .where('organisation_id', '=', organisationId);
          if (state !== undefined) rows = inState(rows, state, now);
          if (after !== null) {
            rows = rows.where((row) =>
              row(row.refTuple('created_at', 'id'), '<', row.tuple(after.at, after.id)),
            );
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
      }),
    revoke: (invitationId, now) =>
      inTransaction(database, async (transaction) => {
        const row = await transaction
          .selectFrom('invitations')
          .selectAll()
          .where('organisation_id', '=', organisationId)
          .where('id', '=', invitationId)
          .executeTakeFirst();
        if (row === undefined) throw unknownInvitation();
        if (row.taken_at !== null) throw usedInvitation();
        if (row.revoked_at !== null) throw revokedInvitation();
        await transaction
          .updateTable('invitations')
          .set({ revoked_at: now.getTime() })
          .where('organisation_id', '=', organisationId)
          .where('id', '=', invitationId)
          .execute();
        return toInvitation({ ...row, revoked_at: now.getTime() });
      }),
    revokeAllOf: (membershipId, now) => revokeOpen(database, membershipId, now),
  };
}

/** The invitation of a token, whoever's it is. */
export async function invitationByToken(database: Kysely<Schema>, token: string): Promise<Invitation | null> {
  const row = await rowByToken(database, token);
  return row === undefined ? null : toInvitation(row);
}

/** Takes an invitation: see `Doorway.takeInvitation`. */
export function takeInvitation(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { token, iin, provisional }: { readonly token: string; readonly iin: Iin; readonly provisional: boolean },
  now: Date,
): Promise<Account> {
  return inTransaction(database, async (transaction) => {
    const row = await rowByToken(transaction, token);
    if (row === undefined) throw unknownInvitation();
    assertOpen(stateOf(toInvitation(row), now));
    const invited = await transaction
      .selectFrom('memberships')
      .innerJoin('people', 'people.id', 'memberships.person_id')
      .select(['people.iin_index', 'memberships.status'])
      .where('memberships.id', '=', row.membership_id)
      .executeTakeFirstOrThrow();
    if (invited.iin_index !== cipher.blindIndex('iin', iin)) {
      throw new AccountError('INVITATION_OTHER_PERSON', 'the invitation is for somebody else');
    }
    if (invited.status !== 'invited') throw revokedInvitation();
    const { numUpdatedRows } = await transaction
      .updateTable('invitations')
      .set({ taken_at: now.getTime() })
      .where('id', '=', row.id)
      .where('taken_at', 'is', null)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw usedInvitation();
    const members = createSqlMembers(transaction, cipher, row.organisation_id);
    const themselves = { kind: 'membership', id: row.membership_id };
    await members.changeStatus(row.membership_id, 'active', themselves, now);
    if (provisional) {
      await transaction
        .updateTable('memberships')
        .set({ provisional: 1 })
        .where('id', '=', row.membership_id)
        .execute();
    }
    return members.get(row.membership_id);
  });
}

function rowByToken(database: Kysely<Schema>, token: string): Promise<Row<'invitations'> | undefined> {
  return database
    .selectFrom('invitations')
    .selectAll()
    .where('token_hash', '=', invitationTokenHash(token))
    .executeTakeFirst();
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

function assertOpen(state: InvitationState): void {
  if (state === 'taken') throw usedInvitation();
  if (state === 'revoked') throw revokedInvitation();
  if (state === 'expired') throw new AccountError('INVITATION_EXPIRED', 'the invitation has expired');
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

function unknownInvitation(): AccountError {
  return new AccountError('INVITATION_UNKNOWN', 'there is no such invitation');
}

function usedInvitation(): AccountError {
  return new AccountError('INVITATION_USED', 'the invitation was taken already');
}

function revokedInvitation(): AccountError {
  return new AccountError('INVITATION_REVOKED', 'the invitation was withdrawn');
}
