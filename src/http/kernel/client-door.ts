/** Where API clients show their credentials. */
import { type IncomingMessage } from 'node:http';
import { byClient } from '../../audit/act.js';
import { record } from '../../audit/recorder.js';
import { type AuditLog } from '../../audit/log.js';
import { type ApiClients, type KnownClient } from '../../clients/api-client.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { clientCredentials } from './guard.js';
import { type Limits } from './limits.js';
import { Problem } from './problem.js';

/** Tells a client when the secret it showed ends, as ISO 8601, from thirty days before. */
export const SECRET_EXPIRES = 'Qaqpa-Secret-Expires';

export interface ClientDoorParts {
  readonly apiClients: Pick<ApiClients, 'authenticate'>;
  readonly audit: AuditLog;
  readonly limits: Pick<Limits, 'consume'>;
}

/**
 * Knows a client by its credentials. Wrong ones are counted by address and recorded; too many of one address are no longer recorded, so
 * that a flood of them writes nothing. Right ones are taken all the same: a client may share its address. That a secret has expired is told to who has it.
 *
 * @returns throws Problem `CLIENT_UNAUTHORISED`, `CLIENT_SECRET_EXPIRED`, `RATE_LIMITED`
 */
export function createClientDoor(
  parts: ClientDoorParts,
): (request: IncomingMessage, visitor: Visitor) => Promise<KnownClient> {
  const { apiClients, audit, limits } = parts;
  return async (request, { act }) => {
    const credentials = clientCredentials(request);
    if (credentials === null) throw refusal('CLIENT_UNAUTHORISED');
    const answer = await apiClients.authenticate(credentials.id, credentials.secret, act.at);
    if (answer.kind === 'known') return answer;
    await limits.consume('clientFailures', act.address ?? 'unknown');
    const [code, by] =
      answer.kind === 'expired'
        ? (['CLIENT_SECRET_EXPIRED', byClient(act, answer.client)] as const)
        : (['CLIENT_UNAUTHORISED', act] as const);
    await record(audit, by, 'client.refused', { reason: code });
    throw refusal(code);
  };
}

function refusal(code: 'CLIENT_UNAUTHORISED' | 'CLIENT_SECRET_EXPIRED'): Problem {
  return new Problem(code, {
    headers: { 'WWW-Authenticate': 'Basic realm="qaqpa", charset="UTF-8", Bearer realm="qaqpa"' },
  });
}
