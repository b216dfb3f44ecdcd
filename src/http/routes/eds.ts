/** What every operation that takes a signature shares. */
import { type IssuedChallenge } from '../../challenge/challenge.js';
import { type ProblemCode, PROBLEMS } from '../problem.js';

export const SMALL_BODY = 4 * 1024;
export const SIGNATURE_BODY = 256 * 1024;

export function challengeBody({ id, text, bytes, expiresAt }: IssuedChallenge) {
  return {
    challengeId: id,
    text,
    data: Buffer.from(bytes).toString('base64'),
    expiresAt: expiresAt.toISOString(),
  };
}

const OF_A_SIGNATURE =
  /^(FORMAT|ASN1|PEM|CERTIFICATE|CMS|CRL|OCSP|TIMESTAMP|XML|SIGNATURE|PATH|REVOCATION|IDENTITY|CHALLENGE|VERIFIER)_/;

/** Everything that can be wrong with an answer to a challenge. */
export const EDS_PROBLEMS: readonly ProblemCode[] = (Object.keys(PROBLEMS) as ProblemCode[]).filter(
  (code) =>
    OF_A_SIGNATURE.test(code) && code !== 'SIGNATURE_IS_A_LOGIN' && !code.startsWith('CERTIFICATE_BINDING'),
);
