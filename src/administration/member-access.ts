/** What a manager does about the ways a member of their organisation is signed in. */
import { AccountError } from '../accounts/account.js';
import { isMember } from '../accounts/membership-status.js';
import { assertWithinAuthority, type TenantDeed, tenantUnit } from './deed.js';
import { type AdministrationStorage } from './stores.js';

/**
 * Opens the password path of a member again. `lifted` is false when it was not closed. The path is one for all organisations of a person:
 * whoever could open it by inviting a stranger could have them guessed at five tries at a time, without end.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for whoever is no member (yet, or any more), `AUTHORITY_EXCEEDED`
 */
export function unblockMemberPassword(
  storage: AdministrationStorage,
  membershipId: string,
  deed: TenantDeed,
): Promise<{ readonly lifted: boolean }> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, deed);
    const { tenant } = unit;
    const { person, membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, deed.authority, membership.roles);
    if (!isMember(membership.status)) {
      throw new AccountError('MEMBERSHIP_STATUS', `whoever is ${membership.status} is no member`);
    }
    const { lifted } = await stores.passwords.clearFailures(person.iin);
    if (lifted) await unit.record('password.unblocked', { kind: 'membership', id: membershipId });
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
  deed: TenantDeed,
): Promise<boolean> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, deed);
    const { tenant } = unit;
    const { membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, deed.authority, membership.roles);
    if (!(await stores.sessions.endOne({ membershipId }, sessionId))) return false;
    await unit.record('session.ended', { kind: 'session', id: sessionId }, { membership: membershipId });
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
  deed: TenantDeed,
): Promise<number> {
  return storage.atomically(async (stores) => {
    const unit = tenantUnit(stores, deed);
    const { tenant } = unit;
    const { membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, deed.authority, membership.roles);
    const ended = await stores.sessions.endAllOf({ membershipId });
    if (ended > 0) {
      await unit.record('sessions.ended', { kind: 'membership', id: membershipId }, { sessionsEnded: ended });
    }
    return ended;
  });
}
