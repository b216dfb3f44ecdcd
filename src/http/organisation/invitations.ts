import { authorise } from '../../administration/authority.js';
import { invitationLink } from '../../accounts/invitation.js';
import { parseIin } from '../../accounts/national-number.js';
import { inviteMember, revokeInvitation } from '../../administration/invitations.js';
import { type Operation, operation } from '../kernel/operation.js';
import { invitationBody, pageBody } from '../shapes/organisation-body.js';
import {
  invitationPage,
  invitationParams,
  invitationReply,
  invitationRequest,
  invitationsQuery,
} from '../shapes/organisation-schema.js';
import { Problem } from '../kernel/problem.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { given } from '../kernel/given.js';
import { MEMBERS_READING, MEMBERS_WRITING } from './access.js';

const PATH = '/v1/organisation/invitations';
const DAY_MS = 24 * 60 * 60_000;

/** Inviting people into the caller's organisation. */
export function invitationsOperations({
  storage,
  clock,
  origin,
  invitationsPerDay: perDay,
}: ManagementParts): Operation[] {
  return [
    operation({
      ...MEMBERS_WRITING,
      tag: 'invitations',
      id: 'invite',
      method: 'post',
      path: PATH,
      summary: 'Invite a person; the link is told once and works for their IIN alone',
      body: { schema: invitationRequest, limit: MANAGEMENT_BODY },
      replies: { 201: { description: 'Invited; send them the link', schema: invitationReply } },
      problems: [
        'INVITATION_LIMIT',
        'MEMBERSHIP_EXISTS',
        'ROLE_LIMIT',
        'AUTHORITY_EXCEEDED',
        'RESOURCE_UNKNOWN',
      ],
      async handle({ body: { iin, name, roles, days }, visitor }) {
        const number = parseIin(iin);
        if (number === null) throw new Problem('REQUEST_INVALID');
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        const details = { iin: number, name: name ?? null, roles, lifetimeMs: days * DAY_MS, perDay };
        const { invitation, account, token } = await inviteMember(organisation, details);
        const link = invitationLink(origin, token);
        return { status: 201, body: { ...invitationBody({ invitation, account }, visitor.act.at), link } };
      },
    }),
    operation({
      ...MEMBERS_READING,
      tag: 'invitations',
      id: 'listInvitations',
      privilegedRead: true,
      method: 'get',
      path: PATH,
      summary: 'Invitations, newest first',
      query: invitationsQuery,
      replies: { 200: { description: 'A part of the list', schema: invitationPage } },
      problems: [],
      async handle({ query, visitor }) {
        const now = clock();
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        const page = await tenant.invitations.list(given(query), now);
        return { status: 200, body: pageBody(page, (listed) => invitationBody(listed, now)) };
      },
    }),
    operation({
      ...MEMBERS_WRITING,
      tag: 'invitations',
      id: 'revokeInvitation',
      method: 'delete',
      path: `${PATH}/{invitation}`,
      summary: 'Withdraw an invitation nobody took',
      params: invitationParams,
      replies: { 204: { description: 'Withdrawn' } },
      problems: ['INVITATION_USED', 'INVITATION_REVOKED', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { invitation }, visitor }) {
        await revokeInvitation(authorise(storage, visitor.act, 'qaqpa:members.write'), invitation);
        return { status: 204 };
      },
    }),
  ];
}
