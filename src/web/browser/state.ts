/**
 * Everything that can come between a person and a session, one name per next step. The server renders one explanation for
 * each into the page (`src/web/text`), the browser shows the one that happened. No DOM here: both sides read this file.
 */
export const FAILURES = [
  // before a key is chosen: the computer and the browser
  'ncalayer-not-running',
  'ncalayer-on-phone',
  'permission-needed',
  'permission-denied',
  'ncalayer-outdated',
  'ncalayer-disconnected',
  'ncalayer-refused',
  'cancelled',
  // the key
  'wrong-key',
  'untrusted-key',
  'expired',
  'not-yet-valid',
  'revoked',
  'on-hold',
  'not-issued',
  'weak-key',
  'identity-unreadable',
  'signature-rejected',
  'signature-not-supported',
  'signature-too-large',
  // the account
  'no-account',
  'account-blocked',
  'account-invited',
  'account-requested',
  'certificate-pending',
  'certificate-not-accepted',
  'account-choice',
  'personal-key',
  'password-not-allowed',
  'password-wrong',
  'password-blocked',
  // the way there
  'challenge-expired',
  'other-browser',
  'rate-limited',
  'revocation-unavailable',
  'revocation-unknown',
  'service-unavailable',
  'offline',
  // what the gateway says best itself
  'told',
  'unknown',
] as const;

export type Failure = (typeof FAILURES)[number];

const BY_CODE: Readonly<Record<string, Failure>> = {
  IDENTITY_NOT_A_PERSON: 'wrong-key',
  CERTIFICATE_USAGE: 'wrong-key',
  PATH_PURPOSE_NOT_ALLOWED: 'wrong-key',
  PATH_USAGE_NOT_ALLOWED: 'wrong-key',
  FORMAT_NOT_SUPPORTED: 'signature-not-supported',
  FORMAT_TOO_LARGE: 'signature-too-large',
  ASN1_TOO_DEEP: 'signature-too-large',
  ASN1_TOO_LARGE: 'signature-too-large',
  REQUEST_TOO_LARGE: 'signature-too-large',
  CERTIFICATE_EXPIRED: 'expired',
  CERTIFICATE_NOT_YET_VALID: 'not-yet-valid',
  CERTIFICATE_REVOKED: 'revoked',
  CERTIFICATE_ON_HOLD: 'on-hold',
  CERTIFICATE_NOT_ISSUED: 'not-issued',
  CERTIFICATE_CRITICAL_EXTENSION: 'untrusted-key',
  CERTIFICATE_MALFORMED: 'untrusted-key',
  SIGNATURE_ALGORITHM_FORBIDDEN: 'weak-key',
  REVOCATION_UNKNOWN: 'revocation-unknown',
  ACCOUNT_NONE: 'no-account',
  ACCOUNT_BLOCKED: 'account-blocked',
  ACCOUNT_SUSPENDED: 'account-blocked',
  ACCOUNT_CHOICE_REQUIRED: 'account-choice',
  ACCOUNT_PERSONAL_KEY: 'personal-key',
  ACCOUNT_PASSWORD_NOT_ALLOWED: 'password-not-allowed',
  ACCOUNT_INVITED: 'account-invited',
  ACCOUNT_REQUESTED: 'account-requested',
  ACCOUNT_CERTIFICATE_PENDING: 'certificate-pending',
  ACCOUNT_CERTIFICATE_REVOKED: 'certificate-not-accepted',
  PASSWORD_WRONG: 'password-wrong',
  PASSWORD_BLOCKED: 'password-blocked',
  PASSWORD_LAPSED: 'told',
  CHALLENGE_OTHER_BROWSER: 'other-browser',
  RATE_LIMITED: 'rate-limited',
  SERVICE_UNAVAILABLE: 'service-unavailable',
  VERIFIER_BUSY: 'service-unavailable',
  GATEWAY_BUSY: 'service-unavailable',
  GATEWAY_FULL: 'service-unavailable',
};

/** Families of codes that lead to the same next step; consulted after the exact names. */
const BY_PREFIX: readonly (readonly [string, Failure])[] = [
  ['PATH_', 'untrusted-key'],
  ['IDENTITY_', 'identity-unreadable'],
  ['REVOCATION_', 'revocation-unavailable'],
  ['OCSP_', 'revocation-unavailable'],
  ['CRL_', 'revocation-unavailable'],
  ['CHALLENGE_', 'challenge-expired'],
  ['SIGNATURE_', 'signature-rejected'],
  ['CMS_', 'signature-rejected'],
  ['ASN1_', 'signature-rejected'],
  ['PEM_', 'signature-rejected'],
  ['FORMAT_', 'signature-rejected'],
  ['TIMESTAMP_', 'signature-rejected'],
  ['XML_', 'signature-rejected'],
  ['REGISTRATION_', 'told'],
  ['INVITATION_', 'told'],
  ['TERMS_', 'told'],
  ['CONTACT_', 'told'],
  ['STEP_UP_', 'told'],
];

/** What a problem+json `code` of the gateway means to the person; `unknown` for a code this page does not know. */
export function failureOfCode(code: string): Failure {
  return (
    (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined) ??
    BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ??
    'unknown'
  );
}
