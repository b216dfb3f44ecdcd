/** What a manager does about the ways a member of their organisation is signed in. */
import { AccountError } from '../accounts/account.js';
import { isMember } from '../accounts/membership-status.js';
import { type Authorised } from './authority.js';

type Members = Authorised<'qaqpa:members.write'>;

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
  organisation: Members,
  membershipId: string,
): Promise<{ readonly lifted: boolean }> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId);
    const { person, membership } = member.account;
    const { provisional } = membership;
    if (!isMember({ ...membership, provisional: false })) {
      throw new AccountError('MEMBERSHIP_STATUS', `whoever is ${membership.status} is no member`);
    }
    if (!provisional && membership.confirmedAt === null) {
      throw new AccountError('MEMBERSHIP_UNCONFIRMED', 'the person has not come here with their EDS yet');
    }
    const { lifted } = await member.openPassword(provisional ? 'provisional' : 'every');
    const subject = { kind: 'person', id: person.id } as const;
    const details = { membership: membershipId, provisional };
    if (lifted) await unit.record('password.unblocked', { subject, details });
    return { lifted };
  });
}

/**
 * Ends one session a member has here; false when there is none of this identifier.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `AUTHORITY_EXCEEDED`
 */
export function endMemberSession(
  organisation: Members,
  { membershipId, sessionId }: { readonly membershipId: string; readonly sessionId: string },
): Promise<boolean> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId);
    if (!(await member.endSession(sessionId))) return false;
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
export function endMemberSessions(organisation: Members, membershipId: string): Promise<number> {
  return organisation.atomically(async (unit) => {
    const sessionsEnded = await (await unit.member(membershipId)).endSessions();
    const subject = { kind: 'membership', id: membershipId } as const;
    if (sessionsEnded > 0) await unit.record('sessions.ended', { subject, details: { sessionsEnded } });
    return sessionsEnded;
  });
}
