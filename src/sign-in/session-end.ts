import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type FactsOf } from '../audit/event.js';
import { type Session } from '../sessions/session.js';
import { type SignInStores } from './stores.js';

/**
 * Ends a session and writes it down in the log of its organisation, within a unit of work.
 *
 * @param reason a stable code, for example `ENDED_BY_PERSON`
 * @returns false when it was over already
 */
export async function endSession(
  { sessions, audit }: Pick<SignInStores, 'sessions' | 'audit'>,
  { id, personId, organisationId }: Session,
  act: Act,
  reason: string,
  details: FactsOf<'session.ended'> = {},
): Promise<boolean> {
  if (!(await sessions.endOne({ personId }, id))) return false;
  await record(audit, act, 'session.ended', {
    subject: { kind: 'session', id },
    organisationId,
    reason,
    details,
  });
  return true;
}
