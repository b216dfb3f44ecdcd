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
