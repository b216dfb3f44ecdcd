/** What one sends and is told about one's own account, as zod schemas. */
import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { endedAccess } from '../shapes/session-schema.js';
import { email, language, phone, signedChallenge, time } from '../shapes/wire-value.js';

export const passwordChangeRequest = z
  .strictObject({
    current: z.string().min(1).max(1024).optional().meta({
      description: 'Left out soon after an EDS sign-in, or when `password.set` was signed within the session',
    }),
    password: z.string().min(1).max(4096),
  })
  .meta({ id: 'PasswordChangeRequest' });

export const passwordStateReply = z
  .object({
    set: z.boolean(),
    changedAt: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'When it has to be changed at the next sign-in with it' }),
    expired: z.boolean(),
    temporaryUntil: time.nullable().meta({ description: 'Until when one that an operator set lets in' }),
  })
  .meta({ id: 'PasswordState' });

export const passwordRulesReply = z
  .object({
    minLength: z.int().meta({ description: 'Characters (code points after NFC)' }),
    maxLength: z.int(),
    characterClasses: z
      .int()
      .meta({ description: 'How many of lower case, upper case, digits and others must appear; 0: any' }),
    context: z.boolean().meta({
      description: 'Parts of the name, IIN, date of birth, organisation and product are refused',
    }),
    common: z
      .boolean()
      .meta({ description: 'Well-known passwords, keyboard walks and the like are refused' }),
    breached: z.boolean().meta({ description: 'Passwords known from breaches elsewhere are refused' }),
    reuse: z.int().meta({ description: 'How many of the latest passwords may not come back' }),
    maxAgeDays: z.number().nullable(),
  })
  .meta({ id: 'PasswordRules' });

export const myMembershipsReply = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        current: z.boolean().meta({ description: 'The one this session is for' }),
        organisation: z.object({ id: z.string(), name: z.string() }),
        status: z.enum(['invited', 'requested', 'active', 'suspended']),
        provisional: z.boolean().meta({
          description: 'The invitation was taken without an EDS, and I have not come there with mine',
        }),
        roles: z.array(z.string()),
        since: time,
      }),
    ),
    provisionalEnded: z
      .array(endedAccess)
      .meta({ description: 'What had been set up in my name, and ended when this session began' }),
  })
  .meta({ id: 'MyMemberships' });

export const mySessionsReply = z
  .object({
    sessions: z.array(
      z.object({
        id: z.string(),
        current: z.boolean().meta({ description: 'The session of this request' }),
        organisation: z.object({ id: z.string(), name: z.string() }).nullable(),
        method: z.enum(['eds', 'password']),
        device: z.string().nullable().meta({ description: 'The browser’s own description' }),
        address: z.string().nullable(),
        createdAt: time,
        lastSeenAt: time.meta({ description: 'Exact to a minute' }),
        expiresAt: time,
      }),
    ),
  })
  .meta({ id: 'MySessions' });

export const stepUpChallengeRequest = z
  .strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string().max(500).meta({ description: 'Of the request to be made, without a query' }),
    body: z.unknown().optional().meta({
      description: 'What will be sent with it, exactly; left out where nothing is, and for a password',
    }),
  })
  .meta({ id: 'StepUpChallengeRequest', description: 'The request that is to be signed' });

export const stepUpRequest = z.strictObject(signedChallenge).meta({ id: 'StepUpRequest' });

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
