/** What a manager or operator does to the members of one organisation, with the end of sessions that follows from it. */
import { type Account, type Membership } from '../accounts/account.js';
import { type Iin } from '../accounts/national-number.js';
import { type AuditEventType } from '../audit/event.js';
import { type Authorised } from './authority.js';
import { wrongStatus } from './members-unit.js';

type Members = Authorised<'qaqpa:members.write'>;

/**
 * Admits a person at once, without invitation or request, recording the person when nobody knows them yet.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `MEMBERSHIP_EXISTS`, `NAME_MALFORMED`, `ROLE_*`, `AUTHORITY_EXCEEDED`
 */
export function addMember(
  organisation: Members,
  details: { readonly iin: Iin; readonly name: string; readonly roles: readonly string[] },
): Promise<Account> {
  return organisation.atomically(async (unit) => {
    await unit.tenant.organisation();
    const { account } = await unit.add({ ...details, status: 'active' });
    const { person, membership } = account;
    await unit.record('membership.added', {
      subject: subjectOf(membership),
      details: { person: person.id, roles: membership.roles.join(' ') },
    });
    return account;
  });
}

/**
 * Grants the request of somebody who came with a certificate of the organisation.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for anything but a request, `ROLE_*`, `AUTHORITY_EXCEEDED`
 */
export function approveRequest(
  organisation: Members,
  membershipId: string,
  roles: readonly string[],
): Promise<Membership> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId, 'requested');
    await member.setRoles(roles);
    const membership = await member.changeStatus('active');
    await unit.record('membership.approved', {
      subject: subjectOf(membership),
      details: { roles: membership.roles.join(' ') },
    });
    return membership;
  });
}

/** @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for anything but a request */
export function rejectRequest(organisation: Members, membershipId: string): Promise<Membership> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId, 'requested');
    const membership = await member.changeStatus('removed');
    await unit.record('membership.rejected', { subject: subjectOf(membership) });
    return membership;
  });
}

const STATUS_EVENTS = {
  active: 'membership.resumed',
  suspended: 'membership.suspended',
  removed: 'membership.removed',
} as const satisfies Record<string, AuditEventType>;

/**
 * Suspends, resumes or removes a member; anything but resuming ends their sessions here at once, and removing somebody invited
 * withdraws the invitation.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS`, `LAST_MANAGER`, `AUTHORITY_EXCEEDED`
 */
export function setMembershipStatus(
  organisation: Members,
  membershipId: string,
  status: keyof typeof STATUS_EVENTS,
): Promise<Membership> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId);
    const { membership: before } = member.account;
    // Whoever was only invited or asked is let in by taking the invitation, or by a decision about the request.
    if (status === 'active' && before.status !== 'suspended') throw wrongStatus(before);
    const membership = await member.changeStatus(status);
    const details = {
      sessionsEnded: status === 'active' ? 0 : await member.endSessions(),
      invitationsRevoked: await member.revokeInvitations(),
    };
    await unit.record(STATUS_EVENTS[status], { subject: subjectOf(membership), details });
    return membership;
  });
}

/**
 * Sets exactly these roles, and ends the member's sessions here: what applications were told about them is no longer so.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `ROLE_*`, `LAST_MANAGER`, `AUTHORITY_EXCEEDED`
 */
export function setRoles(
  organisation: Members,
  membershipId: string,
  roles: readonly string[],
): Promise<Membership> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId);
    const membership = await member.setRoles(roles);
    const [before, after] = [member.account.membership.roles.join(' '), membership.roles.join(' ')];
    if (before === after) return membership;
    await unit.record('membership.changed', {
      subject: subjectOf(membership),
      details: { before, after, sessionsEnded: await member.endSessions() },
    });
    return membership;
  });
}

function subjectOf({ id }: Membership): { readonly kind: 'membership'; readonly id: string } {
  return { kind: 'membership', id };
}
