/** What an operator does to API clients. */
import { readName } from '../accounts/naming.js';
import { type ApiClient } from '../federation/api-client.js';
import { type Deed } from './deed.js';
import { type AdministrationStorage } from './stores.js';

/**
 * Registers a client; its secret is returned here and never again.
 *
 * @throws AccountError `NAME_MALFORMED`
 */
export function addClient(
  storage: AdministrationStorage,
  name: string,
  deed: Deed,
): Promise<{ readonly client: ApiClient; readonly secret: string }> {
  return storage.atomically(async ({ apiClients, audit }) => {
    const added = await apiClients.add(readName(name), deed.at);
    await audit.append({ ...deed, type: 'client.added', subject: { kind: 'client', id: added.client.id } });
    return added;
  });
}

/** Revokes a client; false when there is no active one of that identifier. */
export function revokeClient(storage: AdministrationStorage, id: string, deed: Deed): Promise<boolean> {
  return storage.atomically(async ({ apiClients, audit }) => {
    const revoked = await apiClients.revoke(id, deed.at);
    if (revoked) await audit.append({ ...deed, type: 'client.revoked', subject: { kind: 'client', id } });
    return revoked;
  });
}
