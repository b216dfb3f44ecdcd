import { authorise } from '../../../administration/authority.js';
import { invitationLink, stateOf } from '../../../accounts/invitation.js';
import { maskNumber } from '../../../accounts/national-number.js';
import { inviteMember, revokeInvitation } from '../../../administration/invitations.js';
import { loadConfig } from '../../../config.js';
import { type Actions, count, day, iinOf, list, noteRead, pageOf, PAGING, required, say } from './action.js';
import { organisationAction } from './tenant-action.js';

const DAY_MS = 24 * 60 * 60_000;

export const INVITATION_ACTIONS: Actions = {
  'invitation add': organisationAction(['iin', 'name', 'role', 'days'], (call) => {
    const days = count(call.values.days, 'days', 30);
    const details = {
      iin: iinOf(call),
      name: call.values.name ?? null,
      roles: call.values.role ?? [],
      ...(days === undefined ? {} : { lifetimeMs: days * DAY_MS }),
    };
    return async (storage, _, act) => {
      const { invitation, token } = await inviteMember(
        authorise(storage, act, 'qaqpa:members.write'),
        details,
      );
      const { origin, port } = loadConfig(call.io.env);
      say(call, invitationLink(origin ?? `http://localhost:${port}`, token));
      const until = invitation.expiresAt.toISOString();
      call.io.stderr.write(`The link works once, until ${until}, for the invited IIN only.\n`);
    };
  }),
  'invitation revoke': organisationAction(['id'], (call) => {
    const invitationId = required(call, 'id');
    return async (storage, _, act) => {
      await revokeInvitation(authorise(storage, act, 'qaqpa:members.write'), invitationId);
      say(call, 'the invitation is withdrawn');
    };
  }),
  'invitation list': organisationAction(PAGING, (call) => {
    const page = pageOf(call);
    return async (storage, { id }, { at }) => {
      const { items, nextCursor } = await storage.accounts.tenant(id).invitations.list(page, at);
      await noteRead(call, storage, { organisationId: id });
      const invitations = items.map(({ invitation, account: { person, membership } }) => ({
        id: invitation.id,
        state: stateOf(invitation, at),
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
  }),
};
