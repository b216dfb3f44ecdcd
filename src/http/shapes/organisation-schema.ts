/** What managers send and are told about their organisation, as zod schemas. */
import { z } from 'zod';
import {} from 'zod-openapi';
import { OPERATION_NAMES } from '../../sessions/operation-name.js';
import { identifier, nationalNumber, time } from './wire-value.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const roleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and hyphens, a letter first');
const maskedNumber = z.string().meta({ description: 'The last four digits of the IIN' });

export const paging = {
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Items at most' }),
  cursor: z.string().max(200).optional().meta({ description: '`nextCursor` of the part before; opaque' }),
} as const;

/** A part of a list. */
export function pageOf<Item extends z.ZodType>(id: string, item: Item) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().meta({
        description:
          'Where the next part begins; null after the last. A part may be short or empty and not be the last',
      }),
    })
    .meta({ id });
}

export const party = z
  .object({ kind: z.string(), id: z.string().nullable() })
  .meta({ id: 'Party', description: 'Somebody, by identifier, as the log names them' });
const decision = z.object({ by: party, at: time }).nullable();

const sessionLimits = z
  .strictObject({
    idleMs: z.int().min(60_000).max(86_400_000),
    lifetimeMs: z.int().min(60_000).max(86_400_000),
    maxConcurrent: z.int().min(1).max(100).nullable(),
  })
  .nullable()
  .meta({
    description: 'Limits of its sessions, tighter than those of the gateway; null: those of the gateway',
  });

const settings = {
  allowPersonalKeys: z
    .boolean()
    .meta({ description: 'Sign-in with a personal certificate (IIN without BIN)' }),
  allowPasswords: z.boolean().meta({ description: 'Sign-in with IIN and password' }),
  certificates: z.enum(['accept', 'notify', 'approve']).meta({
    description:
      'What happens to a certificate nobody saw before. Under "approve" that of the only manager enters undecided: nobody else could approve it',
  }),
  session: sessionLimits,
} as const;

export const organisationReply = z
  .object({
    id: z.string(),
    kind: z.enum(['legal-entity', 'sole-proprietor', 'individual']),
    name: z.string(),
    bin: nationalNumber.nullable(),
    branchBins: z.array(nationalNumber),
    status: z.enum(['active', 'suspended']),
    mergedInto: z.string().nullable().meta({ description: 'The organisation it became part of' }),
    createdAt: time,
    settings: z.object({
      ...settings,
      stepUp: z
        .array(z.string())
        .meta({ description: 'Operations its members sign with their EDS each time' }),
    }),
  })
  .meta({ id: 'Organisation' });

export const settingsRequest = z
  .strictObject({ ...settings, stepUp: z.array(z.enum(OPERATION_NAMES)).max(50) })
  .partial()
  .meta({ id: 'SettingsChange', description: 'What is left out stays as it is' });

export const membershipStatus = z.enum(['invited', 'requested', 'active', 'suspended', 'removed']);

const memberShape = {
  id: z.string(),
  person: z.object({
    id: z.string(),
    name: z.string().meta({
      description: 'As the certificate says; before one was seen, as whoever invited them wrote it',
    }),
    iinMasked: maskedNumber,
    status: z.enum(['active', 'suspended']).meta({
      description: 'On the whole platform; `active` as well for whoever is no member (yet, or any more)',
    }),
  }),
  roles: z.array(z.string()),
  status: membershipStatus,
  provisional: z.boolean().meta({
    description: 'The invitation was taken without an EDS: nobody has proved that it was the person',
  }),
  since: time,
  until: time.nullable(),
  invitedBy: party.nullable(),
  decision,
} as const;

const listedMember = z.object(memberShape).meta({ id: 'Member' });
export const memberPage = pageOf('MemberPage', listedMember);
export const memberReply = z
  .object({
    ...memberShape,
    iin: nationalNumber,
    passwordBlocked: z.boolean().meta({
      description: 'Closed after wrong passwords; false as well for whoever is no member (yet, or any more)',
    }),
    suggestedRoles: z.array(z.string()).meta({
      description:
        'What the certificates seen say of the person: evidence for whoever gives roles, never a right by itself',
    }),
  })
  .meta({ id: 'MemberDetails' });

