/** What those who run the installation do about the ways a person is signed in, whatever the organisation. */
import { AccountError } from '../accounts/account.js';
import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type AdministrationStorage, type AdministrationStores } from './stores.js';

/** Ends one session of a person; false when there is none of this identifier. @throws AccountError `PERSON_UNKNOWN` */
export function endPersonSession(
  storage: AdministrationStorage,
  { personId, sessionId }: { readonly personId: string; readonly sessionId: string },
  act: Act,
): Promise<boolean> {
  return storage.atomically(async (stores) => {
    await assertKnown(stores, personId);
    const session = (await stores.sessions.list({ personId }, act.at)).find(({ id }) => id === sessionId);
    if (session === undefined || !(await stores.sessions.endOne({ personId }, sessionId))) return false;
    await record(stores.audit, act, 'session.ended', {
      subject: { kind: 'session', id: sessionId },
      organisationId: session.organisationId,
      details: { membership: session.membershipId },
    });
    return true;
  });
}

/** Ends every session of a person and says how many there were. @throws AccountError `PERSON_UNKNOWN` */
export function endPersonSessions(
  storage: AdministrationStorage,
  personId: string,
  act: Act,
): Promise<number> {
  return storage.atomically(async (stores) => {
    await assertKnown(stores, personId);
    const ended = await stores.sessions.endAllOf({ personId });
    if (ended > 0) {
      await record(stores.audit, act, 'sessions.ended', {
        subject: { kind: 'person', id: personId },
        details: { sessionsEnded: ended },
      });
    }
    return ended;
  });
}

async function assertKnown({ accounts }: AdministrationStores, personId: string): Promise<void> {
  if ((await accounts.personById(personId)) === null) {
    throw new AccountError('PERSON_UNKNOWN', 'there is no person of this identifier');
  }
}
