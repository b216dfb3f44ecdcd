/** The shapes of the contract (design §4) as zod schemas: requests are checked by them, answers and the OpenAPI document described. */
import { z } from 'zod';
import { type VerificationReport } from '../eds/verdict.js';
import { OPERATION_NAMES } from '../sessions/operation-name.js';
import { OBLIGATIONS } from '../sessions/session.js';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';

const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });
const nationalNumber = z.string().regex(/^[0-9]{12}$/, 'must be twelve digits');
const organisationChoice = z
  .string()
  .max(64)
  .optional()
  .meta({ description: 'The organisation chosen after ACCOUNT_CHOICE_REQUIRED' });

/** Generous for a CMS with its chain and a time-stamp, far from anything that could hurt. */
const LOGIN_SIGNATURE_MAX = 200_000;

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
    challengeId: z.string().min(1).max(64),
    signature: z.string().min(1).max(LOGIN_SIGNATURE_MAX).meta({
      description: 'What NCALayer returned: PEM or base64 of a CMS SignedData, attached or detached',
    }),
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
        .object({ operation: z.enum(OPERATION_NAMES), until: time, acr: z.string() })
        .nullable()
        .meta({ description: 'The operation that was signed with the EDS, while that counts' }),
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
  .strictObject({ operation: z.enum(OPERATION_NAMES) })
  .meta({ id: 'StepUpChallengeRequest' });

export const stepUpRequest = z
  .strictObject({
    challengeId: z.string().min(1).max(64),
    signature: z.string().min(1).max(LOGIN_SIGNATURE_MAX),
  })
  .meta({ id: 'StepUpRequest' });

export const verifyRequest = z
  .strictObject({
    signature: z.string().min(1).meta({ description: 'The signature: PEM, or base64 of its DER or PEM' }),
    content: z
      .string()
      .optional()
      .meta({ description: 'Base64 of the signed content, for a detached signature' }),
    format: z.enum(['auto', 'cms']).default('auto'),
  })
  .meta({ id: 'VerifyRequest' });

const code = z.string().nullable().meta({ description: 'A reason from docs/errors.md' });
const indication = z.enum(['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED']);
const subIndication = z
  .enum([
    'FORMAT_FAILURE',
    'HASH_FAILURE',
    'SIG_CRYPTO_FAILURE',
    'REVOKED',
    'EXPIRED',
    'NOT_YET_VALID',
    'SIG_CONSTRAINTS_FAILURE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    'CRYPTO_CONSTRAINTS_FAILURE',
    'NO_SIGNING_CERTIFICATE_FOUND',
    'NO_CERTIFICATE_CHAIN_FOUND',
    'SIGNED_DATA_NOT_FOUND',
    'REVOKED_NO_POE',
    'REVOKED_CA_NO_POE',
    'OUT_OF_BOUNDS_NO_POE',
    'TRY_LATER',
  ])
  .nullable()
  .meta({ description: 'ETSI EN 319 102-1' });

const signatureReport = z
  .object({
    indication,
    subIndication,
    code,
    format: z.string(),
    algorithm: z.object({ key: z.string(), digest: z.string(), signatureOid: z.string() }).nullable(),
    claimedSigningTime: time.nullable(),
    bestSignatureTime: time.nullable(),
    contentVerified: z.boolean(),
    signer: z
      .object({
        kind: z.enum(['individual', 'employee', 'information-system']),
        name: z.string(),
        iin: z.string().nullable(),
        bin: z.string().nullable(),
        organisation: z.string().nullable(),
        roles: z.array(z.string()),
        email: z.string().nullable(),
      })
      .nullable(),
    certificate: z
      .object({
        serialNumber: z.string(),
        issuer: z.string(),
        subject: z.string(),
        notBefore: time,
        notAfter: time,
        sha256: z.string(),
      })
      .nullable(),
    path: z.array(z.string()).meta({ description: 'SHA-256 of each certificate, leaf first' }),
    revocation: z.array(
      z.object({
        certificate: z.string(),
        source: z.enum(['ocsp', 'crl', 'none']),
        status: z.enum(['good', 'revoked', 'unknown', 'not-issued', 'unavailable', 'not-checked']),
        revokedAt: time.nullable(),
        producedAt: time.nullable(),
      }),
    ),
    timestamps: z.array(
      z.object({ valid: z.boolean(), time: time.nullable(), tsa: z.string().nullable(), code }),
    ),
    steps: z.array(
      z.object({
        name: z.enum([
          'structure',
          'digest',
          'signature',
          'path',
          'revocation',
          'timestamp',
          'policy',
          'identity',
        ]),
        result: z.enum(['passed', 'failed', 'indeterminate', 'not-run']),
        code,
      }),
    ),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'SignatureReport' });

export const verificationReport = z
  .object({
    indication,
    subIndication,
    code,
    validatedAt: time,
    trust: z.object({ version: z.string() }),
    policy: z.string(),
    signatures: z.array(signatureReport),
  })
  .meta({ id: 'VerificationReport' });

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** The compiler's proof that the document describes what the verifier answers: a report that does not fit stops the build here. */
export function describedReport(
  report: VerificationReport,
): DeepReadonly<z.input<typeof verificationReport>> {
  return report;
}

export const healthReply = z
  .object({
    status: z.enum(['ok', 'unavailable', 'stopping']),
    checks: z.record(z.string(), z.enum(['ok', 'failed'])).optional(),
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
  })
  .meta({ id: 'Problem' });
