import { type Account } from '../accounts/account.js';
import { type Obligation } from '../sessions/session.js';
import { type SignInStores } from './stores.js';

/** How somebody signs in. `provisional`: with the password of an invitation taken without an EDS. */
export type EntryMethod = 'eds' | 'password' | 'provisional';

interface Entry {
  readonly entry: EntryMethod;
  /** The password it was made with is known to guessers. */
  readonly passwordBreached: boolean;
}

/** Whether one thing is still to be done by somebody who signs in now; `null` when it is not. */
type Duty = (stores: SignInStores, account: Account, entry: Entry, now: Date) => Promise<Obligation | null>;

/** A password is changed by those who sign in with it: grown old, set by an operator, or breached. With the EDS it may rest. */
const changePassword: Duty = async (
  { passwords },
  { person, membership },
  { entry, passwordBreached },
  now,
) => {
  if (entry === 'eds') return null;
  if (passwordBreached) return 'change-password';
  const { expired } = await passwords.stateOf(person.id, now, entry === 'password' ? null : membership.id);
  return expired ? 'change-password' : null;
};

/** In the order in which they are to be fulfilled. */
const DUTIES: readonly Duty[] = [
  async (stores, account, { entry }, now) =>
    (await stores.terms.owes(account, entry, now)) ? 'accept-terms' : null,
  changePassword,
];

/**
 * What somebody must do before their new session is good for anything else. Asked once, within the unit that opens the session;
 * each is taken off by `sessions.fulfil` in the unit that does what it asks for.
 */
export async function obligationsOf(
  stores: SignInStores,
  account: Account,
  entry: Entry,
  now: Date,
): Promise<readonly Obligation[]> {
  const obligations: Obligation[] = [];
  for (const duty of DUTIES) {
    const obligation = await duty(stores, account, entry, now);
    if (obligation !== null) obligations.push(obligation);
  }
  return obligations;
}
