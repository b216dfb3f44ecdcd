/** What a manager or operator does to the members of one organisation, with the end of sessions that follows from it. */
import { type Account, AccountError, type Membership } from '../accounts/account.js';
import { type Iin } from '../accounts/national-number.js';
import { type AuditEventType } from '../audit/event.js';
import { type OrganisationAct } from '../audit/act.js';
import { assertWithinAuthority, tenantUnit, type TenantUnit } from './authority.js';
import { type AdministrationStorage } from './stores.js';

/**
 * Admits a person at once, without invitation or request, recording the person when nobody knows them yet.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `MEMBERSHIP_EXISTS`, `NAME_MALFORMED`, `ROLE_*`, `AUTHORITY_EXCEEDED`
 */
export function addMember(
  storage: AdministrationStorage,
  { iin, name, roles }: { readonly iin: Iin; readonly name: string; readonly roles: readonly string[] },
  act: OrganisationAct,
): Promise<Account> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    await unit.tenant.organisation();
    await assertWithinAuthority(unit.tenant, act.authority, roles);
    const personId = await personOf(unit, iin, act.at);
    const membership = await unit.tenant.members.add(
      { personId, status: 'active', roles, name, by: act.who },
      act.at,
    );
    await unit.record('membership.added', {
      subject: subjectOf(membership),
      details: { person: personId, roles: membership.roles.join(' ') },
    });
    return unit.tenant.members.get(membership.id);
  });
}

/**
 * Grants the request of somebody who came with a certificate of the organisation.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for anything but a request, `ROLE_*`, `AUTHORITY_EXCEEDED`
 */
export function approveRequest(
  storage: AdministrationStorage,
  membershipId: string,
  roles: readonly string[],
  act: OrganisationAct,
): Promise<Membership> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    await requestOf(unit, membershipId);
    await assertWithinAuthority(unit.tenant, act.authority, roles);
    await unit.tenant.members.setRoles(membershipId, roles);
    const membership = await unit.tenant.members.changeStatus(membershipId, 'active', act.who, act.at);
    await unit.record('membership.approved', {
      subject: subjectOf(membership),
      details: { roles: membership.roles.join(' ') },
    });
    return membership;
  });
}

/** @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for anything but a request */
export function rejectRequest(
  storage: AdministrationStorage,
  membershipId: string,
  act: OrganisationAct,
): Promise<Membership> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    await requestOf(unit, membershipId);
    const membership = await unit.tenant.members.changeStatus(membershipId, 'removed', act.who, act.at);
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
  storage: AdministrationStorage,
  membershipId: string,
  status: keyof typeof STATUS_EVENTS,
  act: OrganisationAct,
): Promise<Membership> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { membership: before } = await unit.tenant.members.get(membershipId);
    await assertWithinAuthority(unit.tenant, act.authority, before.roles);
    // Whoever was only invited or asked is let in by taking the invitation, or by a decision about the request.
    if (status === 'active' && before.status !== 'suspended') throw wrongStatus(before);
    const membership = await unit.tenant.members.changeStatus(membershipId, status, act.who, act.at);
    const details = {
      sessionsEnded: status === 'active' ? 0 : await stores.sessions.endAllOf({ membershipId }),
      invitationsRevoked: await unit.tenant.invitations.revokeAllOf(membershipId, act.at),
    };
    await unit.record(STATUS_EVENTS[status], { subject: subjectOf(membership), details: details });
    return membership;
  });
}

/**
 * Sets exactly these roles, and ends the member's sessions here: what applications were told about them is no longer so.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `ROLE_*`, `LAST_MANAGER`, `AUTHORITY_EXCEEDED`
 */
export function setRoles(
  storage: AdministrationStorage,
  membershipId: string,
  roles: readonly string[],
  act: OrganisationAct,
): Promise<Membership> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { membership: before } = await unit.tenant.members.get(membershipId);
    await assertWithinAuthority(unit.tenant, act.authority, [...before.roles, ...roles]);
    const membership = await unit.tenant.members.setRoles(membershipId, roles);
    const [was, is] = [before.roles.join(' '), membership.roles.join(' ')];
    if (was === is) return membership;
    await unit.record('membership.changed', {
      subject: subjectOf(membership),
      details: { before: was, after: is, sessionsEnded: await stores.sessions.endAllOf({ membershipId }) },
    });
    return membership;
  });
}

/** The person of an IIN; recorded without a name when new, since only a certificate or the person's own organisation names them. */
export async function personOf(unit: TenantUnit, iin: Iin, now: Date): Promise<string> {
  const known = await unit.stores.accounts.personByIin(iin);
  if (known !== null) return known.id;
  const { id } = await unit.stores.accounts.addPerson({ iin, name: '' }, now);
  // In nobody's log but the person's and the platform's: an organisation that reads it would learn which numbers are known here.
  await unit.record('person.added', { subject: { kind: 'person', id }, organisationId: null });
  return id;
}

async function requestOf({ tenant }: TenantUnit, membershipId: string): Promise<void> {
  const { membership } = await tenant.members.get(membershipId);
  if (membership.status !== 'requested') throw wrongStatus(membership);
}

function wrongStatus({ status }: Membership): AccountError {
  return new AccountError('MEMBERSHIP_STATUS', `a membership that is ${status} cannot be changed this way`);
}

function subjectOf({ id }: Membership): { readonly kind: 'membership'; readonly id: string } {
  return { kind: 'membership', id };
}
