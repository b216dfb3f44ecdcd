import { type OwnMembership, type OwnMemberships } from '../../me/own-memberships.js';
import { endedSessionCookie } from '../kernel/cookie.js';
import { operation, type Operation, type Reply } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { SMALL_BODY } from '../shapes/eds.js';
import { memberParams, nothingRequest } from '../shapes/organisation-schema.js';
import { endedAccessBody } from '../shapes/session-body.js';
import { myMembershipsReply } from './schema.js';

/** What somebody does about where they belong. */
export function myMembershipOperations({
  memberships,
}: {
  readonly memberships: OwnMemberships;
}): Operation[] {
  const path = '/v1/me/memberships';
  const replies = {
    200: {
      description: 'All of them; with a provisional password that one alone',
      schema: myMembershipsReply,
    },
  } as const;
  const listed = async (presence: Parameters<OwnMemberships['list']>[0]): Promise<Reply> => ({
    status: 200,
    body: {
      items: (await memberships.list(presence)).map(describe),
      provisionalEnded: (await memberships.endedWith(presence)).map(endedAccessBody),
    },
  });
  return [
    operation({
      id: 'listMyMemberships',
      method: 'get',
      path,
      summary: 'The organisations I belong to, those that invite me and those I asked',
      tag: 'me',
      access: 'member',
      limit: 'manage',
      replies,
      problems: [],
      handle: ({ presence }) => listed(presence),
    }),
    operation({
      id: 'confirmMyMembership',
      method: 'post',
      path: `${path}/{member}/confirm`,
      summary: 'Say with my EDS session that I belong where an invitation was taken without an EDS',
      tag: 'me',
      access: 'member',
      limit: 'manage',
      params: memberParams,
      body: { schema: nothingRequest, limit: SMALL_BODY },
      replies,
      problems: ['MEMBERSHIP_STATUS', 'EDS_SESSION_REQUIRED'],
      async handle({ params: { member }, presence, visitor }) {
        if (!(await memberships.confirm(presence, member, visitor.act)))
          throw new Problem('EDS_SESSION_REQUIRED');
        return listed(presence);
      },
    }),
    operation({
      id: 'leaveOrganisation',
      method: 'delete',
      path: `${path}/{member}`,
      summary: 'Leave an organisation, decline an invitation or take a request back; my sessions there end',
      tag: 'me',
      access: 'member',
      limit: 'manage',
      params: memberParams,
      replies: { 204: { description: 'Left; the cookie is removed when this session was there' } },
      problems: ['LAST_MANAGER'],
      async handle({ params: { member }, presence, visitor }) {
        await memberships.leave(presence, member, visitor.act);
        const here = presence.account.membership.id === member;
        return { status: 204, cookies: here ? [endedSessionCookie()] : [] };
      },
    }),
  ];
}

function describe({ membership, organisation, current }: OwnMembership): object {
  const { id, status, provisional, roles, since } = membership;
  return { id, current, organisation, status, provisional, roles, since: since.toISOString() };
}
