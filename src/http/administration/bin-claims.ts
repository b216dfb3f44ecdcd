import { authorise } from '../../administration/authority.js';
import { authorisePlatform } from '../../administration/platform.js';
import { type BinClaim } from '../../accounts/bin-claim.js';
import { parseBin } from '../../accounts/national-number.js';
import {
  claimBin,
  grantBinClaim,
  mergeOrganisation,
  refuseBinClaim,
  releaseBranch,
} from '../../administration/bin-claims.js';
import { type StepUpSignatures } from '../../sessions/step-up-evidence.js';
import {
  binClaimPage,
  binClaimParams,
  binClaimReply,
  binClaimsQuery,
  binRequest,
  mergeRequest,
  organisationParams,
} from './schema.js';
import { type Operation, operation } from '../kernel/operation.js';
import { organisationBody, pageBody } from '../shapes/organisation-body.js';
import { nothingRequest, organisationReply, paging } from '../shapes/organisation-schema.js';
import { Problem } from '../kernel/problem.js';
import { z } from 'zod';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { given } from '../kernel/given.js';
import { PLATFORM_READING, PLATFORM_RULING } from './access.js';

const OWN = '/v1/organisation/bin-claims';
const PATH = '/v1/administration/bin-claims';
const ORGANISATION = '/v1/administration/organisations/{organisation}';

export interface BinClaimParts extends ManagementParts {
  readonly storage: ManagementParts['storage'] & { readonly stepUpSignatures: Pick<StepUpSignatures, 'get'> };
}

/** Numbers somebody else registered: asked for by the head they belong to, decided by an administrator. */
export function binClaimOperations({ storage }: BinClaimParts): Operation[] {
  const claims = { 200: { description: 'A part of the list', schema: binClaimPage } } as const;
  const organisations = { 200: { description: 'The organisation', schema: organisationReply } } as const;
  const member = { tag: 'organisation', access: 'member', limit: 'manage' } as const;

  const decision = (name: 'grant' | 'refuse', summary: string, decide: typeof grantBinClaim): Operation =>
    operation({
      ...PLATFORM_RULING,
      id: `${name}BinClaim`,
      method: 'post',
      path: `${PATH}/{claim}/${name}`,
      summary,
      params: binClaimParams,
      body: { schema: nothingRequest, limit: MANAGEMENT_BODY },
      replies: { 200: { description: 'The claim as it stands now', schema: binClaimReply } },
      problems: ['BIN_CLAIM_STATUS', 'ORGANISATION_NOT_MERGEABLE'],
      async handle({ params: { claim }, visitor }) {
        const platform = authorisePlatform(storage, visitor.act, 'rule');
        return { status: 200, body: claimBody(await decide(platform, claim)) };
      },
    });

  return [
    operation({
      ...member,
      id: 'claimBin',
      method: 'post',
      path: OWN,
      summary:
        'Ask for a number that belongs to my organisation and was registered by another; its head signs',
      permission: 'qaqpa:settings.write',
      stepUp: 'organisation.claim',
      alwaysSigned: true,
      body: { schema: binRequest, limit: MANAGEMENT_BODY },
      replies: { 201: { description: 'An administrator decides', schema: binClaimReply } },
      problems: ['BIN_CLAIM_STATUS', 'BIN_CLAIM_HEAD_REQUIRED'],
      async handle({ body, visitor, signature }) {
        const bin = parseBin(body.bin);
        const evidence = signature === null ? null : await storage.stepUpSignatures.get(signature.evidence);
        if (bin === null || evidence === null) throw new Problem('REQUEST_INVALID');
        const { id, membershipId, certificateSha256 } = evidence;
        const organisation = authorise(storage, visitor.act, 'qaqpa:settings.write');
        const signed = { evidence: id, membershipId, certificateSha256 };
        return { status: 201, body: claimBody(await claimBin(organisation, bin, signed)) };
      },
    }),
    operation({
      ...member,
      id: 'listOwnBinClaims',
      privilegedRead: true,
      method: 'get',
      path: OWN,
      summary: 'The numbers my organisation asked for, newest first',
      permission: 'qaqpa:settings.write',
      query: z.strictObject(paging),
      replies: claims,
      problems: [],
      async handle({ query, presence: { account } }) {
        const organisationId = account.organisation.id;
        const page = await storage.binClaims.list({ ...given(query), organisationId });
        return { status: 200, body: pageBody(page, claimBody) };
      },
    }),
    operation({
      ...PLATFORM_READING,
      id: 'listBinClaims',
      privilegedRead: true,
      method: 'get',
      path: PATH,
      summary: 'Numbers that heads of organisations ask for, newest first',
      query: binClaimsQuery,
      replies: claims,
      problems: [],
      async handle({ query }) {
        const page = await storage.binClaims.list(given(query));
        return { status: 200, body: pageBody(page, claimBody) };
      },
    }),
    decision(
      'grant',
      'Give the number to who asks; what was founded with it becomes part of theirs',
      grantBinClaim,
    ),
    decision('refuse', 'Leave the number where it is', refuseBinClaim),
    operation({
      ...PLATFORM_RULING,
      id: 'mergeOrganisation',
      method: 'post',
      path: `${ORGANISATION}/merge`,
      summary: 'Make an organisation part of another; its people ask to belong there, its sessions end',
      params: organisationParams,
      body: { schema: mergeRequest, limit: MANAGEMENT_BODY },
      replies: organisations,
      problems: ['ORGANISATION_NOT_MERGEABLE'],
      async handle({ params: { organisation: from }, body: { into }, visitor }) {
        await mergeOrganisation(authorisePlatform(storage, visitor.act, 'rule'), { from, into });
        const whole = await storage.accounts.organisationById(into);
        if (whole === null) throw new Problem('RESOURCE_UNKNOWN');
        return { status: 200, body: organisationBody(whole) };
      },
    }),
    operation({
      ...PLATFORM_RULING,
      id: 'releaseBranch',
      method: 'post',
      path: `${ORGANISATION}/release-branch`,
      summary: 'Free the number of a branch',
      params: organisationParams,
      body: { schema: binRequest, limit: MANAGEMENT_BODY },
      replies: organisations,
      problems: [],
      async handle({ params: { organisation: id }, body, visitor }) {
        const bin = parseBin(body.bin);
        if (bin === null) throw new Problem('REQUEST_INVALID');
        await releaseBranch(authorisePlatform(storage, visitor.act, 'rule'), id, bin);
        const organisation = await storage.accounts.organisationById(id);
        if (organisation === null) throw new Problem('RESOURCE_UNKNOWN');
        return { status: 200, body: organisationBody(organisation) };
      },
    }),
  ];
}

function claimBody({
  id,
  organisationId,
  bin,
  evidence,
  status,
  madeAt,
  madeBy,
  decision,
}: BinClaim): object {
  return {
    id,
    organisation: organisationId,
    bin,
    evidence,
    status,
    madeAt: madeAt.toISOString(),
    madeBy,
    decision: decision && { by: decision.by, at: decision.at.toISOString() },
  };
}
