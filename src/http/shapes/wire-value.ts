/** Values that stand in many requests and replies, as zod schemas. */
import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';

export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });

/** Identifiers of ours are UUIDs; anything else in a path addresses nothing. */
export const identifier = z.uuid();

export const nationalNumber = z.string().regex(/^[0-9]{12}$/, 'must be twelve digits');

/** Generous for a CMS with its chain and a time-stamp, far from anything that could hurt. */
const SIGNATURE_MAX = 200_000;

/** The fields of an answer to a challenge. */
export const signedChallenge = {
  challengeId: z.string().min(1).max(64),
  signature: z.string().min(1).max(SIGNATURE_MAX).meta({
    description: 'What NCALayer returned: PEM or base64 of a CMS SignedData, attached or detached',
  }),
} as const;

export const language = z
  .enum(['kk', 'ru', 'en'])
  .optional()
  .meta({ description: 'Language of the texts that are signed; otherwise that of the browser' });
export const email = z.string().max(254).nullable();
export const phone = z.string().max(40).nullable();
