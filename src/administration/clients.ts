/** What an operator does to API clients. */
import { readName } from '../accounts/naming.js';
import { type ApiClient, type ApiClients, type GivenSecret } from '../clients/api-client.js';
import { type Platform } from './platform.js';

type Operated = Platform<'operate'>;

/**
 * Registers a client; its secret is returned here and never again.
 *
 * @throws AccountError `NAME_MALFORMED`
 */
export function addClient(
  platform: Operated,
  { name, lifetimeMs }: { readonly name: string; readonly lifetimeMs?: number | undefined },
): Promise<{ readonly client: ApiClient } & GivenSecret> {
  return platform.atomically(async ({ stores: { apiClients }, act, record }) => {
    const added = await apiClients.add(readName(name), act.at, lifetimeMs);
    const details = { secret: added.secretId, until: added.expiresAt.toISOString() };
    const subject = { kind: 'client', id: added.client.id } as const;
    await record('client.added', { subject, details });
    return added;
  });
}

/** Gives a client another secret, beside which those before stay good for a while: see `ApiClients.rotate`. */
export function rotateClientSecret(
  platform: Operated,
  id: string,
  terms: { readonly lifetimeMs?: number | undefined; readonly overlapMs?: number | undefined },
): ReturnType<ApiClients['rotate']> {
  return platform.atomically(async ({ stores: { apiClients }, act, record }) => {
    const rotation = await apiClients.rotate(id, act.at, terms);
    if (rotation.outcome !== 'rotated') return rotation;
    const { secretId, expiresAt, olderUntil } = rotation;
    const details = {
      secret: secretId,
      until: expiresAt.toISOString(),
      olderUntil: olderUntil.toISOString(),
    };
    await record('client.secret-rotated', { subject: { kind: 'client', id }, details });
    return rotation;
  });
}

/** Ends one secret of a client at once; false when it has no such secret. */
export function revokeClientSecret(
  platform: Operated,
  { id, secretId }: { readonly id: string; readonly secretId: string },
): Promise<boolean> {
  return platform.atomically(async ({ stores: { apiClients }, act, record }) => {
    const revoked = await apiClients.revokeSecret(id, secretId, act.at);
    const details = { secret: secretId };
    if (revoked) await record('client.secret-revoked', { subject: { kind: 'client', id }, details });
    return revoked;
  });
}

/** Revokes a client and all its secrets; false when there is no active one of that identifier. */
export function revokeClient(platform: Operated, id: string): Promise<boolean> {
  return platform.atomically(async ({ stores: { apiClients }, act, record }) => {
    const revoked = await apiClients.revoke(id, act.at);
    if (revoked) await record('client.revoked', { subject: { kind: 'client', id } });
    return revoked;
  });
}
