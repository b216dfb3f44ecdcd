/** What those who run the installation send and are told, as zod schemas. */
import { z } from 'zod';
import { PLATFORM_ROLES } from '../../accounts/platform-role.js';
import { logPaging } from '../shapes/log-schema.js';
import {
  memberSession,
  membershipStatus,
  organisationReply,
  pageOf,
  paging,
  party,
} from '../shapes/organisation-schema.js';
import { identifier, nationalNumber, time } from '../shapes/wire-value.js';

const platformRole = z.enum(PLATFORM_ROLES);

export const organisationPage = pageOf('OrganisationPage', organisationReply);
export const organisationsQuery = z.strictObject({
  search: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'How any words of the name of a legal entity begin, or its BIN' }),
  ...paging,
});
export const numberSearchRequest = z
  .strictObject({
    number: nationalNumber.meta({ description: 'BIN of a legal entity or branch, or IIN of an owner' }),
  })
  .meta({ id: 'OrganisationSearch' });
export const organisationParams = z.object({ organisation: identifier });

export const binRequest = z.strictObject({ bin: nationalNumber }).meta({ id: 'BinOfBranch' });
export const mergeRequest = z
  .strictObject({ into: identifier })
  .meta({ id: 'OrganisationMerge', description: 'The organisation that it becomes part of' });
export const binClaimParams = z.object({ claim: identifier });
export const binClaimReply = z
  .object({
    id: z.string(),
    organisation: z.string(),
    bin: nationalNumber,
    evidence: z.string().meta({ description: 'Names the signature of the head, as the log does' }),
    status: z.enum(['open', 'granted', 'refused']),
    madeAt: time,
    madeBy: party,
    decision: z.object({ by: party, at: time }).nullable(),
  })
  .meta({ id: 'BinClaim' });
export const binClaimPage = pageOf('BinClaimPage', binClaimReply);
export const binClaimsQuery = z.strictObject({ status: binClaimReply.shape.status.optional(), ...paging });

export const iinSearchRequest = z.strictObject({ iin: nationalNumber }).meta({ id: 'PersonSearch' });
export const personParams = z.object({ person: identifier });
export const personSessionParams = z.object({ person: identifier, session: identifier });
export const platformRoleParams = z.object({ person: identifier, role: platformRole });

export const personReply = z
  .object({
    id: z.string(),
    name: z.string(),
    iinMasked: z.string(),
    status: z.enum(['active', 'suspended']),
    passwordBlocked: z.boolean(),
    platformRoles: z.array(platformRole),
    memberships: z.array(
      z.object({
        id: z.string(),
        organisation: z.object({ id: z.string(), name: z.string(), bin: nationalNumber.nullable() }),
        roles: z.array(z.string()),
        status: membershipStatus,
      }),
    ),
  })
  .meta({ id: 'Person' });

export const personSessionList = z
  .object({
    items: z.array(memberSession.extend({ organisation: z.string() }).meta({ id: 'PersonSession' })),
  })
  .meta({ id: 'PersonSessionList' });

export const platformPeople = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        iinMasked: z.string(),
        platformRoles: z.array(platformRole),
      }),
    ),
  })
  .meta({ id: 'PlatformPeople' });

export const platformLogQuery = z.strictObject({
  ...logPaging,
  organisation: identifier.optional(),
  about: identifier
    .optional()
    .meta({ description: 'A person, membership, session or organisation that acted or was acted upon' }),
});
