import { approveCertificate, revokeCertificate } from '../../../administration/certificates.js';
import {
  type Action,
  type Actions,
  binOf,
  day,
  iinOf,
  list,
  MEMBER,
  memberOf,
  oneOf,
  organisationOf,
  pageOf,
  PAGING,
  required,
  say,
  within,
} from './action.js';

export const CERTIFICATE_ACTIONS: Actions = {
  'certificate list': {
    options: ['bin', 'status', ...PAGING],
    prepare(call) {
      const [bin, page] = [binOf(call), pageOf(call)];
      const status = oneOf(call.values.status, 'status', ['active', 'pending', 'revoked'] as const);
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        const query = { ...page, ...(status === undefined ? {} : { status }) };
        const { items, nextCursor } = await storage.accounts.tenant(id).certificates.list(query);
        list(
          call,
          items,
          (binding) => [
            binding.certificateSha256,
            binding.status,
            day(binding.firstSeenAt),
            day(binding.notAfter),
            binding.templateRoles.join(','),
            binding.membershipId,
          ],
          nextCursor,
        );
      };
    },
  },
  'certificate approve': decision(approveCertificate, 'the certificate is approved'),
  'certificate revoke': decision(revokeCertificate, 'the certificate is refused from now on'),
};

function decision(decide: typeof approveCertificate, done: string): Action {
  return {
    options: [...MEMBER, 'sha256'],
    prepare(call) {
      const [bin, iin, sha256] = [binOf(call), iinOf(call), required(call, 'sha256').toLowerCase()];
      return async (storage) => {
        const { membership } = await memberOf(storage, bin, iin);
        const named = { membershipId: membership.id, sha256 };
        await decide(storage, named, within(call, membership.organisationId));
        say(call, done);
      };
    },
  };
}
