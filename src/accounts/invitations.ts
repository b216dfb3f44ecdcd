/** How invitations are made, withdrawn and taken. */
import { randomUUID } from 'node:crypto';
import { type Account, AccountError } from './account.js';
import {
  type Invitation,
  invitationTokenHash,
  type InvitationState,
  newInvitationToken,
  stateOf,
} from './invitation.js';
import { known } from './known.js';
import { changeStatus, membershipIn } from './members.js';
import { type Iin } from './national-number.js';
import { type AccountStore } from './store.js';
import { type TenantInvitations } from './tenant.js';

export function createInvitations(store: AccountStore, organisationId: string): TenantInvitations {
  const { invitations } = store.tenant(organisationId);
  return {
    create: (details, now) =>
      store.together(async (unit) => {
        const tenant = unit.tenant(organisationId);
        const { membershipId, expiresAt, by } = details;
        const { status } = await membershipIn(tenant.members, membershipId);
        if (status !== 'invited') {
          throw new AccountError('MEMBERSHIP_STATUS', `a membership that is ${status} is not invited`);
        }
        await tenant.invitations.revokeAllOf(membershipId, now);
        const token = newInvitationToken();
        const invitation: Invitation = {
          id: randomUUID(),
          organisationId,
          membershipId,
          createdAt: now,
          createdBy: by,
          expiresAt,
          takenAt: null,
          revokedAt: null,
        };
        await tenant.invitations.insert(invitation, invitationTokenHash(token));
        return { invitation, token };
      }),
    countSince: (since) => invitations.countSince(since),
    get: async (invitationId) => known(await invitations.find(invitationId), 'INVITATION_UNKNOWN'),
    list: (query, now) => invitations.list(query, now),
    revoke: (invitationId, now) =>
      store.together(async (unit) => {
        const kept = unit.tenant(organisationId).invitations;
        const invitation = known(await kept.invitation(invitationId), 'INVITATION_UNKNOWN');
        const state = stateOf(invitation, now);
        // One that has expired can still be withdrawn.
        if (state !== 'open' && state !== 'expired') throw spent(state);
        if (!(await kept.revoke(invitationId, now))) throw spent('taken');
        return { ...invitation, revokedAt: now };
      }),
    revokeAllOf: (membershipId, now) => invitations.revokeAllOf(membershipId, now),
  };
}

/** Takes an invitation: see `Doorway.takeInvitation`. */
export async function takeInvitation(
  unit: AccountStore,
  { token, iin, provisional }: { readonly token: string; readonly iin: Iin; readonly provisional: boolean },
  now: Date,
): Promise<Account> {
  const found = known(await unit.door.invitationByToken(token), 'INVITATION_UNKNOWN');
  // Both before anything is written down: the place is given here, and the person goes on to sign in.
  await unit.turns.ofOrganisation(found.organisationId);
  await unit.turns.ofPerson(iin);
  const invitation = known(await unit.door.invitationByToken(token), 'INVITATION_UNKNOWN');
  const state = stateOf(invitation, now);
  if (state !== 'open') throw spent(state);
  const { id, membershipId, organisationId } = invitation;
  const { members, invitations } = unit.tenant(organisationId);
  const invited = await membershipIn(members, membershipId);
  if ((await unit.people.personByIin(iin))?.id !== invited.personId) {
    throw new AccountError('INVITATION_OTHER_PERSON', 'the invitation is for another person');
  }
  if (invited.status !== 'invited') throw spent('revoked');
  if (!(await invitations.take(id, now))) throw spent('taken');
  const themselves = { kind: 'membership', id: membershipId };
  await changeStatus(members, membershipId, { to: 'active', by: themselves, provisional }, now);
  return known(await members.find(membershipId), 'MEMBERSHIP_UNKNOWN');
}

const SPENT = {
  taken: ['INVITATION_USED', 'the invitation was taken already'],
  revoked: ['INVITATION_REVOKED', 'the invitation was withdrawn'],
  expired: ['INVITATION_EXPIRED', 'the invitation has expired'],
} as const;

function spent(state: Exclude<InvitationState, 'open'>): AccountError {
  const [code, message] = SPENT[state];
  return new AccountError(code, message);
}
