import { type FormatCode, type ReasonCode, type VerdictCode } from '../error.js';
import { type Indication, type SubIndication } from './verdict.js';

/** An indication with its sub-indication and the reason for both (ETSI EN 319 102-1 §5.1.3). */
export interface Verdict {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  readonly code: VerdictCode | null;
}

export const PASSED: Verdict = Object.freeze({ indication: 'TOTAL_PASSED', subIndication: null, code: null });

/** What follows from each reason alone. Times and revocation, which depend on what is proved about them, have rules of their own. */
const RULES: Readonly<Record<ReasonCode, readonly [Exclude<Indication, 'TOTAL_PASSED'>, SubIndication]>> = {
  SIGNATURE_NONE: ['TOTAL_FAILED', 'FORMAT_FAILURE'],
  SIGNATURE_MULTIPLE: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  SIGNATURE_CERTIFICATE_MISSING: ['INDETERMINATE', 'NO_SIGNING_CERTIFICATE_FOUND'],
  SIGNATURE_CERTIFICATE_MISMATCH: ['INDETERMINATE', 'NO_SIGNING_CERTIFICATE_FOUND'],
  SIGNATURE_ATTRIBUTES_INVALID: ['TOTAL_FAILED', 'FORMAT_FAILURE'],
  SIGNATURE_CONTENT_MISSING: ['INDETERMINATE', 'SIGNED_DATA_NOT_FOUND'],
  SIGNATURE_CONTENT_UNEXPECTED: ['TOTAL_FAILED', 'FORMAT_FAILURE'],
  SIGNATURE_CONTENT_MISMATCH: ['TOTAL_FAILED', 'HASH_FAILURE'],
  SIGNATURE_ALGORITHM_FORBIDDEN: ['INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE'],
  SIGNATURE_ALGORITHM_MISMATCH: ['INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE'],
  SIGNATURE_IS_A_LOGIN: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  SIGNATURE_INVALID: ['TOTAL_FAILED', 'SIG_CRYPTO_FAILURE'],
  PATH_UNTRUSTED: ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND'],
  PATH_SELF_SIGNED: ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND'],
  PATH_ISSUER_MISMATCH: ['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND'],
  PATH_NOT_A_CA: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  PATH_LENGTH_EXCEEDED: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  PATH_CA_OUT_OF_VALIDITY: ['INDETERMINATE', 'CERTIFICATE_CHAIN_GENERAL_FAILURE'],
  PATH_PURPOSE_NOT_ALLOWED: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  PATH_USAGE_NOT_ALLOWED: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  PATH_CONSTRAINTS_NOT_SUPPORTED: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  CERTIFICATE_EXPIRED: ['INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE'],
  CERTIFICATE_NOT_YET_VALID: ['TOTAL_FAILED', 'NOT_YET_VALID'],
  CERTIFICATE_USAGE: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  CERTIFICATE_CRITICAL_EXTENSION: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE'],
  CERTIFICATE_REVOKED: ['INDETERMINATE', 'REVOKED_NO_POE'],
  CERTIFICATE_ON_HOLD: ['INDETERMINATE', 'TRY_LATER'],
  CERTIFICATE_NOT_ISSUED: ['TOTAL_FAILED', 'REVOKED'],
  REVOCATION_UNKNOWN: ['INDETERMINATE', 'TRY_LATER'],
  REVOCATION_UNAVAILABLE: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_SIGNATURE_INVALID: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_RESPONDER_UNAUTHORISED: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_CERT_ID_MISMATCH: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_NONCE_MISMATCH: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_STALE: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_TRY_LATER: ['INDETERMINATE', 'TRY_LATER'],
  OCSP_UNUSABLE: ['INDETERMINATE', 'TRY_LATER'],
  CRL_SIGNATURE_INVALID: ['INDETERMINATE', 'TRY_LATER'],
  CRL_STALE: ['INDETERMINATE', 'TRY_LATER'],
  CRL_UNUSABLE: ['INDETERMINATE', 'TRY_LATER'],
  TIMESTAMP_INVALID: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_IMPRINT_MISMATCH: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_UNTRUSTED: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_FUTURE: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_ALGORITHM_FORBIDDEN: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_REQUIRED: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_IIN_MISSING: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_IIN_MALFORMED: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_IIN_REPEATED: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_BIN_MALFORMED: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_BIN_REPEATED: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_IIN_CHECKSUM: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_BIN_CHECKSUM: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
  IDENTITY_NOT_A_PERSON: ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'],
};

/** The verdict a reason leads to by itself. */
export function verdictFor(code: ReasonCode): Verdict {
  const [indication, subIndication] = RULES[code];
  return { indication, subIndication, code };
}

/** Unknown is not bad: what is not looked into, or not to its end, may be a good signature (design decision 18). */
const NOT_JUDGED: ReadonlySet<FormatCode> = new Set<FormatCode>([
  'FORMAT_NOT_SUPPORTED',
  'FORMAT_TOO_LARGE',
  'ASN1_TOO_DEEP',
  'ASN1_TOO_LARGE',
]);

/** The verdict on what cannot be read: broken is a failure, not supported and larger than the limit are not proved. */
export function unreadable(code: FormatCode): Verdict {
  return NOT_JUDGED.has(code)
    ? { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE', code }
    : { indication: 'TOTAL_FAILED', subIndication: 'FORMAT_FAILURE', code };
}

/** The verdict a code of either kind leads to by itself. */
export function verdictOn(code: VerdictCode): Verdict {
  return isReason(code) ? verdictFor(code) : unreadable(code);
}

function isReason(code: VerdictCode): code is ReasonCode {
  return code in RULES;
}

const SEVERITY: Readonly<Record<Indication, number>> = { TOTAL_PASSED: 0, INDETERMINATE: 1, TOTAL_FAILED: 2 };

/** The worst of several verdicts, the first of equals. No verdict at all is no signature. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const [first, ...rest] = verdicts;
  if (first === undefined) return verdictFor('SIGNATURE_NONE');
  return rest.reduce(
    (worst, next) => (SEVERITY[next.indication] > SEVERITY[worst.indication] ? next : worst),
    first,
  );
}
