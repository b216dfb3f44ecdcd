/** What those who run the installation do about the ways a person is signed in, whatever the organisation. */
import { AccountError } from '../accounts/account.js';
import { type Deed } from './deed.js';
import { type AdministrationStorage, type AdministrationStores } from './stores.js';

/** Ends one session of a person; false when there is none of this identifier. @throws AccountError `PERSON_UNKNOWN` */
export function endPersonSession(
  storage: AdministrationStorage,
  { personId, sessionId }: { readonly personId: string; readonly sessionId: string },
  deed: Deed,
): Promise<boolean> {
  return storage.atomically(async (stores) => {
    await assertKnown(stores, personId);
    const session = (await stores.sessions.list({ personId }, deed.at)).find(({ id }) => id === sessionId);
    if (session === undefined || !(await stores.sessions.endOne({ personId }, sessionId))) return false;
    await stores.audit.append({
      ...deed,
      type: 'session.ended',
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
  deed: Deed,
): Promise<number> {
  return storage.atomically(async (stores) => {
    await assertKnown(stores, personId);
    const ended = await stores.sessions.endAllOf({ personId });
    if (ended > 0) {
      await stores.audit.append({
        ...deed,
        type: 'sessions.ended',
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
