import { type Contacts, readContacts } from './contacts.js';

/**
 * What an organisation's invitation gave to whoever took it without an EDS: a password and contacts at that membership and nowhere
 * else. Nobody has proved that it was the person, so it says nothing about them anywhere, and ends with their next EDS sign-in.
 */
export interface ProvisionalAccesses {
  /** As entered at this membership; `null` where nothing provisional is there (any more). */
  contactsOf(membershipId: string): Promise<Contacts | null>;
  /** False where nothing provisional is there. @throws AccountError `CONTACT_MALFORMED` */
  setContacts(membershipId: string, contacts: Contacts): Promise<boolean>;
  /** Ends whatever is provisional of a person, password and contacts, and says what that was. */
  endAllOf(personId: string, now: Date): Promise<readonly EndedAccess[]>;
  /** What of a person ended at this moment or later. */
  endedSince(personId: string, since: Date): Promise<readonly EndedAccess[]>;
}

/** A provisional access that is over. */
export interface EndedAccess {
  readonly membershipId: string;
  readonly organisation: { readonly id: string; readonly name: string };
  /** When the password that ended was set. */
  readonly setAt: Date;
  /** Whether contacts had been entered as well. */
  readonly contacts: boolean;
}

/** What is kept of such accesses, with contacts read before they are written. */
export function createProvisionalAccesses(store: ProvisionalAccesses): ProvisionalAccesses {
  return {
    ...store,
    setContacts: async (membershipId, contacts) => store.setContacts(membershipId, readContacts(contacts)),
  };
}
