import { type WarningCode } from '../eds/error.js';
import { type Indication, type ReportKind, type SubIndication } from '../eds/judgement/verdict.js';

/** What each indication means to whoever has to act on it. */
export const INDICATION_TEXT: Readonly<Record<Indication, string>> = {
  TOTAL_PASSED: 'the signature is good',
  INDETERMINATE: 'it is not proved that the signature is good',
  TOTAL_FAILED: 'the signature is not good',
};

/** What is judged, where it is no signature. */
export const KIND_TEXT: Readonly<Record<Exclude<ReportKind, 'signature'>, string>> = {
  certificate: 'certificate',
  ocsp: 'OCSP response',
  crl: 'CRL',
  timestamp: 'time-stamp',
};

/** What an indication means for what was judged. */
export function indicationText(indication: Indication, kind: ReportKind): string {
  if (kind === 'signature') return INDICATION_TEXT[indication];
  const what = `the ${KIND_TEXT[kind]} is`;
  if (indication === 'TOTAL_PASSED') return `${what} in order`;
  return indication === 'TOTAL_FAILED' ? `${what} not in order` : `it is not proved that ${what} in order`;
}

/** What a sub-indication means where no document signature was judged. */
const SUB_INDICATION_APART: Readonly<Partial<Record<SubIndication, string>>> = {
  FORMAT_FAILURE: 'it is not in a form that can be read',
  HASH_FAILURE: 'it is not over what it says',
  SIG_CRYPTO_FAILURE: 'its signature does not fit the key of its signer',
  REVOKED: 'the certificate is revoked',
  EXPIRED: 'the certificate has expired',
  SIG_CONSTRAINTS_FAILURE: 'it does not meet the policy',
  REVOKED_NO_POE: 'the certificate is revoked',
  REVOKED_CA_NO_POE: 'a CA certificate is revoked',
  OUT_OF_BOUNDS_NO_POE: 'the certificate has expired',
  OUT_OF_BOUNDS_NOT_REVOKED: 'the certificate has expired without having been revoked',
};

/** What a sub-indication means for what was judged. */
export function subIndicationText(subIndication: SubIndication, kind: ReportKind): string {
  const apart = kind === 'signature' ? undefined : SUB_INDICATION_APART[subIndication];
  return apart ?? SUB_INDICATION_TEXT[subIndication];
}

/** What each sub-indication (ETSI EN 319 102-1 §5.1.3) means. */
export const SUB_INDICATION_TEXT: Readonly<Record<SubIndication, string>> = {
  FORMAT_FAILURE: 'it is not a signature in a form that can be read',
  HASH_FAILURE: 'the content is not what was signed',
  SIG_CRYPTO_FAILURE: 'the signature does not fit the key in the certificate',
  REVOKED: 'the certificate was revoked before the signature was made',
  EXPIRED: 'the certificate had expired when the signature was made',
  NOT_YET_VALID: 'the certificate was not valid yet',
  SIG_CONSTRAINTS_FAILURE: 'the signature does not meet the policy',
  CHAIN_CONSTRAINTS_FAILURE: 'the certificates may not be used for this',
  CERTIFICATE_CHAIN_GENERAL_FAILURE: 'the chain of certificates does not hold',
  CRYPTO_CONSTRAINTS_FAILURE: 'the algorithms are not allowed',
  NO_SIGNING_CERTIFICATE_FOUND: "the signer's certificate is not there",
  NO_CERTIFICATE_CHAIN_FOUND: 'no chain leads to a trusted certificate',
  SIGNED_DATA_NOT_FOUND: 'what was signed is not there',
  REVOKED_NO_POE: 'the certificate is revoked and nothing proves that the signature is older',
  REVOKED_CA_NO_POE: 'a CA certificate is revoked and nothing proves that the signature is older',
  OUT_OF_BOUNDS_NO_POE: 'the certificate has expired and nothing proves that the signature is older',
  OUT_OF_BOUNDS_NOT_REVOKED:
    'the certificate has expired without having been revoked, and nothing proves that the signature is older',
  TRY_LATER: 'it could not be found out whether a certificate is revoked',
};

