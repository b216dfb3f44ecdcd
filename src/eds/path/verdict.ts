import { type Certificate } from '../certificate/certificate.js';
import { type VerificationPolicy } from '../judgement/policy.js';
import { type Verdict, verdictFor } from '../judgement/verdict-rules.js';
import { type PathFailure } from './path.js';

/** Whether another time of validation might mend what is wrong. */
export function isAboutTime(code: PathFailure): boolean {
  return (
    code === 'CERTIFICATE_EXPIRED' ||
    code === 'CERTIFICATE_NOT_YET_VALID' ||
    code === 'PATH_CA_OUT_OF_VALIDITY'
  );
}

/**
 * What follows from a path that is not good. Expiry is certain only where the signature is known to be younger than the certificate's end.
 *
 * @param notRevoked whether an authority still speaks of the expired certificate, and well (EN 319 102-1 §5.2.6)
 */
export function verdictOnPath(
  code: PathFailure,
  certificate: Certificate,
  policy: VerificationPolicy,
  notRevoked: boolean,
): Verdict {
  const verdict = verdictFor(code);
  if (code !== 'CERTIFICATE_EXPIRED') return verdict;
  if (policy.name === 'login' && policy.challengeIssuedAt > certificate.notAfter) {
    return { ...verdict, indication: 'TOTAL_FAILED', subIndication: 'EXPIRED' };
  }
  return notRevoked ? { ...verdict, subIndication: 'OUT_OF_BOUNDS_NOT_REVOKED' } : verdict;
}
