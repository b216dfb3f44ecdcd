/** How somebody wants to be reached: their own word, which nobody else changes. */
import { type Contacts } from '../accounts/account.js';
import { type Presence } from './presence.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';
import { type Visitor } from '../sign-in/visitor.js';

/**
 * A session by a provisional password sees and changes what was entered at its own membership and nothing else: who planted such a
 * password would read or change what is the person's (docs/decisions/0019). Both answer `null` where that has ended.
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
  readonly storage: SignInStorage;
  readonly clock: () => Date;
}): OwnContacts {
  const { storage, clock } = parts;

  const contactsOf = (
    { accounts, provisional }: Pick<SignInStores, 'accounts' | 'provisional'>,
    { session, account }: Presence,
  ): Promise<Contacts | null> =>
    session.provisional
      ? provisional.contactsOf(account.membership.id)
      : accounts.contactsOf(account.person.id);

  return {
    of: (presence) => contactsOf(storage, presence),
    change: (presence, change, visitor) =>
      storage.atomically(async (stores) => {
        const { person, organisation, membership } = presence.account;
        const before = await contactsOf(stores, presence);
        if (before === null) return null;
        const after = { ...before, ...change };
        if (presence.session.provisional) await stores.provisional.setContacts(membership.id, after);
        else await stores.accounts.setContacts(person.id, after);
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
        return contactsOf(stores, presence);
      }),
  };
}
