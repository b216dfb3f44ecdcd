/** Actions inside one organisation. */
import { type Account, AccountError, type Organisation } from '../../../accounts/account.js';
import { type Bin, parseIin } from '../../../accounts/national-number.js';
import { inOrganisation, type OrganisationAct } from '../../../audit/act.js';
import { type OpenServices } from '../../../services.js';
import { UsageError } from '../../command.js';
import { type Action, binOf, type Call, iinOf, type OptionName } from './action.js';

type TenantWork<Subject> = (storage: OpenServices, subject: Subject, act: OrganisationAct) => Promise<void>;

/**
 * An action on the organisation of `--bin`.
 *
 * @param options those it takes besides
 * @param prepare reads them before the store is opened
 */
export function organisationAction(
  options: readonly OptionName[],
  prepare: (call: Call) => TenantWork<Organisation>,
): Action {
  return {
    options: ['bin', ...options],
    prepare(call) {
      const bin = binOf(call);
      const work = prepare(call);
      return async (storage) => {
        const organisation = await organisationOf(storage, bin);
        // An operator may do everything inside every organisation.
        await work(storage, organisation, inOrganisation(call.act, organisation.id));
      };
    },
  };
}

/** An action on the member of `--bin` and `--iin`; it fails with AccountError `MEMBERSHIP_UNKNOWN` where there is none. */
export function memberAction(
  options: readonly OptionName[],
  prepare: (call: Call) => TenantWork<Account>,
): Action {
  return organisationAction(['iin', ...options], (call) => {
    const iin = iinOf(call);
    const work = prepare(call);
    return async (storage, { id }, act) => {
      const account = await storage.accounts.tenant(id).members.ofIin(iin);
      if (account === null || account.membership.status === 'removed') {
        throw new AccountError('MEMBERSHIP_UNKNOWN', 'this person is not a member of this organisation');
      }
      await work(storage, account, act);
    };
  });
}

/** The organisation of a BIN, or, where none has it, the practice whose owner's IIN it is. */
async function organisationOf({ accounts }: OpenServices, bin: Bin): Promise<Organisation> {
  const owner = parseIin(bin);
  const organisation =
    (await accounts.organisationByBin(bin)) ??
    (owner === null ? null : await accounts.organisationByOwner(owner));
  if (organisation === null) throw new UsageError('there is no organisation of this BIN');
  return organisation;
}
