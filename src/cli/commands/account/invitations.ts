import { invitationLink, stateOf } from '../../../accounts/invitation.js';
import { maskNumber } from '../../../accounts/national-number.js';
import { inviteMember, revokeInvitation } from '../../../administration/invitations.js';
import { loadConfig } from '../../../config.js';
import {
  type Actions,
  binOf,
  count,
  day,
  iinOf,
  list,
  MEMBER,
  organisationOf,
  pageOf,
  PAGING,
  required,
  say,
  within,
} from './action.js';

const DAY_MS = 24 * 60 * 60_000;

export const INVITATION_ACTIONS: Actions = {
  'invitation add': {
    options: [...MEMBER, 'name', 'role', 'days'],
    prepare(call) {
      const bin = binOf(call);
      const days = count(call.values.days, 'days', 30);
      const details = {
        iin: iinOf(call),
        name: call.values.name ?? null,
        roles: call.values.role ?? [],
        ...(days === undefined ? {} : { lifetimeMs: days * DAY_MS }),
      };
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        const { invitation, token } = await inviteMember(storage, details, within(call, id));
        const { origin, port } = loadConfig(call.io.env);
        say(call, invitationLink(origin ?? `http://localhost:${port}`, token));
        const until = invitation.expiresAt.toISOString();
        call.io.stderr.write(`The link works once, until ${until}, for the invited IIN only.\n`);
      };
    },
  },
  'invitation revoke': {
    options: ['bin', 'id'],
    prepare(call) {
      const [bin, invitationId] = [binOf(call), required(call, 'id')];
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        await revokeInvitation(storage, invitationId, within(call, id));
        say(call, 'the invitation is withdrawn');
      };
    },
  },
  'invitation list': {
    options: ['bin', ...PAGING],
    prepare(call) {
      const [bin, page] = [binOf(call), pageOf(call)];
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        const { items, nextCursor } = await storage.accounts.tenant(id).invitations.list(page, call.deed.at);
        const invitations = items.map(({ invitation, account: { person, membership } }) => ({
          id: invitation.id,
          state: stateOf(invitation, call.deed.at),
          expiresAt: invitation.expiresAt,
          iin: maskNumber(person.iin),
          name: person.name,
          roles: membership.roles,
        }));
        list(
          call,
          invitations,
          (invitation) => [
            invitation.id,
            invitation.state,
            day(invitation.expiresAt),
            invitation.iin,
            invitation.roles.join(','),
            invitation.name,
          ],
          nextCursor,
        );
      };
    },
  },
};
