/** The shapes of the contract as zod schemas: requests are checked by them, answers and the OpenAPI document described. */
import { z } from 'zod';
import { OPERATION_NAMES } from '../../sessions/operation-name.js';
import { OBLIGATIONS } from '../../sessions/session.js';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { nationalNumber, signedChallenge, time } from './wire-value.js';

const organisationChoice = z
  .string()
  .max(64)
  .optional()
  .meta({ description: 'The organisation chosen after ACCOUNT_CHOICE_REQUIRED' });

export const challengeRequest = z.strictObject({}).meta({ id: 'ChallengeRequest' });

export const challengeReply = z
  .object({
    challengeId: z.string(),
    text: z.string().meta({ description: 'What the person reads and signs' }),
    data: z.base64().meta({ description: 'The exact bytes to sign: base64 of the UTF-8 of `text`' }),
    expiresAt: time,
  })
  .meta({ id: 'Challenge' });

export const edsLoginRequest = z
  .strictObject({
    ...signedChallenge,
    organisation: organisationChoice,
  })
  .meta({ id: 'EdsLoginRequest' });

export const passwordLoginRequest = z
  .strictObject({
    iin: nationalNumber,
    password: z.string().min(1).max(1024),
    organisation: organisationChoice,
  })
  .meta({ id: 'PasswordLoginRequest' });

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

export const sessionReply = z
  .object({
    session: z.object({
      id: z.string(),
      method: z.enum(['eds', 'password']),
      acr: z.string().meta({ description: 'How strongly it was proved who this is' }),
      createdAt: time,
      authenticatedAt: time.meta({ description: 'When the person proved who they are' }),
      expiresAt: time.meta({ description: 'When the session ends whatever happens' }),
      idleExpiresAt: time.meta({ description: 'When it ends unless it is used before' }),
      obligations: z
        .array(z.enum(OBLIGATIONS))
        .meta({ description: 'What must be done before the session is good for anything else' }),
      stepUp: z
        .object({ operation: z.enum(OPERATION_NAMES), digest: z.string(), until: time, acr: z.string() })
        .nullable()
        .meta({ description: 'The request that was signed with the EDS, while it waits to be made' }),
    }),
    person: z.object({ id: z.string(), name: z.string(), iin: nationalNumber }),
    organisation: z.object({
      id: z.string(),
      kind: z.enum(['legal-entity', 'sole-proprietor', 'individual']),
      name: z.string(),
      bin: nationalNumber.nullable().meta({ description: 'null for a practice without a BIN' }),
    }),
    roles: z.array(z.string()),
    permissions: z.array(z.string()).meta({ description: 'What the roles allow, sorted' }),
    certificate: z
      .object({
        notAfter: time,
        daysLeft: z.int(),
        expiresSoon: z.boolean().meta({ description: 'Less than 30 days are left' }),
      })
      .nullable()
      .meta({ description: 'The certificate signed in with; null with a password' }),
  })
  .meta({ id: 'SessionInfo' });

const endedAccess = z
  .object({
    organisation: z.object({ id: z.string(), name: z.string() }),
    setAt: time.meta({ description: 'When the password that ended had been set' }),
    contacts: z.boolean().meta({ description: 'Whether an e-mail or telephone had been entered as well' }),
  })
  .meta({
    id: 'EndedAccess',
    description:
      'A password that came with an invitation taken without an EDS, ended by the EDS of the person',
  });

/** The answer of a sign-in, which tells what ended with it. */
export const signedInReply = sessionReply
  .extend({ provisionalEnded: z.array(endedAccess) })
  .meta({ id: 'SignedIn' });

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

export const sessionsEndedReply = z
  .object({ ended: z.int().meta({ description: 'How many sessions ended' }) })
  .meta({ id: 'SessionsEnded' });

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

export const healthReply = z
  .object({
    status: z.enum(['ok', 'degraded', 'unavailable', 'stopping']),
    checks: z.record(z.string(), z.enum(['ok', 'degraded', 'failed'])).optional(),
  })
  .meta({ id: 'Health' });

export const problem = z
  .object({
    type: z.string(),
    title: z.string().meta({ description: 'What happened, in the reader’s language (kk, ru, en)' }),
    status: z.int(),
    detail: z.string().meta({ description: 'What to do next' }),
    code: z.string().meta({ description: 'Stable; docs/errors.md lists all' }),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), problem: z.string() })).optional(),
    choices: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    broken: z.array(z.string()).optional(),
    obligations: z.array(z.string()).optional(),
    operation: z.string().optional(),
    sign: z.object({ method: z.string(), path: z.string() }).loose().optional().meta({
      description: 'With STEP_UP_REQUIRED: the request to ask a challenge for, and what it does in words',
    }),
  })
  .meta({ id: 'Problem' });
