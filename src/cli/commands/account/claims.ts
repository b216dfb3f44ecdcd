import { authorisePlatform } from '../../../administration/platform.js';
import { parseBin } from '../../../accounts/national-number.js';
import {
  grantBinClaim,
  mergeOrganisation,
  refuseBinClaim,
  releaseBranch,
} from '../../../administration/bin-claims.js';
import { UsageError } from '../../command.js';
import {
  type Action,
  type Actions,
  branchesOf,
  day,
  list,
  noteRead,
  pageOf,
  PAGING,
  required,
  say,
} from './action.js';
import { organisationAction } from './tenant-action.js';

/** Numbers that another organisation registered, and organisations that are part of another. */
export const CLAIM_ACTIONS: Actions = {
  'organisation merge': organisationAction(['into'], (call) => {
    const into = parseBin(required(call, 'into'));
    if (into === null) throw new UsageError('a BIN is twelve digits');
    return async (storage, from) => {
      const whole = await storage.accounts.organisationByBin(into);
      if (whole === null) throw new UsageError('there is no organisation of the BIN in --into');
      await mergeOrganisation(authorisePlatform(storage, call.act, 'rule'), {
        from: from.id,
        into: whole.id,
      });
      say(call, `${from.name} is part of ${whole.name} now; its people wait for approval there`);
    };
  }),
  'organisation release': organisationAction(['branch'], (call) => {
    const branches = branchesOf(call);
    if (branches.length === 0) throw new UsageError('--branch is missing');
    return async (storage, { id, name }) => {
      const platform = authorisePlatform(storage, call.act, 'rule');
      for (const bin of branches) await releaseBranch(platform, id, bin);
      say(call, `${name} has let go of ${branches.join(', ')}`);
    };
  }),
  'claim list': {
    options: PAGING,
    prepare(call) {
      const page = pageOf(call);
      return async (storage) => {
        await noteRead(call, storage);
        const { items, nextCursor } = await storage.binClaims.list(page);
        const claims = await Promise.all(
          items.map(async ({ organisationId, ...claim }) => {
            const organisation = await storage.accounts.organisationById(organisationId);
            const holder = await storage.accounts.organisationByBin(claim.bin);
            return { ...claim, organisation: organisation?.name ?? '', holder: holder?.name ?? '' };
          }),
        );
        list(
          call,
          claims,
          ({ id, status, madeAt, bin, organisation, holder }) => [
            id,
            status,
            day(madeAt),
            bin,
            `asked for by ${organisation}`,
            holder === '' ? 'held by nobody' : `held by ${holder}`,
          ],
          nextCursor,
        );
      };
    },
  },
  'claim grant': decision(grantBinClaim, 'granted'),
  'claim refuse': decision(refuseBinClaim, 'refused'),
};

function decision(decide: typeof grantBinClaim, told: string): Action {
  return {
    options: ['id'],
    prepare(call) {
      const id = required(call, 'id');
      return async (storage) => {
        const { bin } = await decide(authorisePlatform(storage, call.act, 'rule'), id);
        say(call, `the claim of ${bin} is ${told}`);
      };
    },
  };
}
