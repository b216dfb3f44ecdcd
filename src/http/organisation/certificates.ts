import { authorise, authoriseOwn } from '../../administration/authority.js';
import { type TenantReading } from '../../administration/reach.js';
import {
  approveCertificate,
  revokeCertificate,
  revokeOwnCertificate,
} from '../../administration/certificates.js';
import { type Operation, operation } from '../kernel/operation.js';
import { certificateBody, pageBody } from '../shapes/organisation-body.js';
import {
  certificateList,
  certificatePage,
  certificateReply,
  certificatesQuery,
  memberCertificateParams,
  memberParams,
  nothingRequest,
  ownCertificateParams,
} from '../shapes/organisation-schema.js';
import { given } from '../kernel/given.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';

const MEMBER_PATH = '/v1/organisation/members/{member}/certificates';

/** The certificates people come with: their own, and for a manager those of the organisation. */
export function certificatesOperations({ storage, clock }: ManagementParts): Operation[] {
  const reading = { access: 'member', limit: 'manage' } as const;
  const list = {
    200: { description: 'Every certificate seen, oldest first', schema: certificateList },
  } as const;

  const all = async (tenant: TenantReading, membershipId: string): Promise<object> => {
    // Certificates of nobody are an empty list; of a stranger they are unknown.
    await tenant.members.get(membershipId);
    const now = clock();
    const bindings = await tenant.certificates.of(membershipId);
    return { items: bindings.map((binding) => certificateBody(binding, now)) };
  };

  const decision = (
    name: 'approve' | 'revoke',
    summary: string,
    decide: typeof approveCertificate,
  ): Operation =>
    operation({
      ...reading,
      tag: 'members',
      permission: 'qaqpa:members.write',
      stepUp: 'certificates.change',
      id: `${name}Certificate`,
      method: 'post',
      path: `${MEMBER_PATH}/{certificate}/${name}`,
      summary,
      params: memberCertificateParams,
      body: { schema: nothingRequest, limit: MANAGEMENT_BODY },
      replies: { 200: { description: 'The certificate as it stands now', schema: certificateReply } },
      problems: ['CERTIFICATE_BINDING_STATUS', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { member, certificate }, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:members.write');
        const binding = await decide(organisation, { membershipId: member, sha256: certificate });
        return { status: 200, body: certificateBody(binding, visitor.act.at) };
      },
    });

  return [
    operation({
      ...reading,
      id: 'listOwnCertificates',
      method: 'get',
      path: '/v1/me/certificates',
      summary: 'The certificates I came with',
      tag: 'me',
      replies: list,
      problems: [],
      async handle({ presence, visitor }) {
        const { tenant } = authoriseOwn(storage, visitor.act);
        return { status: 200, body: await all(tenant, presence.account.membership.id) };
      },
    }),
    operation({
      ...reading,
      id: 'revokeOwnCertificate',
      method: 'post',
      path: '/v1/me/certificates/{certificate}/revoke',
      summary: 'Refuse one of my certificates from now on; sessions opened with it end',
      tag: 'me',
      stepUp: 'certificates.change',
      params: ownCertificateParams,
      body: { schema: nothingRequest, limit: MANAGEMENT_BODY },
      replies: { 200: { description: 'The certificate as it stands now', schema: certificateReply } },
      problems: ['CERTIFICATE_BINDING_STATUS'],
      async handle({ params: { certificate }, visitor }) {
        const binding = await revokeOwnCertificate(authoriseOwn(storage, visitor.act), certificate);
        return { status: 200, body: certificateBody(binding, visitor.act.at) };
      },
    }),
    operation({
      ...reading,
      id: 'listCertificates',
      privilegedRead: true,
      method: 'get',
      path: '/v1/organisation/certificates',
      summary: 'Certificates of all members, newest first: those that wait, those nobody has looked at',
      tag: 'organisation',
      permission: 'qaqpa:members.read',
      query: certificatesQuery,
      replies: { 200: { description: 'A part of the list', schema: certificatePage } },
      problems: [],
      async handle({ query, visitor }) {
        const now = clock();
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        const page = await tenant.certificates.list(given(query));
        return { status: 200, body: pageBody(page, (binding) => certificateBody(binding, now)) };
      },
    }),
    operation({
      ...reading,
      id: 'listMemberCertificates',
      privilegedRead: true,
      method: 'get',
      path: MEMBER_PATH,
      summary: 'The certificates a member came with',
      tag: 'members',
      permission: 'qaqpa:members.read',
      params: memberParams,
      replies: list,
      problems: [],
      async handle({ params: { member }, visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        return { status: 200, body: await all(tenant, member) };
      },
    }),
    decision('approve', 'Let a certificate in', approveCertificate),
    decision('revoke', 'Refuse a certificate; sessions opened with it here end', revokeCertificate),
  ];
}
