/** The shapes of the contract as zod schemas: requests are checked by them, answers and the OpenAPI document described. */
import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { OPERATION_NAMES } from '../../sessions/operation-name.js';
import { OBLIGATIONS } from '../../sessions/session.js';
import { nationalNumber, time } from './wire-value.js';

export const challengeReply = z
  .object({
    challengeId: z.string(),
    text: z.string().meta({ description: 'What the person reads and signs' }),
    data: z.base64().meta({ description: 'The exact bytes to sign: base64 of the UTF-8 of `text`' }),
    expiresAt: time,
  })
  .meta({ id: 'Challenge' });

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

export const endedAccess = z
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

export const sessionsEndedReply = z
  .object({ ended: z.int().meta({ description: 'How many sessions ended' }) })
  .meta({ id: 'SessionsEnded' });
