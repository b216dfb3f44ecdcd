/** What every operation that takes a signature shares. */
import { type IssuedChallenge } from '../../challenge/challenge.js';
import { BODY_LIMITS } from '../kernel/body-limits.js';
import { preloginCookie } from '../kernel/cookie.js';
import { type Reply } from '../kernel/operation.js';
import { type ProblemCode } from '../kernel/problem.js';

export const SMALL_BODY = BODY_LIMITS.octets.small;
export const SIGNATURE_BODY = BODY_LIMITS.octets.signature;

/** A challenge for the browser that asked, which the cookie ties to it. `offered` is what this one says besides. */
export function challengeIssued(
  { id, text, bytes, expiresAt, browserToken }: IssuedChallenge,
  lifetimeMs: number,
  offered: object = {},
): Reply {
  return {
    status: 201,
    body: {
      challengeId: id,
      text,
      data: Buffer.from(bytes).toString('base64'),
      expiresAt: expiresAt.toISOString(),
      ...offered,
    },
    cookies: [preloginCookie(browserToken, lifetimeMs)],
  };
}

/** What was sent cannot be read as a signature. */
export const FORMAT_PROBLEMS = [
  'FORMAT_UNRECOGNISED',
  'FORMAT_NOT_A_SIGNATURE',
  'FORMAT_NOT_SUPPORTED',
  'FORMAT_TOO_LARGE',
  'ASN1_TRUNCATED',
  'ASN1_TRAILING_BYTES',
  'ASN1_TOO_DEEP',
  'ASN1_TOO_LARGE',
  'ASN1_NOT_MINIMAL',
  'ASN1_UNEXPECTED',
  'PEM_MALFORMED',
  'CERTIFICATE_MALFORMED',
  'CMS_MALFORMED',
] as const satisfies readonly ProblemCode[];

/** Everything that can be wrong with an answer to a challenge. */
export const EDS_PROBLEMS = [
  ...FORMAT_PROBLEMS,
  'CRL_MALFORMED',
  'OCSP_MALFORMED',
  'TIMESTAMP_MALFORMED',
  'XML_MALFORMED',
  'SIGNATURE_NONE',
  'SIGNATURE_MULTIPLE',
  'SIGNATURE_CERTIFICATE_MISSING',
  'SIGNATURE_CERTIFICATE_MISMATCH',
  'SIGNATURE_ATTRIBUTES_INVALID',
  'SIGNATURE_CONTENT_MISSING',
  'SIGNATURE_CONTENT_UNEXPECTED',
  'SIGNATURE_CONTENT_MISMATCH',
  'SIGNATURE_ALGORITHM_FORBIDDEN',
  'SIGNATURE_ALGORITHM_MISMATCH',
  'SIGNATURE_INVALID',
  'PATH_UNTRUSTED',
  'PATH_SELF_SIGNED',
  'PATH_ISSUER_MISMATCH',
  'PATH_NOT_A_CA',
  'PATH_LENGTH_EXCEEDED',
  'PATH_CA_OUT_OF_VALIDITY',
  'PATH_PURPOSE_NOT_ALLOWED',
  'PATH_USAGE_NOT_ALLOWED',
  'PATH_CONSTRAINTS_NOT_SUPPORTED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_USAGE',
  'CERTIFICATE_CRITICAL_EXTENSION',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_ON_HOLD',
  'CERTIFICATE_NOT_ISSUED',
  'REVOCATION_UNKNOWN',
  'REVOCATION_UNAVAILABLE',
  'OCSP_SIGNATURE_INVALID',
  'OCSP_RESPONDER_UNAUTHORISED',
  'OCSP_CERT_ID_MISMATCH',
  'OCSP_NONCE_MISMATCH',
  'OCSP_STALE',
  'OCSP_TRY_LATER',
  'OCSP_UNUSABLE',
  'CRL_SIGNATURE_INVALID',
  'CRL_STALE',
  'CRL_UNUSABLE',
  'TIMESTAMP_INVALID',
  'TIMESTAMP_IMPRINT_MISMATCH',
  'TIMESTAMP_UNTRUSTED',
  'TIMESTAMP_FUTURE',
  'TIMESTAMP_ALGORITHM_FORBIDDEN',
  'IDENTITY_IIN_MISSING',
  'IDENTITY_IIN_MALFORMED',
  'IDENTITY_IIN_REPEATED',
  'IDENTITY_BIN_MALFORMED',
  'IDENTITY_BIN_REPEATED',
  'IDENTITY_IIN_CHECKSUM',
  'IDENTITY_BIN_CHECKSUM',
  'IDENTITY_NOT_A_PERSON',
  'CHALLENGE_UNKNOWN',
  'CHALLENGE_EXPIRED',
  'CHALLENGE_USED',
  'CHALLENGE_OTHER_BROWSER',
  'VERIFIER_BUSY',
] as const satisfies readonly ProblemCode[];
