/** What an operator does to API clients. */
import { readName } from '../accounts/naming.js';
import { type ApiClient, type ApiClients, type GivenSecret } from '../clients/api-client.js';
import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type AdministrationStorage } from './stores.js';

/**
 * Registers a client; its secret is returned here and never again.
 *
 * @throws AccountError `NAME_MALFORMED`
 */
export function addClient(
  storage: AdministrationStorage,
  { name, lifetimeMs }: { readonly name: string; readonly lifetimeMs?: number | undefined },
  act: Act,
): Promise<{ readonly client: ApiClient } & GivenSecret> {
  return storage.atomically(async ({ apiClients, audit }) => {
    const added = await apiClients.add(readName(name), act.at, lifetimeMs);
    const details = { secret: added.secretId, until: added.expiresAt.toISOString() };
    const subject = { kind: 'client', id: added.client.id } as const;
    await record(audit, act, 'client.added', { subject, details });
    return added;
  });
}

/** Gives a client another secret, beside which those before stay good for a while: see `ApiClients.rotate`. */
export function rotateClientSecret(
  storage: AdministrationStorage,
  id: string,
  terms: { readonly lifetimeMs?: number | undefined; readonly overlapMs?: number | undefined },
  act: Act,
): ReturnType<ApiClients['rotate']> {
  return storage.atomically(async ({ apiClients, audit }) => {
    const rotation = await apiClients.rotate(id, act.at, terms);
    if (rotation.outcome !== 'rotated') return rotation;
    const { secretId, expiresAt, olderUntil } = rotation;
    const details = {
      secret: secretId,
      until: expiresAt.toISOString(),
      olderUntil: olderUntil.toISOString(),
    };
    await record(audit, act, 'client.secret-rotated', { subject: { kind: 'client', id }, details });
    return rotation;
  });
}

/** Ends one secret of a client at once; false when it has no such secret. */
export function revokeClientSecret(
  storage: AdministrationStorage,
  { id, secretId }: { readonly id: string; readonly secretId: string },
  act: Act,
): Promise<boolean> {
  return storage.atomically(async ({ apiClients, audit }) => {
    const revoked = await apiClients.revokeSecret(id, secretId, act.at);
    const details = { secret: secretId };
    if (revoked)
      await record(audit, act, 'client.secret-revoked', { subject: { kind: 'client', id }, details });
    return revoked;
  });
}

/** Revokes a client and all its secrets; false when there is no active one of that identifier. */
export function revokeClient(storage: AdministrationStorage, id: string, act: Act): Promise<boolean> {
  return storage.atomically(async ({ apiClients, audit }) => {
    const revoked = await apiClients.revoke(id, act.at);
    if (revoked) await record(audit, act, 'client.revoked', { subject: { kind: 'client', id } });
    return revoked;
  });
}
