/** How somebody wants to be reached: their own word, which nobody else changes. */
import { type Contacts } from '../accounts/account.js';
import { confinementOf } from './confinement.js';
import { type Presence } from './presence.js';
import { type LoginStorage, type LoginStores } from './stores.js';
import { type Visitor } from './visitor.js';

/**
 * Both answer `null` to a session by a password confined to one organisation, of a person who has to do with another: who planted such a
 * password would read or change what was entered there (docs/decisions/0009).
 */
export interface OwnContacts {
  of(presence: Presence): Promise<Contacts | null>;
  /**
   * Changes what is given; `null` removes it.
   *
   * @throws AccountError `CONTACT_MALFORMED`
   */
  change(presence: Presence, change: Partial<Contacts>, visitor: Visitor): Promise<Contacts | null>;
}

export function createOwnContacts(parts: {
  readonly storage: LoginStorage;
  readonly clock: () => Date;
}): OwnContacts {
  const { storage, clock } = parts;

  const keptFrom = async (
    { accounts, passwords }: Pick<LoginStores, 'accounts' | 'passwords'>,
    { session, account }: Presence,
  ): Promise<boolean> =>
    (await confinementOf(passwords, session, clock())) !== null &&
    (await accounts.accountsOf(account.person.iin)).length > 1;

  return {
    of: async (presence) =>
      (await keptFrom(storage, presence)) ? null : storage.accounts.contactsOf(presence.account.person.id),
    change: (presence, change, visitor) =>
      storage.atomically(async (stores) => {
        if (await keptFrom(stores, presence)) return null;
        const { person, organisation, membership } = presence.account;
        const before = await stores.accounts.contactsOf(person.id);
        await stores.accounts.setContacts(person.id, { ...before, ...change });
        await stores.audit.append({
          type: 'person.contacts-changed',
          at: clock(),
          actor: { kind: 'membership', id: membership.id },
          subject: { kind: 'person', id: person.id },
          organisationId: organisation.id,
          requestId: visitor.requestId,
          address: visitor.address,
          details: { changed: Object.keys(change).sort().join(' ') },
        });
        return stores.accounts.contactsOf(person.id);
      }),
  };
}
