import { type Account, AccountError } from '../accounts/account.js';
import { type PlatformUnit } from './platform.js';

/**
 * Whoever has the machine can always give the role again; of those who come over the network somebody must remain who can, and who has a
 * place to sign in at.
 *
 * @param loses whether an account is one that nobody can act from any more
 * @throws AccountError `LAST_ADMINISTRATOR`
 */
export async function assertAdministratorRemains(
  { stores: { accounts }, act }: PlatformUnit,
  loses: (account: Account) => boolean,
): Promise<void> {
  if (act.who.kind === 'operator') return;
  let lost = false;
  for (const { person, roles } of await accounts.platformPeople()) {
    if (!roles.includes('administrator') || person.status !== 'active') continue;
    const places = (await accounts.accountsOf(person.iin)).filter(
      ({ membership, organisation }) => membership.status === 'active' && organisation.status === 'active',
    );
    if (places.some((account) => !loses(account))) return;
    lost ||= places.length > 0;
  }
  if (lost) throw new AccountError('LAST_ADMINISTRATOR', 'the installation keeps at least one administrator');
}
