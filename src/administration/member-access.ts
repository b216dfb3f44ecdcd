/** What a manager does about the ways a member of their organisation is signed in. */
import { AccountError } from '../accounts/account.js';
import { isMember } from '../accounts/membership-status.js';
import { type OrganisationAct } from '../audit/act.js';
import { assertWithinAuthority, tenantUnit } from './authority.js';
import { type AdministrationStorage } from './stores.js';

/**
 * Opens the password path of a member again. `lifted` is false when it was not closed. The path is one for all organisations of a person:
 * whoever could open it by making a stranger a member could have them guessed at five tries at a time, without end. So the person must have
 * said with their EDS that they belong here; of who took an invitation without one, the password of that invitation alone is opened.
 * The record stands in the person's own log.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for whoever is no member (yet, or any more), `MEMBERSHIP_UNCONFIRMED`,
 *   `AUTHORITY_EXCEEDED`
 */
export function unblockMemberPassword(
  storage: AdministrationStorage,
  membershipId: string,
  act: OrganisationAct,
): Promise<{ readonly lifted: boolean }> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { tenant } = unit;
    const { person, membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, act.authority, membership.roles);
    if (!isMember({ ...membership, provisional: false })) {
      throw new AccountError('MEMBERSHIP_STATUS', `whoever is ${membership.status} is no member`);
    }
    if (!membership.provisional && membership.confirmedAt === null) {
      throw new AccountError('MEMBERSHIP_UNCONFIRMED', 'the person has not come here with their EDS yet');
    }
    const scope = membership.provisional ? { membershipId } : 'every';
    const { lifted } = await stores.passwords.clearFailures(person.iin, scope);
    const details = { membership: membershipId, provisional: membership.provisional };
    if (lifted)
      await unit.record('password.unblocked', {
        subject: { kind: 'person', id: person.id },
        details: details,
      });
    return { lifted };
  });
}

/**
 * Ends one session a member has here; false when there is none of this identifier.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `AUTHORITY_EXCEEDED`
 */
export function endMemberSession(
  storage: AdministrationStorage,
  { membershipId, sessionId }: { readonly membershipId: string; readonly sessionId: string },
  act: OrganisationAct,
): Promise<boolean> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { tenant } = unit;
    const { membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, act.authority, membership.roles);
    if (!(await stores.sessions.endOne({ membershipId }, sessionId))) return false;
    await unit.record('session.ended', {
      subject: { kind: 'session', id: sessionId },
      details: { membership: membershipId },
    });
    return true;
  });
}

/**
 * Ends every session a member has here and says how many there were; those at other organisations are not ours to end.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `AUTHORITY_EXCEEDED`
 */
export function endMemberSessions(
  storage: AdministrationStorage,
  membershipId: string,
  act: OrganisationAct,
): Promise<number> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, act);
    const { tenant } = unit;
    const { membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, act.authority, membership.roles);
    const ended = await stores.sessions.endAllOf({ membershipId });
    if (ended > 0) {
      await unit.record('sessions.ended', {
        subject: { kind: 'membership', id: membershipId },
        details: { sessionsEnded: ended },
      });
    }
    return ended;
  });
}
