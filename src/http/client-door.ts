/** Where API clients show their credentials. */
import { type IncomingMessage } from 'node:http';
import { type AuditLog } from '../audit/log.js';
import { type ApiClient, type ApiClients } from '../federation/api-client.js';
import { type Visitor } from '../login/visitor.js';
import { clientCredentials } from './guard.js';
import { type Limits } from './limits.js';
import { Problem } from './problem.js';

export interface ClientDoorParts {
  readonly apiClients: Pick<ApiClients, 'authenticate'>;
  readonly audit: AuditLog;
  readonly limits: Pick<Limits, 'consume'>;
  readonly clock: () => Date;
}

/**
 * Knows a client by its credentials. Wrong ones are counted by address and recorded; too many of one address are no longer recorded, so
 * that a flood of them writes nothing. Right ones are taken all the same: a client may share its address.
 *
 * @returns throws Problem `CLIENT_UNAUTHORISED`, `RATE_LIMITED`
 */
export function createClientDoor(
  parts: ClientDoorParts,
): (request: IncomingMessage, visitor: Visitor) => Promise<ApiClient> {
  const { apiClients, audit, limits, clock } = parts;
  return async (request, { requestId, address }) => {
    const credentials = clientCredentials(request);
    if (credentials === null) throw unauthorised();
    const client = await apiClients.authenticate(credentials.id, credentials.secret);
    if (client !== null) return client;
    await limits.consume('clientFailures', address ?? 'unknown');
    const actor = { kind: 'anonymous', id: null } as const;
    await audit.append({ type: 'client.refused', at: clock(), actor, requestId, address });
    throw unauthorised();
  };
}

function unauthorised(): Problem {
  return new Problem('CLIENT_UNAUTHORISED', {
    headers: { 'WWW-Authenticate': 'Basic realm="qaqpa", charset="UTF-8", Bearer realm="qaqpa"' },
  });
}
