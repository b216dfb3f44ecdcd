/** The shapes of registration, invitations, terms and contacts. */
import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { challengeReply, signedInReply } from '../shapes/session-schema.js';
import { email, language, nationalNumber, phone, signedChallenge, time } from '../shapes/wire-value.js';

const invitationToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the token of an invitation')
  .meta({ description: 'What stands behind # in the link of the invitation' });

export const registrationChallengeRequest = z
  .strictObject({ invitation: invitationToken.optional(), language })
  .meta({ id: 'RegistrationChallengeRequest' });

export const registrationChallengeReply = challengeReply
  .extend({
    terms: z.object({ version: z.string() }),
    organisation: z.string().nullable().meta({ description: 'Who invites, with an invitation' }),
  })
  .meta({ id: 'RegistrationChallenge' });

export const registrationRequest = z
  .strictObject({
    ...signedChallenge,
    invitation: invitationToken.optional(),
    kind: z
      .enum(['sole-proprietor', 'individual'])
      .optional()
      .meta({ description: 'Of a personal key: its holder registers a practice of their own' }),
    email: email.optional().meta({ description: 'Left out: as it is known here; null removes it' }),
    phone: phone.optional().meta({ description: 'Left out: as it is known here; null removes it' }),
  })
  .meta({ id: 'RegistrationRequest' });

export const registeredReply = signedInReply
  .extend({
    registered: z.enum(['founder', 'head', 'invited']).meta({
      description:
        'The organisation is new here and the person its manager; it had nobody to manage it; or as invited',
    }),
  })
  .meta({ id: 'Registered' });

export const requestedReply = z
  .object({
    status: z.literal('requested'),
    organisation: z.object({ name: z.string() }),
  })
  .meta({ id: 'MembershipRequested' });

export const invitationLookRequest = z
  .strictObject({ token: invitationToken })
  .meta({ id: 'InvitationLookRequest' });

export const invitationLookReply = z
  .object({ organisation: z.string(), expiresAt: time })
  .meta({ id: 'OpenInvitation' });

export const invitationAcceptRequest = z
  .strictObject({
    token: invitationToken,
    iin: nationalNumber,
    password: z.string().min(1).max(1024),
  })
  .meta({ id: 'InvitationAcceptRequest' });
