/** What the EDS of the real person does to whatever was set up in their name without one. */
import { type Account } from '../accounts/account.js';
import { type EndedAccess } from '../accounts/provisional.js';
import { endSession } from './session-end.js';
import { type SignInStores } from './stores.js';
import { type Visitor } from './visitor.js';

/**
 * Ends every provisional password of a person who has just proved themselves with an EDS, with the contacts entered beside it and the
 * sessions it opened. Memberships stay, each provisional until the person comes there with their EDS, says so, or leaves. What ended stands
 * in the person's own log, and in none of an organisation: where else the person belongs is told to nobody.
 */
export async function endProvisional(
  stores: Pick<SignInStores, 'provisional' | 'sessions' | 'audit'>,
  { person, membership }: Account,
  { requestId, address }: Visitor,
  now: Date,
): Promise<readonly EndedAccess[]> {
  const ended = await stores.provisional.endAllOf(person.id, now);
  if (ended.length === 0) return ended;
  const by = { actor: { kind: 'membership', id: membership.id }, at: now, requestId } as const;
  const sessions = await stores.sessions.list({ personId: person.id }, now);
  for (const { membershipId, organisation, contacts } of ended) {
    let sessionsEnded = 0;
    for (const session of sessions) {
      if (!session.provisional || session.membershipId !== membershipId) continue;
      // Of the organisation's log: it learns that the session ended, and neither by whom nor from where.
      const end = { actor: { kind: 'gateway', id: null }, reason: 'PROVISIONAL_ENDED', at: now } as const;
      if (await endSession(stores, session, end)) sessionsEnded += 1;
    }
    await stores.audit.append({
      ...by,
      address,
      type: 'provisional-access.ended',
      subject: { kind: 'person', id: person.id },
      details: { organisation: organisation.id, membership: membershipId, contacts, sessionsEnded },
    });
  }
  return ended;
}
