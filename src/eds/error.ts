/**
 * Codes of input that cannot be read. The readers throw them as `EdsError`; the verifier turns what is broken into
 * `FORMAT_FAILURE`, and what is not supported (`FORMAT_NOT_SUPPORTED`) or larger than the limit (`FORMAT_TOO_LARGE`,
 * `ASN1_TOO_…`) into `INDETERMINATE`: it may be in order. `FORMAT_NOT_A_SIGNATURE` is readable and something else: a
 * certificate, a list, an answer, a container of keys.
 */
export type FormatCode =
  | 'FORMAT_UNRECOGNISED'
  | 'FORMAT_NOT_A_SIGNATURE'
  | 'FORMAT_NOT_SUPPORTED'
  | 'FORMAT_TOO_LARGE'
  | 'ASN1_TRUNCATED'
  | 'ASN1_TRAILING_BYTES'
  | 'ASN1_TOO_DEEP'
  | 'ASN1_TOO_LARGE'
  | 'ASN1_NOT_MINIMAL'
  | 'ASN1_UNEXPECTED'
  | 'PEM_MALFORMED'
  | 'CERTIFICATE_MALFORMED'
  | 'CMS_MALFORMED'
  | 'CRL_MALFORMED'
  | 'OCSP_MALFORMED'
  | 'TIMESTAMP_MALFORMED'
  | 'XML_MALFORMED';

/** Codes of a caller's mistake, thrown when a verifier, trust set or policy is built. */
export type ConstructionCode = 'TRUST_EMPTY' | 'TRUST_INVALID' | 'POLICY_INVALID';

/** Reasons a signature is not `TOTAL_PASSED`, in the order in which the steps run. */
export type ReasonCode =
  | 'SIGNATURE_NONE'
  | 'SIGNATURE_MULTIPLE'
  | 'SIGNATURE_CERTIFICATE_MISSING'
  | 'SIGNATURE_CERTIFICATE_MISMATCH'
  | 'SIGNATURE_ATTRIBUTES_INVALID'
  | 'SIGNATURE_CONTENT_MISSING'
  | 'SIGNATURE_CONTENT_UNEXPECTED'
  | 'SIGNATURE_CONTENT_MISMATCH'
  | 'SIGNATURE_ALGORITHM_FORBIDDEN'
  | 'SIGNATURE_ALGORITHM_MISMATCH'
  | 'SIGNATURE_IS_A_LOGIN'
  | 'SIGNATURE_INVALID'
  | 'PATH_UNTRUSTED'
  | 'PATH_SELF_SIGNED'
  | 'PATH_ISSUER_MISMATCH'
  | 'PATH_NOT_A_CA'
  | 'PATH_LENGTH_EXCEEDED'
  | 'PATH_CA_OUT_OF_VALIDITY'
  | 'PATH_PURPOSE_NOT_ALLOWED'
  | 'PATH_USAGE_NOT_ALLOWED'
  | 'PATH_CONSTRAINTS_NOT_SUPPORTED'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_USAGE'
  | 'CERTIFICATE_CRITICAL_EXTENSION'
  | 'CERTIFICATE_REVOKED'
  | 'CERTIFICATE_ON_HOLD'
  | 'CERTIFICATE_NOT_ISSUED'
  | 'REVOCATION_UNKNOWN'
  | 'REVOCATION_UNAVAILABLE'
  | 'OCSP_SIGNATURE_INVALID'
  | 'OCSP_RESPONDER_UNAUTHORISED'
  | 'OCSP_CERT_ID_MISMATCH'
  | 'OCSP_NONCE_MISMATCH'
  | 'OCSP_STALE'
  | 'OCSP_TRY_LATER'
  | 'OCSP_UNUSABLE'
  | 'CRL_SIGNATURE_INVALID'
  | 'CRL_STALE'
  | 'CRL_UNUSABLE'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_IMPRINT_MISMATCH'
  | 'TIMESTAMP_UNTRUSTED'
  | 'TIMESTAMP_FUTURE'
  | 'TIMESTAMP_ALGORITHM_FORBIDDEN'
  | 'TIMESTAMP_REQUIRED'
  | 'IDENTITY_IIN_MISSING'
  | 'IDENTITY_IIN_MALFORMED'
  | 'IDENTITY_IIN_REPEATED'
  | 'IDENTITY_BIN_MALFORMED'
  | 'IDENTITY_BIN_REPEATED'
  | 'IDENTITY_IIN_CHECKSUM'
  | 'IDENTITY_BIN_CHECKSUM'
  | 'IDENTITY_NOT_A_PERSON';

/** Every code that can stand in a verdict. */
export type VerdictCode = FormatCode | ReasonCode;

/** What a report mentions and no verdict follows from. */
export type NoteCode =
  | 'CONTENT_IS_A_SIGNED_MESSAGE'
  | 'MESSAGE_PADDED'
  | 'SIGNATURE_COVERS_PART'
  | 'CERTIFICATE_TEXT_UNREADABLE'
  | 'CERTIFICATE_SET_ASIDE'
  | 'SIGNING_TIME_UNREADABLE'
  | 'ATTRIBUTES_UNSORTED';

/** Every code that can stand among the warnings of a report. */
export type WarningCode = VerdictCode | NoteCode;

const CONSTRUCTION_CODES: ReadonlySet<string> = new Set<ConstructionCode>([
  'TRUST_EMPTY',
  'TRUST_INVALID',
  'POLICY_INVALID',
]);

/** Whether an error is about what was sent, not about how the verifier was set up. */
export function isFormatCode(code: FormatCode | ConstructionCode): code is FormatCode {
  return !CONSTRUCTION_CODES.has(code);
}

/** The only error class the library throws on purpose. Messages never carry input or personal data. */
export class EdsError extends Error {
  override readonly name = 'EdsError';
  readonly code: FormatCode | ConstructionCode;

  constructor(code: FormatCode | ConstructionCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
