/** Inviting people into one organisation. */
import { type Account, AccountError } from '../accounts/account.js';
import {
  type Invitation,
  INVITATION_LIFETIME_MS,
  INVITATION_MAX_LIFETIME_MS,
} from '../accounts/invitation.js';
import { type Iin } from '../accounts/national-number.js';
import { type OrganisationAct } from '../audit/act.js';
import { assertWithinAuthority, tenantUnit } from './authority.js';
import { personOf } from './members.js';
import { type AdministrationStorage } from './stores.js';

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
  storage: AdministrationStorage,
  { iin, name = null, roles, lifetimeMs = INVITATION_LIFETIME_MS, perDay }: InvitationDetails,
  act: OrganisationAct,
): Promise<IssuedInvitation> {
  if (!Number.isInteger(lifetimeMs) || lifetimeMs < 1 || lifetimeMs > INVITATION_MAX_LIFETIME_MS) {
    throw new RangeError('an invitation lives at most thirty days');
  }
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { members, invitations } = unit.tenant;
    const { kind } = await unit.tenant.organisation();
    if (perDay !== undefined) {
      const made = await invitations.countSince(new Date(act.at.getTime() - DAY_MS));
      if (made >= (kind === 'legal-entity' ? perDay.legalEntity : perDay.alone)) {
        throw new AccountError('INVITATION_LIMIT', 'the organisation has made its invitations of a day');
      }
    }
    const before = (await members.ofIin(iin))?.membership;
    await assertWithinAuthority(unit.tenant, act.authority, [...(before?.roles ?? []), ...roles]);
    const membership =
      before?.status === 'invited'
        ? await members.setRoles(before.id, roles)
        : await members.add(
            { personId: await personOf(unit, iin, act.at), status: 'invited', roles, name, by: act.who },
            act.at,
          );
    const expiresAt = new Date(act.at.getTime() + lifetimeMs);
    const issued = await invitations.create({ membershipId: membership.id, expiresAt, by: act.who }, act.at);
    await unit.record('membership.invited', {
      subject: { kind: 'membership', id: membership.id },
      details: {
        invitation: issued.invitation.id,
        roles: membership.roles.join(' '),
        expiresAt: expiresAt.toISOString(),
      },
    });
    return { account: await members.get(membership.id), ...issued };
  });
}

/**
 * Withdraws an invitation, and with it the membership that was only invited.
 *
 * @throws AccountError `INVITATION_UNKNOWN`, `INVITATION_USED`, `INVITATION_REVOKED`
 */
export function revokeInvitation(
  storage: AdministrationStorage,
  invitationId: string,
  act: OrganisationAct,
): Promise<Invitation> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { members, invitations } = unit.tenant;
    const invitation = await invitations.revoke(invitationId, act.at);
    const { membershipId: id } = invitation;
    await unit.record('invitation.revoked', {
      subject: { kind: 'membership', id },
      details: { invitation: invitationId },
    });
    const { membership } = await members.get(id);
    await assertWithinAuthority(unit.tenant, act.authority, membership.roles);
    if (membership.status !== 'invited') return invitation;
    await members.changeStatus(id, 'removed', act.who, act.at);
    await unit.record('membership.removed', {
      subject: { kind: 'membership', id },
      details: { sessionsEnded: 0 },
    });
    return invitation;
  });
}
