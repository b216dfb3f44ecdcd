/** Inviting people into one organisation. */
import { type Account, AccountError } from '../accounts/account.js';
import {
  type Invitation,
  INVITATION_LIFETIME_MS,
  INVITATION_MAX_LIFETIME_MS,
} from '../accounts/invitation.js';
import { type Iin } from '../accounts/national-number.js';
import { type Authorised } from './authority.js';

type Members = Authorised<'qaqpa:members.write'>;

/** The token goes into the link (`invitationLink`) and is shown this once. */
export interface IssuedInvitation {
  readonly account: Account;
  readonly invitation: Invitation;
  readonly token: string;
}

export interface InvitationDetails {
  readonly iin: Iin;
  /** What to call them until their certificate says their name. */
  readonly name?: string | null;
  readonly roles: readonly string[];
  /** Milliseconds, at most thirty days; seven days unless said otherwise. */
  readonly lifetimeMs?: number;
  /** How many the organisation may make in any twenty-four hours; any number unless said otherwise. */
  readonly perDay?: InvitationsPerDay;
}

/** By whose they are: an invitation costs the inviter nothing, and somebody who practises alone has few to invite. */
export interface InvitationsPerDay {
  readonly legalEntity: number;
  readonly alone: number;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * Invites the person of an IIN. Somebody invited already gets these roles and a new link, and the earlier one stops working.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `INVITATION_LIMIT`, `MEMBERSHIP_EXISTS`, `NAME_MALFORMED`, `ROLE_*`,
 *   `AUTHORITY_EXCEEDED`
 * @throws RangeError for a lifetime out of bounds
 */
export function inviteMember(
  organisation: Members,
  { iin, name = null, roles, lifetimeMs = INVITATION_LIFETIME_MS, perDay }: InvitationDetails,
): Promise<IssuedInvitation> {
  if (!Number.isInteger(lifetimeMs) || lifetimeMs < 1 || lifetimeMs > INVITATION_MAX_LIFETIME_MS) {
    throw new RangeError('an invitation lives at most thirty days');
  }
  return organisation.atomically(async (unit) => {
    const { at } = unit.act;
    const { kind } = await unit.tenant.organisation();
    if (perDay !== undefined) {
      const made = await unit.invitationsSince(new Date(at.getTime() - DAY_MS));
      if (made >= (kind === 'legal-entity' ? perDay.legalEntity : perDay.alone)) {
        throw new AccountError('INVITATION_LIMIT', 'the organisation has made its invitations of a day');
      }
    }
    const known = await unit.memberOf(iin);
    const again = known?.account.membership.status === 'invited' ? known : null;
    const member = again ?? (await unit.add({ iin, status: 'invited', roles, name }));
    const membership = (await again?.setRoles(roles)) ?? member.account.membership;
    const issued = await member.invite(new Date(at.getTime() + lifetimeMs));
    const { id: invitation, expiresAt } = issued.invitation;
    await unit.record('membership.invited', {
      subject: { kind: 'membership', id: membership.id },
      details: { invitation, roles: membership.roles.join(' '), expiresAt: expiresAt.toISOString() },
    });
    return { account: { ...member.account, membership }, ...issued };
  });
}

/**
 * Withdraws an invitation, and with it the membership that was only invited.
 *
 * @throws AccountError `INVITATION_UNKNOWN`, `INVITATION_USED`, `INVITATION_REVOKED`, `AUTHORITY_EXCEEDED`
 */
export function revokeInvitation(organisation: Members, invitationId: string): Promise<Invitation> {
  return organisation.atomically(async (unit) => {
    const member = await unit.invitedBy(invitationId);
    const invitation = await member.revokeInvitation(invitationId);
    const { id, status } = member.account.membership;
    const subject = { kind: 'membership', id } as const;
    await unit.record('invitation.revoked', { subject, details: { invitation: invitationId } });
    if (status !== 'invited') return invitation;
    await member.changeStatus('removed');
    await unit.record('membership.removed', { subject, details: { sessionsEnded: 0 } });
    return invitation;
  });
}
