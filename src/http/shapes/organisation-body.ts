/** Organisations, members and certificates as answers. */
import {
  type Account,
  type CertificateBinding,
  type Decision,
  type Organisation,
} from '../../accounts/account.js';
import { certificateNotice } from '../../accounts/certificate-binding.js';
import { type ListedInvitation, stateOf } from '../../accounts/invitation.js';
import { isMember } from '../../accounts/membership-status.js';
import { maskNumber } from '../../accounts/national-number.js';
import { type Page } from '../../accounts/page.js';
import { MANAGER, type RoleDefinition } from '../../accounts/role.js';
import { type Session } from '../../sessions/session.js';

export function organisationBody(organisation: Organisation): object {
  const { id, kind, name, bin, branchBins, status, mergedInto, createdAt, settings } = organisation;
  return {
    id,
    kind,
    name,
    bin,
    branchBins,
    status,
    mergedInto,
    createdAt: createdAt.toISOString(),
    settings,
  };
}

export function memberBody({ membership, person }: Account): object {
  const { id, roles, status, since, until, invitedBy, decision, provisional } = membership;
  const { name, iin } = person;
  // Whoever only knows an IIN can invite it, and is told nothing of what else is known of its person.
  const known = isMember(membership) ? person.status : 'active';
  return {
    id,
    person: { id: person.id, name, iinMasked: maskNumber(iin), status: known },
    roles,
    status,
    provisional,
    since: since.toISOString(),
    until: until?.toISOString() ?? null,
    invitedBy,
    decision: decisionBody(decision),
  };
}

export function certificateBody(binding: CertificateBinding, now: Date): object {
  const { daysLeft, expiresSoon } = certificateNotice(binding, now);
  return {
    member: binding.membershipId,
    sha256: binding.certificateSha256,
    serialNumber: binding.serialNumber,
    status: binding.status,
    notAfter: binding.notAfter.toISOString(),
    daysLeft,
    expiresSoon,
    templateRoles: binding.templateRoles,
    firstSeenAt: binding.firstSeenAt.toISOString(),
    lastSeenAt: binding.lastSeenAt.toISOString(),
    decision: decisionBody(binding.decision),
  };
}

export function invitationBody({ invitation, account }: ListedInvitation, now: Date): object {
  const { id, createdAt, createdBy, expiresAt } = invitation;
  return {
    id,
    member: memberBody(account),
    state: stateOf(invitation, now),
    createdAt: createdAt.toISOString(),
    createdBy,
    expiresAt: expiresAt.toISOString(),
  };
}

export function roleBody({ name, title, permissions }: RoleDefinition): object {
  return { name, title, permissions, builtIn: name === MANAGER };
}

/** A session as somebody else sees it who may end it. */
export function memberSessionBody(session: Session): object {
  const { id, method, device, address, createdAt, lastSeenAt, expiresAt } = session;
  return {
    id,
    method,
    device,
    address,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

export function pageBody<T>({ items, nextCursor }: Page<T>, body: (item: T) => object): object {
  return { items: items.map(body), nextCursor };
}

function decisionBody(decision: Decision | null): object | null {
  return decision === null ? null : { by: decision.by, at: decision.at.toISOString() };
}
