import { authorise } from '../../../administration/authority.js';
import { approveCertificate, revokeCertificate } from '../../../administration/certificates.js';
import {
  type Action,
  type Actions,
  day,
  list,
  noteRead,
  oneOf,
  pageOf,
  PAGING,
  required,
  say,
} from './action.js';
import { memberAction, organisationAction } from './tenant-action.js';

export const CERTIFICATE_ACTIONS: Actions = {
  'certificate list': organisationAction(['status', ...PAGING], (call) => {
    const page = pageOf(call);
    const status = oneOf(call.values.status, 'status', ['active', 'pending', 'revoked'] as const);
    const query = { ...page, ...(status === undefined ? {} : { status }) };
    return async (storage, { id }) => {
      const { items, nextCursor } = await storage.accounts.tenant(id).certificates.list(query);
      await noteRead(call, storage, { organisationId: id, details: { status: status ?? null } });
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
  }),
  'certificate approve': decision(approveCertificate, 'the certificate is approved'),
  'certificate revoke': decision(revokeCertificate, 'the certificate is refused from now on'),
};

function decision(decide: typeof approveCertificate, done: string): Action {
  return memberAction(['sha256'], (call) => {
    const sha256 = required(call, 'sha256').toLowerCase();
    return async (storage, { membership }, act) => {
      await decide(authorise(storage, act, 'qaqpa:members.write'), { membershipId: membership.id, sha256 });
      say(call, done);
    };
  });
}
