/**
 * The one wall between our reasons and what the outside is told: every code with its HTTP status and its text in three languages, as
 * `application/problem+json` (RFC 9457). What is not in this table is `INTERNAL`.
 */
import { type RefusalCode } from '../../sign-in/refusal.js';
import { type Language } from '../../web/index.js';
import { en } from './problem-text/en/index.js';
import { kk } from './problem-text/kk/index.js';
import { ru } from './problem-text/ru/index.js';
import { type Situation, type SituationTexts } from './problem-text/text.js';

export type ProblemCode =
  | RefusalCode
  | 'PASSWORD_CURRENT_WRONG'
  | 'PASSWORD_RULES_BROKEN'
  | 'SESSION_NONE'
  | 'OBLIGATIONS_PENDING'
  | 'PERMISSION_DENIED'
  | 'EDS_SESSION_REQUIRED'
  | 'STEP_UP_REQUIRED'
  | 'RESOURCE_UNKNOWN'
  | 'MEMBERSHIP_EXISTS'
  | 'MEMBERSHIP_STATUS'
  | 'MEMBERSHIP_UNCONFIRMED'
  | 'INVITATION_LIMIT'
  | 'BIN_CLAIM_STATUS'
  | 'BIN_CLAIM_HEAD_REQUIRED'
  | 'ORGANISATION_NOT_MERGEABLE'
  | 'LAST_MANAGER'
  | 'LAST_ADMINISTRATOR'
  | 'AUTHORITY_EXCEEDED'
  | 'ROLE_EXISTS'
  | 'ROLE_BUILT_IN'
  | 'ROLE_IN_USE'
  | 'ROLE_LIMIT'
  | 'INVITATION_USED'
  | 'INVITATION_REVOKED'
  | 'CERTIFICATE_BINDING_STATUS'
  | 'RATE_LIMITED'
  | 'CLIENT_UNAUTHORISED'
  | 'CLIENT_SECRET_EXPIRED'
  | 'REQUEST_MALFORMED'
  | 'REQUEST_INVALID'
  | 'REQUEST_TOO_LARGE'
  | 'REQUEST_MEDIA_TYPE'
  | 'REQUEST_ORIGIN'
  | 'REQUEST_NOT_FOUND'
  | 'REQUEST_METHOD'
  | 'REQUEST_METHOD_UNKNOWN'
  | 'REQUEST_HEADERS_TOO_LARGE'
  | 'REQUEST_TIMEOUT'
  | 'GATEWAY_FULL'
  | 'SERVICE_UNAVAILABLE'
  | 'VERIFIER_BUSY'
  | 'GATEWAY_BUSY'
  | 'INTERNAL';

/** Members of the document beyond those every problem has. */
export interface ProblemExtensions {
  /** With `REQUEST_INVALID`: which fields, and what they should be. Never their values. */
  readonly errors?: readonly { readonly path: string; readonly problem: string }[];
  /** With `ACCOUNT_CHOICE_REQUIRED`. */
  readonly choices?: readonly { readonly id: string; readonly name: string }[];
  /** With `PASSWORD_RULES_BROKEN`: every rule it breaks. */
  readonly broken?: readonly string[];
  /** With `OBLIGATIONS_PENDING`: what must be done first. */
  readonly obligations?: readonly string[];
  /** With `STEP_UP_REQUIRED`: the kind of operation. */
  readonly operation?: string;
  /** With `STEP_UP_REQUIRED`: the request to be signed, and what it does in words. */
  readonly sign?: object;
}

export interface ProblemDocument extends ProblemExtensions {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
}

interface Entry {
  readonly status:
    400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 423 | 429 | 431 | 500 | 501 | 503;
  readonly situation: Situation;
}

function entry(status: Entry['status'], situation: Situation): Entry {
  return { status, situation };
}

