/** How somebody wants to be reached: their own word, which nobody else changes. */
import { type Contacts } from '../accounts/account.js';
import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type Presence } from './presence.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';

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
  change(presence: Presence, change: Partial<Contacts>, act: Act): Promise<Contacts | null>;
}

export function createOwnContacts({ storage }: { readonly storage: SignInStorage }): OwnContacts {
  const contactsOf = (
    { accounts, provisional }: Pick<SignInStores, 'accounts' | 'provisional'>,
    { session, account }: Presence,
  ): Promise<Contacts | null> =>
    session.provisional
      ? provisional.contactsOf(account.membership.id)
      : accounts.contactsOf(account.person.id);

  return {
    of: (presence) => contactsOf(storage, presence),
    change: (presence, change, act) =>
      storage.atomically(async (stores) => {
        const { person, membership } = presence.account;
        const before = await contactsOf(stores, presence);
        if (before === null) return null;
        const after = { ...before, ...change };
        if (presence.session.provisional) await stores.provisional.setContacts(membership.id, after);
        else await stores.accounts.setContacts(person.id, after);
        await record(stores.audit, act, 'person.contacts-changed', {
          subject: { kind: 'person', id: person.id },
          details: { changed: Object.keys(change).sort().join(' ') },
        });
        return contactsOf(stores, presence);
      }),
  };
}
