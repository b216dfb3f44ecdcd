/** What those who run the installation do about the ways a person is signed in, whatever the organisation. */
import { type Platform } from './platform.js';

/** Ends one session of a person; false when there is none of this identifier. @throws AccountError `PERSON_UNKNOWN` */
export function endPersonSession(
  platform: Platform<'act'>,
  { personId, sessionId }: { readonly personId: string; readonly sessionId: string },
): Promise<boolean> {
  return platform.atomically(async (unit) => {
    const { sessions } = unit.stores;
    await unit.person({ id: personId });
    const session = (await sessions.list({ personId }, unit.act.at)).find(({ id }) => id === sessionId);
    if (session === undefined || !(await sessions.endOne({ personId }, sessionId))) return false;
    await unit.record('session.ended', {
      subject: { kind: 'session', id: sessionId },
      organisationId: session.organisationId,
      details: { membership: session.membershipId },
    });
    return true;
  });
}

/** Ends every session of a person and says how many there were. @throws AccountError `PERSON_UNKNOWN` */
export function endPersonSessions(platform: Platform<'act'>, personId: string): Promise<number> {
  return platform.atomically(async (unit) => {
    await unit.person({ id: personId });
    const sessionsEnded = await unit.stores.sessions.endAllOf({ personId });
    const subject = { kind: 'person', id: personId } as const;
    if (sessionsEnded > 0) await unit.record('sessions.ended', { subject, details: { sessionsEnded } });
    return sessionsEnded;
  });
}