/** 401: what was shown does not prove who you are. 403: it does, and you may not. 422: it cannot be judged at all. 503: ask again later. */
export const PROBLEMS: Readonly<Record<ProblemCode, Entry>> = {
  FORMAT_UNRECOGNISED: entry(422, 'signature-unreadable'),
  FORMAT_NOT_A_SIGNATURE: entry(422, 'signature-other-kind'),
  FORMAT_NOT_SUPPORTED: entry(422, 'signature-not-supported'),
  FORMAT_TOO_LARGE: entry(422, 'signature-too-large'),
  ASN1_TRUNCATED: entry(422, 'signature-unreadable'),
  ASN1_TRAILING_BYTES: entry(422, 'signature-unreadable'),
  ASN1_TOO_DEEP: entry(422, 'signature-too-large'),
  ASN1_TOO_LARGE: entry(422, 'signature-too-large'),
  ASN1_NOT_MINIMAL: entry(422, 'signature-unreadable'),
  ASN1_UNEXPECTED: entry(422, 'signature-unreadable'),
  PEM_MALFORMED: entry(422, 'signature-unreadable'),
  CERTIFICATE_MALFORMED: entry(422, 'signature-unreadable'),
  CMS_MALFORMED: entry(422, 'signature-unreadable'),
  CRL_MALFORMED: entry(422, 'signature-unreadable'),
  OCSP_MALFORMED: entry(422, 'signature-unreadable'),
  TIMESTAMP_MALFORMED: entry(422, 'signature-unreadable'),
  XML_MALFORMED: entry(422, 'signature-unreadable'),

  SIGNATURE_NONE: entry(422, 'signature-none'),
  SIGNATURE_MULTIPLE: entry(422, 'signature-multiple'),
  SIGNATURE_CERTIFICATE_MISSING: entry(422, 'signature-certificate-missing'),
  SIGNATURE_CERTIFICATE_MISMATCH: entry(401, 'signature-inconsistent'),
  SIGNATURE_ATTRIBUTES_INVALID: entry(401, 'signature-inconsistent'),
  SIGNATURE_CONTENT_MISSING: entry(422, 'signature-content-missing'),
  SIGNATURE_CONTENT_UNEXPECTED: entry(401, 'signature-content-mismatch'),
  SIGNATURE_CONTENT_MISMATCH: entry(401, 'signature-content-mismatch'),
  SIGNATURE_ALGORITHM_FORBIDDEN: entry(401, 'signature-algorithm'),
  SIGNATURE_ALGORITHM_MISMATCH: entry(401, 'signature-algorithm'),
  SIGNATURE_IS_A_LOGIN: entry(422, 'signature-is-a-login'),
  SIGNATURE_INVALID: entry(401, 'signature-invalid'),
  PATH_UNTRUSTED: entry(401, 'certificate-untrusted'),
  PATH_SELF_SIGNED: entry(401, 'certificate-untrusted'),
  PATH_ISSUER_MISMATCH: entry(401, 'certificate-untrusted'),
  PATH_NOT_A_CA: entry(401, 'certificate-untrusted'),
  PATH_LENGTH_EXCEEDED: entry(401, 'certificate-untrusted'),
  PATH_CA_OUT_OF_VALIDITY: entry(401, 'certificate-untrusted'),
  PATH_PURPOSE_NOT_ALLOWED: entry(401, 'certificate-purpose'),
  PATH_USAGE_NOT_ALLOWED: entry(401, 'certificate-purpose'),
  PATH_CONSTRAINTS_NOT_SUPPORTED: entry(401, 'certificate-untrusted'),
  CERTIFICATE_EXPIRED: entry(401, 'certificate-expired'),
  CERTIFICATE_NOT_YET_VALID: entry(401, 'certificate-not-yet-valid'),
  CERTIFICATE_USAGE: entry(401, 'certificate-usage'),
  CERTIFICATE_CRITICAL_EXTENSION: entry(401, 'certificate-usage'),
  CERTIFICATE_REVOKED: entry(401, 'certificate-revoked'),
  CERTIFICATE_ON_HOLD: entry(401, 'certificate-on-hold'),
  CERTIFICATE_NOT_ISSUED: entry(401, 'certificate-not-issued'),
  REVOCATION_UNKNOWN: entry(401, 'certificate-unknown'),
  REVOCATION_UNAVAILABLE: entry(503, 'revocation-unavailable'),
  OCSP_SIGNATURE_INVALID: entry(503, 'revocation-untrustworthy'),
  OCSP_RESPONDER_UNAUTHORISED: entry(503, 'revocation-untrustworthy'),
  OCSP_CERT_ID_MISMATCH: entry(503, 'revocation-untrustworthy'),
  OCSP_NONCE_MISMATCH: entry(503, 'revocation-untrustworthy'),
  OCSP_STALE: entry(503, 'revocation-unavailable'),
  OCSP_TRY_LATER: entry(503, 'revocation-unavailable'),
  OCSP_UNUSABLE: entry(503, 'revocation-unavailable'),
  CRL_SIGNATURE_INVALID: entry(503, 'revocation-untrustworthy'),
  CRL_STALE: entry(503, 'revocation-unavailable'),
  CRL_UNUSABLE: entry(503, 'revocation-unavailable'),
  TIMESTAMP_INVALID: entry(401, 'timestamp-invalid'),
  TIMESTAMP_IMPRINT_MISMATCH: entry(401, 'timestamp-invalid'),
  TIMESTAMP_UNTRUSTED: entry(401, 'timestamp-invalid'),
  TIMESTAMP_FUTURE: entry(401, 'timestamp-invalid'),
  TIMESTAMP_ALGORITHM_FORBIDDEN: entry(401, 'timestamp-invalid'),
  TIMESTAMP_REQUIRED: entry(401, 'timestamp-required'),
  IDENTITY_IIN_MISSING: entry(403, 'identity-no-iin'),
  IDENTITY_IIN_MALFORMED: entry(403, 'identity-malformed'),
  IDENTITY_IIN_REPEATED: entry(403, 'identity-malformed'),
  IDENTITY_BIN_MALFORMED: entry(403, 'identity-malformed'),
  IDENTITY_BIN_REPEATED: entry(403, 'identity-malformed'),
  IDENTITY_IIN_CHECKSUM: entry(403, 'identity-malformed'),
  IDENTITY_BIN_CHECKSUM: entry(403, 'identity-malformed'),
  IDENTITY_NOT_A_PERSON: entry(403, 'identity-not-a-person'),

  CHALLENGE_UNKNOWN: entry(409, 'challenge-unknown'),
  CHALLENGE_EXPIRED: entry(409, 'challenge-expired'),
  CHALLENGE_USED: entry(409, 'challenge-used'),
  CHALLENGE_OTHER_BROWSER: entry(409, 'challenge-other-browser'),
  ACCOUNT_NONE: entry(403, 'account-none'),
  ACCOUNT_BLOCKED: entry(403, 'account-blocked'),
  ACCOUNT_SUSPENDED: entry(403, 'account-suspended'),
  ACCOUNT_INVITED: entry(403, 'account-invited'),
  ACCOUNT_REQUESTED: entry(403, 'account-requested'),
  ACCOUNT_CERTIFICATE_PENDING: entry(403, 'account-certificate-pending'),
  ACCOUNT_CERTIFICATE_REVOKED: entry(403, 'account-certificate-revoked'),
  ACCOUNT_CHOICE_REQUIRED: entry(409, 'account-choice'),
  ACCOUNT_PERSONAL_KEY: entry(403, 'account-personal-key'),
  ACCOUNT_PASSWORD_NOT_ALLOWED: entry(403, 'account-password-not-allowed'),
  PASSWORD_WRONG: entry(401, 'password-wrong'),
  PASSWORD_BLOCKED: entry(423, 'password-blocked'),
  PASSWORD_LAPSED: entry(403, 'password-lapsed'),
  PASSWORD_CURRENT_WRONG: entry(403, 'password-current-wrong'),
  PASSWORD_RULES_BROKEN: entry(422, 'password-rules-broken'),
  STEP_UP_OTHER_PERSON: entry(403, 'step-up-other-person'),

  REGISTRATION_CLOSED: entry(403, 'registration-closed'),
  REGISTRATION_LIMIT: entry(429, 'registration-limit'),
  REGISTRATION_HEAD_REQUIRED: entry(403, 'registration-head-required'),
  REGISTRATION_KIND_REQUIRED: entry(409, 'registration-kind-required'),
  REGISTRATION_KIND_MISMATCH: entry(409, 'registration-kind-mismatch'),
  REGISTRATION_ALREADY_MEMBER: entry(409, 'registration-already-member'),
  REGISTRATION_OTHER_ORGANISATION: entry(403, 'registration-other-organisation'),
  REGISTRATION_NAME_UNUSABLE: entry(422, 'registration-name-unusable'),
  INVITATION_UNKNOWN: entry(404, 'invitation-unknown'),
  INVITATION_EXPIRED: entry(409, 'invitation-expired'),
  INVITATION_OTHER_PERSON: entry(403, 'invitation-other-person'),
  INVITATION_NEEDS_EDS: entry(403, 'invitation-needs-eds'),
  TERMS_OTHER_PERSON: entry(403, 'terms-other-person'),
  TERMS_OUTDATED: entry(409, 'terms-outdated'),
  CONTACT_MALFORMED: entry(422, 'contact-malformed'),

  SESSION_NONE: entry(401, 'session-none'),
  OBLIGATIONS_PENDING: entry(403, 'obligations-pending'),
  PERMISSION_DENIED: entry(403, 'permission-denied'),
  EDS_SESSION_REQUIRED: entry(403, 'eds-session-required'),
  STEP_UP_REQUIRED: entry(403, 'step-up-required'),
  RESOURCE_UNKNOWN: entry(404, 'resource-unknown'),
  MEMBERSHIP_EXISTS: entry(409, 'membership-exists'),
  MEMBERSHIP_STATUS: entry(409, 'membership-status'),
  MEMBERSHIP_UNCONFIRMED: entry(409, 'membership-unconfirmed'),
  INVITATION_LIMIT: entry(429, 'invitation-limit'),
  BIN_CLAIM_STATUS: entry(409, 'bin-claim-status'),
  BIN_CLAIM_HEAD_REQUIRED: entry(403, 'bin-claim-head-required'),
  ORGANISATION_NOT_MERGEABLE: entry(409, 'organisation-not-mergeable'),
  LAST_MANAGER: entry(409, 'last-manager'),
  LAST_ADMINISTRATOR: entry(409, 'last-administrator'),
  AUTHORITY_EXCEEDED: entry(403, 'authority-exceeded'),
  ROLE_EXISTS: entry(409, 'role-exists'),
  ROLE_BUILT_IN: entry(409, 'role-built-in'),
  ROLE_IN_USE: entry(409, 'role-in-use'),
  ROLE_LIMIT: entry(409, 'role-limit'),
  INVITATION_USED: entry(409, 'invitation-used'),
  INVITATION_REVOKED: entry(409, 'invitation-revoked'),
  CERTIFICATE_BINDING_STATUS: entry(409, 'certificate-binding-status'),
  RATE_LIMITED: entry(429, 'rate-limited'),
  CLIENT_UNAUTHORISED: entry(401, 'client-unauthorised'),
  CLIENT_SECRET_EXPIRED: entry(401, 'client-secret-expired'),
  REQUEST_MALFORMED: entry(400, 'request-malformed'),
  REQUEST_INVALID: entry(400, 'request-invalid'),
  REQUEST_TOO_LARGE: entry(413, 'request-too-large'),
  REQUEST_MEDIA_TYPE: entry(415, 'request-media-type'),
  REQUEST_ORIGIN: entry(403, 'request-origin'),
  REQUEST_NOT_FOUND: entry(404, 'request-not-found'),
  REQUEST_METHOD: entry(405, 'request-method'),
  REQUEST_METHOD_UNKNOWN: entry(501, 'request-method-unknown'),
  REQUEST_HEADERS_TOO_LARGE: entry(431, 'request-headers-too-large'),
  REQUEST_TIMEOUT: entry(408, 'request-timeout'),
  GATEWAY_FULL: entry(503, 'gateway-full'),
  SERVICE_UNAVAILABLE: entry(503, 'service-unavailable'),
  VERIFIER_BUSY: entry(503, 'verifier-busy'),
  GATEWAY_BUSY: entry(503, 'gateway-busy'),
  INTERNAL: entry(500, 'internal'),
};

export const PROBLEM_TEXTS: Readonly<Record<Language, SituationTexts>> = { kk, ru, en };

/** A refusal on its way out. Thrown by guards and routes; answered in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly extensions: ProblemExtensions;
  /** Header fields that belong to the answer: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    options: {
      readonly extensions?: ProblemExtensions;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    // Only failures of ours are told with their story: to note where a refusal was thrown takes longer than the refusal.
    const framesMost = Error.stackTraceLimit;
    if (PROBLEMS[code].status < 500) Error.stackTraceLimit = 0;
    super(code, options.cause === undefined ? {} : { cause: options.cause });
    Error.stackTraceLimit = framesMost;
    this.code = code;
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }
}

/** The document a reader of `language` gets. */
export function problemDocument(
  { code, extensions }: Pick<Problem, 'code' | 'extensions'>,
  language: Language,
  requestId: string,
): ProblemDocument {
  const { status, situation } = PROBLEMS[code];
  const { title, detail } = PROBLEM_TEXTS[language][situation];
  const type = `urn:qaqpa:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title, status, detail, code, requestId, ...extensions };
}
