import { type Session } from '../sessions/session.js';

/**
 * The only organisation whose matters a session may be told of: that of the invitation whose provisional password opened it. `null`:
 * every one of the person's.
 */
export function confinementOf({ provisional, organisationId }: Session): string | null {
  return provisional ? organisationId : null;
}