/** What each reason means; docs/verdict.md says the same and what to do. */
export const REASON_TEXT: Readonly<Record<WarningCode, string>> = {
  FORMAT_UNRECOGNISED: 'the input is no signature, time-stamp, OCSP response, CRL or certificate',
  FORMAT_NOT_A_SIGNATURE:
    'the input is not a signature: it is a certificate, a list, an answer or a container of keys',
  FORMAT_NOT_SUPPORTED: 'signatures of this kind are not judged by this program; this one may be in order',
  FORMAT_TOO_LARGE: 'the input is larger than the limit and has not been judged',
  ASN1_TRUNCATED: 'the data ends before it should',
  ASN1_TRAILING_BYTES: 'there are bytes after the end of the data',
  ASN1_TOO_DEEP: 'the data is nested deeper than allowed',
  ASN1_TOO_LARGE: 'the data is larger than allowed',
  ASN1_NOT_MINIMAL: 'a length or number is not encoded in its one right form',
  ASN1_UNEXPECTED: 'the data holds something else than it should at this place',
  PEM_MALFORMED: 'the PEM or base64 text is damaged',
  CERTIFICATE_MALFORMED: 'a certificate cannot be read',
  CMS_MALFORMED: 'the CMS message cannot be read',
  CRL_MALFORMED: 'the CRL cannot be read',
  OCSP_MALFORMED: 'the OCSP response cannot be read',
  TIMESTAMP_MALFORMED: 'the time-stamp cannot be read',
  XML_MALFORMED: 'the XML is not well formed or uses what is not allowed in a signed document',
  SIGNATURE_NONE: 'there is no signature in it',
  SIGNATURE_MULTIPLE: 'there is more than one signature where exactly one is allowed',
  SIGNATURE_CERTIFICATE_MISSING: "the signer's certificate is not enclosed",
  SIGNATURE_CERTIFICATE_MISMATCH: 'the enclosed certificate is not the one the signature names',
  SIGNATURE_ATTRIBUTES_INVALID: 'the signed attributes are missing or contradictory',
  SIGNATURE_CONTENT_MISSING: 'the signature is detached and the content was not given',
  SIGNATURE_CONTENT_UNEXPECTED: 'the signature covers something else than a document as a whole',
  SIGNATURE_CONTENT_MISMATCH: 'the content is not what was signed',
  SIGNATURE_ALGORITHM_FORBIDDEN:
    'an algorithm or key is not on the allow-list (SHA-1, HMAC and weak keys never are)',
  SIGNATURE_ALGORITHM_MISMATCH: 'the algorithm fields contradict the key or each other',
  SIGNATURE_IS_A_LOGIN: 'what was signed is a login challenge and not a document',
  SIGNATURE_INVALID:
    'the signature was not made with the key in the certificate, or something signed was changed',
  PATH_UNTRUSTED: 'the certificate was issued by a CA that is not trusted',
  PATH_SELF_SIGNED: 'the certificate is signed by itself and not trusted',
  PATH_ISSUER_MISMATCH: 'the certificate names a trusted CA that did not issue it',
  PATH_NOT_A_CA: 'a certificate in the chain may not issue others',
  PATH_LENGTH_EXCEEDED: 'the chain of certificates is longer than allowed',
  PATH_CA_OUT_OF_VALIDITY: 'a CA certificate was not valid at that time',
  PATH_PURPOSE_NOT_ALLOWED: 'the CA is trusted, but not for this purpose',
  PATH_USAGE_NOT_ALLOWED: 'a CA certificate in the chain is limited to other uses',
  PATH_CONSTRAINTS_NOT_SUPPORTED:
    'a certificate in the chain has name or policy constraints, which are not processed',
  CERTIFICATE_EXPIRED: 'the certificate has expired',
  CERTIFICATE_NOT_YET_VALID: 'the certificate is not valid yet',
  CERTIFICATE_USAGE: 'the certificate is not meant for this use',
  CERTIFICATE_CRITICAL_EXTENSION: 'the certificate has a critical extension that is not known',
  CERTIFICATE_REVOKED: 'the certificate is revoked',
  CERTIFICATE_ON_HOLD: 'the certificate is suspended for the time being',
  CERTIFICATE_NOT_ISSUED: 'the CA says that it never issued this certificate',
  REVOCATION_UNKNOWN: 'the CA does not know this certificate',
  REVOCATION_UNAVAILABLE: 'nobody could be asked whether the certificate is revoked',
  OCSP_SIGNATURE_INVALID: 'the OCSP response is not signed by its responder',
  OCSP_RESPONDER_UNAUTHORISED: 'the OCSP responder may not speak for this CA',
  OCSP_CERT_ID_MISMATCH: 'the OCSP response is about another certificate',
  OCSP_NONCE_MISMATCH: 'the OCSP response does not answer our question',
  OCSP_STALE: 'the OCSP response is too old or from the future',
  OCSP_TRY_LATER: 'the OCSP responder is busy or refuses to answer',
  OCSP_UNUSABLE: 'the OCSP response cannot be used',
  CRL_SIGNATURE_INVALID: 'the CRL is not signed by the CA',
  CRL_STALE: 'the CRL is out of date',
  CRL_UNUSABLE: 'the CRL cannot be used',
  TIMESTAMP_INVALID: 'the time-stamp is not good',
  TIMESTAMP_IMPRINT_MISMATCH: 'the time-stamp was made over something else',
  TIMESTAMP_UNTRUSTED: 'the time-stamp comes from an authority that is not trusted',
  TIMESTAMP_FUTURE: 'the time-stamp names a time that has not come yet',
  TIMESTAMP_ALGORITHM_FORBIDDEN:
    'the imprint of the time-stamp is made with an algorithm that proves nothing',
  TIMESTAMP_REQUIRED: 'the policy requires a valid time-stamp and there is none',
  IDENTITY_IIN_MISSING: 'the certificate names no IIN',
  IDENTITY_IIN_MALFORMED: 'the IIN in the certificate is not twelve digits in its form',
  IDENTITY_IIN_REPEATED: 'the certificate names more than one IIN',
  IDENTITY_BIN_MALFORMED: 'the BIN in the certificate is not twelve digits in its form',
  IDENTITY_BIN_REPEATED: 'the certificate names more than one BIN',
  IDENTITY_IIN_CHECKSUM: 'the control digit of the IIN does not add up',
  IDENTITY_BIN_CHECKSUM: 'the control digit of the BIN does not add up',
  IDENTITY_NOT_A_PERSON: 'the certificate belongs to an information system and not to a person',
  CONTENT_IS_A_SIGNED_MESSAGE: 'what was signed is itself a signed message; its signatures are not judged',
  MESSAGE_PADDED: 'there are zero octets after the message, as after one taken from a PDF',
  SIGNATURE_COVERS_PART: 'the signature covers a part of the document only',
  CERTIFICATE_TEXT_UNREADABLE: 'a text in the certificate that decides nothing cannot be read as it stands',
  CERTIFICATE_SET_ASIDE: 'an enclosed certificate that is not needed cannot be read and was set aside',
  SIGNING_TIME_UNREADABLE: 'the time the signer claims is not written as the standard demands',
  ATTRIBUTES_UNSORTED: 'the signed attributes were sent in another order than the one they were signed in',
};
