import { type Account } from '../accounts/account.js';
import { type Obligation } from '../sessions/session.js';
import { type LoginStores } from './stores.js';

/** How somebody signs in. `provisional`: with the password of an invitation taken without an EDS. */
export type EntryMethod = 'eds' | 'password' | 'provisional';

/** Whether one thing is still to be done by somebody who signs in now; `null` when it is not. */
type Duty = (
  stores: LoginStores,
  account: Account,
  method: EntryMethod,
  now: Date,
) => Promise<Obligation | null>;

/** A password grows old for those who sign in with it; with the EDS it may rest. */
const changePassword: Duty = async ({ passwords }, { person, membership }, method, now) => {
  if (method === 'eds') return null;
  const { expired } = await passwords.stateOf(person.id, now, method === 'password' ? null : membership.id);
  return expired ? 'change-password' : null;
};

/** In the order in which they are to be fulfilled. */
const DUTIES: readonly Duty[] = [
  async (stores, account, method, now) =>
    (await stores.terms.owes(account, method, now)) ? 'accept-terms' : null,
  changePassword,
];

/**
 * What somebody must do before their new session is good for anything else. Asked once, within the unit that opens the session;
 * each is taken off by `sessions.fulfil` in the unit that does what it asks for.
 */
export async function obligationsOf(
  stores: LoginStores,
  account: Account,
  method: EntryMethod,
  now: Date,
): Promise<readonly Obligation[]> {
  const obligations: Obligation[] = [];
  for (const duty of DUTIES) {
    const obligation = await duty(stores, account, method, now);
    if (obligation !== null) obligations.push(obligation);
  }
  return obligations;
}
