/** What every operation that takes a signature shares. */
import { type IssuedChallenge } from '../../challenge/challenge.js';
import { codesOf } from '../../reasons/catalogue.js';
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

/** Forms of what surrounds a CMS signature, not of the signature itself. */
const OTHER_FORMATS: ReadonlySet<string> = new Set<ProblemCode>([
  'CRL_MALFORMED',
  'OCSP_MALFORMED',
  'TIMESTAMP_MALFORMED',
  'XML_MALFORMED',
]);
/** What only a document can be refused for. */
const OF_DOCUMENTS: ReadonlySet<string> = new Set<ProblemCode>([
  'SIGNATURE_IS_A_LOGIN',
  'TIMESTAMP_REQUIRED',
]);

/** What was sent cannot be read as a signature. */
export const FORMAT_PROBLEMS: readonly ProblemCode[] = codesOf('format').filter(
  (code) => !OTHER_FORMATS.has(code),
);

/** Everything that can be wrong with an answer to a challenge. */
export const EDS_PROBLEMS: readonly ProblemCode[] = [
  ...codesOf('format', 'signature', 'certificate', 'revocation', 'timestamp', 'identity', 'challenge').filter(
    (code) => !OF_DOCUMENTS.has(code),
  ),
  'VERIFIER_BUSY',
];
