/** The shapes of a request for a verdict on a document signature, and of the verdict. */
import { z } from 'zod';
import { type VerificationReport } from '../../eds/judgement/verdict.js';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';
import { time } from '../shapes/wire-value.js';

export const verifyRequest = z
  .strictObject({
    signature: z.string().min(1).meta({
      description:
        'The signature as text: PEM, signed XML, or base64 of its file; see docs/verdict.md for every form that is read',
    }),
    content: z
      .string()
      .optional()
      .meta({ description: 'Base64 of the signed content, for a detached CMS signature; never with XML' }),
    format: z.enum(['auto', 'cms', 'xml']).default('auto'),
    requireTimestamp: z
      .boolean()
      .default(false)
      .meta({ description: 'Without a valid time-stamp the signature is not proved (`TIMESTAMP_REQUIRED`)' }),
  })
  .refine(({ content, format }) => content === undefined || format !== 'xml', {
    path: ['content'],
    message: 'must not be sent with signed XML',
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
    'OUT_OF_BOUNDS_NOT_REVOKED',
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
    signedContent: z
      .object({
        sha256: z.string(),
        octets: z.number(),
        scope: z.enum(['whole', 'part']),
        element: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'The octets the signature is proved to cover' }),
    signer: z
      .object({
        kind: z.enum(['individual', 'employee', 'information-system', 'organisation']),
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
        status: z.enum(['good', 'revoked', 'on-hold', 'unknown', 'not-issued', 'unavailable', 'not-checked']),
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
    kind: z.enum(['signature', 'certificate', 'ocsp', 'crl', 'timestamp']),
    indication,
    subIndication,
    code,
    validatedAt: time,
    trust: z.object({
      version: z.string(),
      absent: z
        .array(z.object({ name: z.string(), subject: z.string(), sha256: z.string(), obtain: z.string() }))
        .optional()
        .meta({ description: 'Pinned authorities whose certificates this installation has yet to obtain' }),
    }),
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