const memberFilter = { status: membershipStatus.optional(), role: roleName.optional() } as const;
export const membersQuery = z.strictObject({ ...memberFilter, ...paging });
export const memberSearchRequest = z
  .strictObject({
    ...memberFilter,
    name: z.string().min(1).max(100).optional().meta({ description: 'How any words of the name begin' }),
    iin: nationalNumber.optional(),
    limit: z.int().min(1).max(100).default(50),
    cursor: paging.cursor,
  })
  .meta({ id: 'MemberSearch' });

const roles = z.array(roleName).max(20);
export const rolesRequest = z.strictObject({ roles }).meta({ id: 'RolesOfMember' });
export const nothingRequest = z.strictObject({}).meta({ id: 'Nothing' });

export const memberParams = z.object({ member: identifier });
export const memberSessionParams = z.object({ member: identifier, session: identifier });
export const memberCertificateParams = z.object({ member: identifier, certificate: sha256 });
export const ownCertificateParams = z.object({ certificate: sha256 });
export const invitationParams = z.object({ invitation: identifier });
export const roleParams = z.object({ role: z.string().max(100) });

export const invitationRequest = z
  .strictObject({
    iin: nationalNumber,
    name: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'What to call the person until a certificate names them' }),
    roles,
    days: z.int().min(1).max(30).default(7).meta({ description: 'How long the link can be taken' }),
  })
  .meta({ id: 'InvitationRequest' });

const invitationShape = {
  id: z.string(),
  member: listedMember,
  state: z.enum(['open', 'taken', 'revoked', 'expired']),
  createdAt: time,
  createdBy: party,
  expiresAt: time,
} as const;
export const invitationReply = z
  .object({
    ...invitationShape,
    link: z.url().meta({ description: 'To be sent to the person; told this once' }),
  })
  .meta({ id: 'NewInvitation' });
export const invitationPage = pageOf('InvitationPage', z.object(invitationShape).meta({ id: 'Invitation' }));
export const invitationsQuery = z.strictObject({ state: invitationShape.state.optional(), ...paging });

export const certificateReply = z
  .object({
    member: z.string(),
    sha256,
    serialNumber: z.string(),
    status: z.enum(['active', 'pending', 'revoked']),
    notAfter: time,
    daysLeft: z.int(),
    expiresSoon: z.boolean(),
    templateRoles: z.array(z.string()),
    firstSeenAt: time,
    lastSeenAt: time,
    decision,
  })
  .meta({ id: 'Certificate' });
export const certificateList = z.object({ items: z.array(certificateReply) }).meta({ id: 'CertificateList' });
export const certificatePage = pageOf('CertificatePage', certificateReply);
export const certificatesQuery = z.strictObject({
  status: certificateReply.shape.status.optional(),
  undecided: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  ...paging,
});

export const roleReply = z
  .object({
    name: z.string(),
    title: z.string(),
    permissions: z.array(z.string()),
    builtIn: z.boolean(),
  })
  .meta({ id: 'Role' });
export const roleList = z.object({ items: z.array(roleReply) }).meta({ id: 'RoleList' });
export const roleRequest = z
  .strictObject({
    title: z.string().min(1).max(200),
    permissions: z.array(z.string().min(1).max(80)).max(50).meta({
      description: '`qaqpa:…` for work in Qaqpa itself; anything else goes to applications as a claim',
    }),
  })
  .meta({ id: 'RoleDefinition' });

export const unblockedReply = z
  .object({ lifted: z.boolean().meta({ description: 'False when the password was not blocked' }) })
  .meta({ id: 'PasswordUnblocked' });

export const memberSession = z
  .object({
    id: z.string(),
    method: z.enum(['eds', 'password']),
    device: z.string().nullable(),
    address: z.string().nullable(),
    createdAt: time,
    lastSeenAt: time,
    expiresAt: time,
  })
  .meta({ id: 'MemberSession' });
export const memberSessionList = z
  .object({ items: z.array(memberSession) })
  .meta({ id: 'MemberSessionList' });
