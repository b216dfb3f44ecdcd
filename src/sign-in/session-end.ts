import { type AuditEvent, type AuditParty } from '../audit/event.js';
import { type Session } from '../sessions/session.js';
import { type SignInStores } from './stores.js';

/** Who ended a session, why and from where. */
export interface SessionEnd {
  readonly actor: AuditParty;
  /** A stable code, for example `ENDED_BY_PERSON`. */
  readonly reason: string;
  readonly at: Date;
  readonly requestId?: string | null;
  readonly address?: string | null;
  readonly details?: NonNullable<AuditEvent['details']>;
}

/** Ends a session and writes it down, within a unit of work; false when it was over already. */
export async function endSession(
  stores: Pick<SignInStores, 'sessions' | 'audit'>,
  session: Session,
  end: SessionEnd,
): Promise<boolean> {
  if (!(await stores.sessions.endOne({ personId: session.personId }, session.id))) return false;
  await stores.audit.append({
    ...end,
    type: 'session.ended',
    subject: { kind: 'session', id: session.id },
    organisationId: session.organisationId,
  });
  return true;
}
