/** What the EDS of the real person does to whatever was set up in their name without one. */
import { type Account } from '../accounts/account.js';
import { type Act, gatewayAct } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type EndedAccess } from '../accounts/provisional.js';
import { endSession } from './session-end.js';
import { type SignInStores } from './stores.js';

/**
 * Ends every provisional password of a person who has just proved themselves with an EDS, with the contacts entered beside it and the
 * sessions it opened. Memberships stay, each provisional until the person comes there with their EDS, says so, or leaves. What ended stands
 * in the person's own log, and in none of an organisation: where else the person belongs is told to nobody.
 *
 * @param act the person's, as the member they came as
 */
export async function endProvisional(
  stores: Pick<SignInStores, 'provisional' | 'sessions' | 'audit'>,
  { person }: Account,
  act: Act,
): Promise<readonly EndedAccess[]> {
  const ended = await stores.provisional.endAllOf(person.id, act.at);
  if (ended.length === 0) return ended;
  const sessions = await stores.sessions.list({ personId: person.id }, act.at);
  for (const { membershipId, organisation, contacts } of ended) {
    let sessionsEnded = 0;
    for (const session of sessions) {
      if (!session.provisional || session.membershipId !== membershipId) continue;
      // Of the organisation's log: it learns that the session ended, and neither by whom nor from where.
      if (await endSession(stores, session, gatewayAct(act.at), 'PROVISIONAL_ENDED')) sessionsEnded += 1;
    }
    await record(stores.audit, act, 'provisional-access.ended', {
      subject: { kind: 'person', id: person.id },
      organisationId: null,
      details: { organisation: organisation.id, membership: membershipId, contacts, sessionsEnded },
    });
  }
  return ended;
}
