/** What is sent to sign in, as zod schemas. */
import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { nationalNumber, signedChallenge } from '../shapes/wire-value.js';

const organisationChoice = z
  .string()
  .max(64)
  .optional()
  .meta({ description: 'The organisation chosen after ACCOUNT_CHOICE_REQUIRED' });

export const challengeRequest = z.strictObject({}).meta({ id: 'ChallengeRequest' });

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
