/** What a manager or operator does to people and their memberships, with the end of sessions that follows from it. */
import {
  type Account,
  AccountError,
  type Membership,
  type MembershipStatus,
  type Person,
} from '../accounts/account.js';
import { readRoles } from '../accounts/naming.js';
import { type Bin, type Iin } from '../accounts/national-number.js';
import { type AuditEventType } from '../audit/event.js';
import { type AdministrationStorage, type AdministrationStores, type Deed } from './stores.js';

/**
 * Admits a person to the organisation of a BIN, recording the person when nobody knows them yet.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `MEMBERSHIP_EXISTS`, `NAME_MALFORMED`, `ROLE_MALFORMED`
 */
export function addMember(
  storage: AdministrationStorage,
  details: { bin: Bin; iin: Iin; name: string; roles: readonly string[] },
  deed: Deed,
): Promise<{ readonly person: Person; readonly membership: Membership }> {
  const { bin, iin, name, roles } = details;
  return storage.atomically(async ({ accounts, audit }) => {
    const organisation = await accounts.organisationByBin(bin);
    if (organisation === null)
      throw new AccountError('ORGANISATION_UNKNOWN', 'there is no organisation of this BIN');
    const known = await accounts.personByIin(iin);
    const person = known ?? (await accounts.addPerson({ iin, name }, deed.at));
    if (known === null) {
      await audit.append({ ...deed, type: 'person.added', subject: { kind: 'person', id: person.id } });
    }
    const membership = await accounts.addMembership(
      { organisationId: organisation.id, personId: person.id, roles },
      deed.at,
    );
    await audit.append({
      ...deed,
      type: 'membership.added',
      subject: { kind: 'membership', id: membership.id },
      organisationId: organisation.id,
      details: { person: person.id, roles: membership.roles.join(' ') },
    });
    return { person, membership };
  });
}

const STATUS_EVENTS: Readonly<Record<MembershipStatus, AuditEventType>> = {
  active: 'membership.resumed',
  suspended: 'membership.suspended',
  removed: 'membership.removed',
};

/**
 * Suspends, removes or resumes a membership; anything but resuming ends its sessions at once.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`
 */
export function setMembershipStatus(
  storage: AdministrationStorage,
  member: { bin: Bin; iin: Iin },
  status: MembershipStatus,
  deed: Deed,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const { membership } = await memberOf(stores, member);
    // Whoever was removed is admitted anew, with roles somebody decides on, and not resumed with those of old.
    if (membership.status === 'removed') throw notAMember();
    await stores.accounts.setMembershipStatus(membership.id, status, deed.at);
    const ended = status === 'active' ? 0 : await stores.sessions.endAllOf({ membershipId: membership.id });
    await stores.audit.append({
      ...deed,
      type: STATUS_EVENTS[status],
      subject: { kind: 'membership', id: membership.id },
      organisationId: membership.organisationId,
      details: { sessionsEnded: ended },
    });
  });
}

/** @throws AccountError `MEMBERSHIP_UNKNOWN`, `ROLE_MALFORMED` */
export function setRoles(
  storage: AdministrationStorage,
  member: { bin: Bin; iin: Iin },
  roles: readonly string[],
  deed: Deed,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const { membership } = await memberOf(stores, member);
    await stores.accounts.setRoles(membership.id, roles);
    await stores.audit.append({
      ...deed,
      type: 'membership.changed',
      subject: { kind: 'membership', id: membership.id },
      organisationId: membership.organisationId,
      details: { before: membership.roles.join(' '), after: readRoles(roles).join(' ') },
    });
  });
}

/**
 * Suspends a person everywhere, which ends all their sessions at once, or lets them in again.
 *
 * @throws AccountError `PERSON_UNKNOWN`
 */
export function setPersonStatus(
  storage: AdministrationStorage,
  iin: Iin,
  status: Person['status'],
  deed: Deed,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    await stores.accounts.setPersonStatus(id, status);
    const ended = status === 'active' ? 0 : await stores.sessions.endAllOf({ personId: id });
    await stores.audit.append({
      ...deed,
      type: status === 'active' ? 'person.resumed' : 'person.suspended',
      subject: { kind: 'person', id },
      details: { sessionsEnded: ended },
    });
  });
}

/**
 * Sets a person's password, which clears failed attempts and ends all their sessions.
 *
 * @throws AccountError `PERSON_UNKNOWN`, `PASSWORD_RULES_BROKEN`
 */
export async function setPassword(
  storage: AdministrationStorage,
  iin: Iin,
  password: string,
  deed: Deed,
): Promise<void> {
  const prepared = await storage.passwords.prepare(iin, password);
  await storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    await stores.passwords.set(iin, prepared, deed.at);
    const ended = await stores.sessions.endAllOf({ personId: id });
    await stores.audit.append({
      ...deed,
      type: 'password.set',
      subject: { kind: 'person', id },
      details: { sessionsEnded: ended },
    });
  });
}

/**
 * Opens the password path again. `lifted` is false when it was not closed.
 *
 * @throws AccountError `PERSON_UNKNOWN`
 */
export function unblockPassword(
  storage: AdministrationStorage,
  iin: Iin,
  deed: Deed,
): Promise<{ readonly lifted: boolean }> {
  return storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    const { lifted } = await stores.passwords.clearFailures(iin);
    if (lifted) {
      await stores.audit.append({ ...deed, type: 'password.unblocked', subject: { kind: 'person', id } });
    }
    return { lifted };
  });
}

async function personOf({ accounts }: AdministrationStores, iin: Iin): Promise<Person> {
  const person = await accounts.personByIin(iin);
  if (person === null) throw new AccountError('PERSON_UNKNOWN', 'there is no person of this IIN');
  return person;
}

async function memberOf(
  { accounts }: AdministrationStores,
  member: { bin: Bin; iin: Iin },
): Promise<Account> {
  const account = (await accounts.accountsOf(member.iin)).find(
    ({ organisation: { bin, branchBins } }) => bin === member.bin || branchBins.includes(member.bin),
  );
  if (account === undefined) throw notAMember();
  return account;
}

function notAMember(): AccountError {
  return new AccountError('MEMBERSHIP_UNKNOWN', 'this person is not a member of this organisation');
}
