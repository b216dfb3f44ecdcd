import { type Passwords } from '../accounts/password.js';
import { type Session } from '../sessions/session.js';

/**
 * The only organisation whose matters a session may be told of, beside what is the person's alone: that of a password for which nobody but
 * an invitation of that organisation vouches. `null`: every one of the person's.
 */
export async function confinementOf(
  passwords: Pick<Passwords, 'stateOf'>,
  { personId, organisationId, method }: Session,
  at: Date,
): Promise<string | null> {
  if (method === 'eds' || (await passwords.stateOf(personId, at)).confinedTo === null) return null;
  return organisationId;
}
