import { isMember } from '../../accounts/membership-status.js';
import { parseIin } from '../../accounts/national-number.js';
import { suggestRoles } from '../../accounts/suggestion.js';
import {
  approveRequest,
  rejectRequest,
  setMembershipStatus,
  setRoles,
} from '../../administration/members.js';
import { unblockMemberPassword } from '../../administration/member-access.js';
import { authorise, type Authorised } from '../../administration/authority.js';
import { type TenantReading } from '../../administration/reach.js';
import { type Operation, operation, type Reply } from '../kernel/operation.js';
import { memberBody, pageBody } from '../shapes/organisation-body.js';
import {
  memberPage,
  memberParams,
  memberReply,
  memberSearchRequest,
  membersQuery,
  nothingRequest,
  rolesRequest,
  unblockedReply,
} from '../shapes/organisation-schema.js';
import { given } from '../kernel/given.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { MEMBERS_READING, MEMBERS_WRITING } from './access.js';

const PATH = '/v1/organisation/members';
const MEMBER = `${PATH}/{member}`;

/** The people of the caller's organisation. */
export function membersOperations(parts: ManagementParts): Operation[] {
  const { storage } = parts;
  const reading = { ...MEMBERS_READING, tag: 'members' } as const;
  const writing = { ...MEMBERS_WRITING, tag: 'members' } as const;
  const replies = { 200: { description: 'The member', schema: memberReply } } as const;
  const pages = { 200: { description: 'A part of the list', schema: memberPage } } as const;

  const details = async (tenant: TenantReading, membershipId: string): Promise<Reply> => {
    const account = await tenant.members.get(membershipId);
    const certificates = await tenant.certificates.of(membershipId);
    const suggestions = suggestRoles(certificates, await tenant.roles.list());
    const suggestedRoles = suggestions.map(({ template }) => template);
    const { iin } = account.person;
    const passwordBlocked = isMember(account.membership) && (await storage.passwords.isBlocked(iin));
    return { status: 200, body: { ...memberBody(account), iin, passwordBlocked, suggestedRoles } };
  };

  /** A change of one member without more to say than that. */
  const change = (
    name: 'reject' | 'suspend' | 'resume',
    summary: string,
    work: (organisation: Authorised<'qaqpa:members.write'>, membershipId: string) => Promise<unknown>,
  ): Operation =>
    operation({
      ...writing,
      id: `${name}Member`,
      method: 'post',
      path: `${MEMBER}/${name}`,
      summary,
      params: memberParams,
      body: { schema: nothingRequest, limit: MANAGEMENT_BODY },
      replies,
      problems: ['MEMBERSHIP_STATUS', 'LAST_MANAGER', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { member }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        await work(organisation, member);
        return details(organisation.tenant, member);
      },
    });

  return [
    operation({
      ...reading,
      id: 'listMembers',
      privilegedRead: true,
      method: 'get',
      path: PATH,
      summary: 'Members, invited people and requests, oldest first',
      query: membersQuery,
      replies: pages,
      problems: [],
      async handle({ query, visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        return { status: 200, body: pageBody(await tenant.members.list(given(query)), memberBody) };
      },
    }),
    operation({
      ...reading,
      id: 'searchMembers',
      privilegedRead: true,
      method: 'post',
      path: `${PATH}/search`,
      summary: 'Find members by name or IIN, which have no place in an address',
      body: { schema: memberSearchRequest, limit: MANAGEMENT_BODY },
      replies: pages,
      problems: [],
      async handle({ body: { iin, ...query }, visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        const number = iin === undefined ? null : parseIin(iin);
        const asked = { ...given(query), ...(number === null ? {} : { iin: number }) };
        const page = await tenant.members.list(asked);
        const [only, ...more] = number === null ? [] : page.items;
        const subject =
          only === undefined || more.length > 0
            ? null
            : ({ kind: 'membership', id: only.membership.id } as const);
        // Whom a search named that found nobody is known by a keyed reference alone.
        const reference =
          number === null || subject !== null ? {} : { iin: storage.accounts.referenceOf(number) };
        const by = number === null ? 'name' : 'iin';
        const looked = { subject, details: { by, found: page.items.length, ...reference } } as const;
        return { status: 200, body: pageBody(page, memberBody), looked };
      },
    }),
    operation({
      ...reading,
      id: 'getMember',
      privilegedRead: true,
      method: 'get',
      path: MEMBER,
      summary: 'One member',
      params: memberParams,
      replies,
      problems: [],
      handle: ({ params: { member }, visitor }) =>
        details(authorise(storage, visitor.act, 'qaqpa:members.read').tenant, member),
    }),
    operation({
      ...writing,
      id: 'approveMember',
      method: 'post',
      path: `${MEMBER}/approve`,
      summary: 'Grant a request, with these roles',
      params: memberParams,
      body: { schema: rolesRequest, limit: MANAGEMENT_BODY },
      replies,
      problems: ['MEMBERSHIP_STATUS', 'ROLE_LIMIT', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { member }, body: { roles }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        await approveRequest(organisation, member, roles);
        return details(organisation.tenant, member);
      },
    }),
    change('reject', 'Turn a request down', rejectRequest),
    change('suspend', 'Keep a member out for a while; their sessions end', (organisation, id) =>
      setMembershipStatus(organisation, id, 'suspended'),
    ),
    change('resume', 'Let a suspended member in again', (organisation, id) =>
      setMembershipStatus(organisation, id, 'active'),
    ),
    operation({
      ...writing,
      id: 'removeMember',
      method: 'delete',
      path: MEMBER,
      summary: 'Remove somebody from the organisation; their sessions and open invitations end',
      params: memberParams,
      replies: { 204: { description: 'Removed' } },
      problems: ['MEMBERSHIP_STATUS', 'LAST_MANAGER', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { member }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        await setMembershipStatus(organisation, member, 'removed');
        return { status: 204 };
      },
    }),
    operation({
      ...writing,
      stepUp: 'roles.change',
      id: 'setMemberRoles',
      method: 'put',
      path: `${MEMBER}/roles`,
      summary: 'Give a member exactly these roles; a change ends their sessions',
      params: memberParams,
      body: { schema: rolesRequest, limit: MANAGEMENT_BODY },
      replies,
      problems: ['LAST_MANAGER', 'ROLE_LIMIT', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { member }, body: { roles }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        await setRoles(organisation, member, roles);
        return details(organisation.tenant, member);
      },
    }),
    operation({
      ...writing,
      id: 'unblockMemberPassword',
      method: 'post',
      path: `${MEMBER}/unblock-password`,
      summary: 'Let a member try their password again after too many wrong ones',
      params: memberParams,
      body: { schema: nothingRequest, limit: MANAGEMENT_BODY },
      replies: { 200: { description: 'Whether it was blocked', schema: unblockedReply } },
      problems: ['MEMBERSHIP_STATUS', 'MEMBERSHIP_UNCONFIRMED', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { member }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        return { status: 200, body: await unblockMemberPassword(organisation, member) };
      },
    }),
  ];
}
