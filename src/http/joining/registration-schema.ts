/** The shapes of registration, invitations, terms and contacts. */
import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { challengeReply, signedInReply } from '../shapes/session-schema.js';
import { nationalNumber, signedChallenge, time } from '../shapes/wire-value.js';

const language = z
  .enum(['kk', 'ru', 'en'])
  .optional()
  .meta({ description: 'Language of the texts that are signed; otherwise that of the browser' });
const invitationToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the token of an invitation')
  .meta({ description: 'What stands behind # in the link of the invitation' });
const email = z.string().max(254).nullable();
const phone = z.string().max(40).nullable();

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

export const termsQuery = z.object({ language });

export const termsReply = z
  .object({
    version: z.string(),
    effectiveFrom: time,
    language: z.enum(['kk', 'ru', 'en']),
    documents: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        sha256: z.string().meta({ description: 'Of the UTF-8 of `text`, lower-case hex' }),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'Terms' });

export const termsChallengeRequest = z.strictObject({ language }).meta({ id: 'TermsChallengeRequest' });

export const termsAcceptRequest = z.strictObject(signedChallenge).meta({ id: 'TermsAcceptRequest' });

export const contactsReply = z.object({ email, phone }).meta({ id: 'Contacts' });

export const contactsRequest = z
  .strictObject({ email: email.optional(), phone: phone.optional() })
  .meta({ id: 'ContactsChange', description: 'What is left out stays as it is; null removes it' });
