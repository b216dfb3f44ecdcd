import { authorise } from '../../administration/authority.js';
import { endMemberSession, endMemberSessions } from '../../administration/member-access.js';
import { type Operation, operation } from '../kernel/operation.js';
import { memberSessionBody } from '../shapes/organisation-body.js';
import { memberParams, memberSessionList, memberSessionParams } from '../shapes/organisation-schema.js';
import { Problem } from '../kernel/problem.js';
import { sessionsEndedReply } from '../shapes/session-schema.js';
import { type ManagementParts } from '../kernel/acting.js';
import { MEMBERS_READING, MEMBERS_WRITING } from './access.js';

const PATH = '/v1/organisation/members/{member}/sessions';

/** Where a member is signed in for this organisation, and the end of it. */
export function memberSessionsOperations({ storage, clock }: ManagementParts): Operation[] {
  return [
    operation({
      ...MEMBERS_READING,
      tag: 'members',
      id: 'listMemberSessions',
      privilegedRead: true,
      method: 'get',
      path: PATH,
      summary: 'Where a member is signed in, newest first',
      params: memberParams,
      replies: { 200: { description: 'Live sessions', schema: memberSessionList } },
      problems: [],
      async handle({ params: { member }, visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        const { membership } = await tenant.members.get(member);
        const sessions = await storage.sessions.list({ membershipId: membership.id }, clock());
        return { status: 200, body: { items: sessions.map(memberSessionBody) } };
      },
    }),
    operation({
      ...MEMBERS_WRITING,
      tag: 'members',
      id: 'endMemberSession',
      method: 'delete',
      path: `${PATH}/{session}`,
      summary: 'End one session of a member',
      params: memberSessionParams,
      replies: { 204: { description: 'Ended' } },
      problems: ['AUTHORITY_EXCEEDED'],
      async handle({ params: { member, session }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        const named = { membershipId: member, sessionId: session };
        if (!(await endMemberSession(organisation, named))) throw new Problem('RESOURCE_UNKNOWN');
        return { status: 204 };
      },
    }),
    operation({
      ...MEMBERS_WRITING,
      tag: 'members',
      id: 'endMemberSessions',
      method: 'delete',
      path: PATH,
      summary: 'End every session a member has for this organisation',
      params: memberParams,
      replies: { 200: { description: 'How many there were', schema: sessionsEndedReply } },
      problems: ['AUTHORITY_EXCEEDED'],
      async handle({ params: { member }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        return { status: 200, body: { ended: await endMemberSessions(organisation, member) } };
      },
    }),
  ];
}
