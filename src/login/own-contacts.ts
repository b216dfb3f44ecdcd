/** How somebody wants to be reached: their own word, which nobody else changes. */
import { type Contacts } from '../accounts/account.js';
import { type Presence } from './presence.js';
import { type LoginStorage } from './stores.js';
import { type Visitor } from './visitor.js';

export interface OwnContacts {
  of(presence: Presence): Promise<Contacts>;
  /**
   * Changes what is given; `null` removes it.
   *
   * @throws AccountError `CONTACT_MALFORMED`
   */
  change(presence: Presence, change: Partial<Contacts>, visitor: Visitor): Promise<Contacts>;
}

export function createOwnContacts(parts: {
  readonly storage: LoginStorage;
  readonly clock: () => Date;
}): OwnContacts {
  const { storage, clock } = parts;
  return {
    of: ({ account }) => storage.accounts.contactsOf(account.person.id),
    change: ({ account: { person, organisation, membership } }, change, visitor) =>
      storage.atomically(async (stores) => {
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
