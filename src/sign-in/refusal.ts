import { type VerdictCode } from '../eds/error.js';

/** Why somebody was not let in. Stable: it stands in the answer, in the audit log and in the metrics. */
export type RefusalCode =
  | VerdictCode
  | 'CHALLENGE_UNKNOWN'
  | 'CHALLENGE_EXPIRED'
  | 'CHALLENGE_USED'
  | 'CHALLENGE_OTHER_BROWSER'
  | 'ACCOUNT_NONE'
  | 'ACCOUNT_BLOCKED'
  | 'ACCOUNT_SUSPENDED'
  | 'ACCOUNT_INVITED'
  | 'ACCOUNT_REQUESTED'
  | 'ACCOUNT_CHOICE_REQUIRED'
  | 'ACCOUNT_PERSONAL_KEY'
  | 'ACCOUNT_PASSWORD_NOT_ALLOWED'
  | 'ACCOUNT_CERTIFICATE_PENDING'
  | 'ACCOUNT_CERTIFICATE_REVOKED'
  | 'REGISTRATION_CLOSED'
  | 'REGISTRATION_LIMIT'
  | 'REGISTRATION_HEAD_REQUIRED'
  | 'REGISTRATION_KIND_REQUIRED'
  | 'REGISTRATION_KIND_MISMATCH'
  | 'REGISTRATION_ALREADY_MEMBER'
  | 'REGISTRATION_OTHER_ORGANISATION'
  | 'REGISTRATION_NAME_UNUSABLE'
  | 'INVITATION_UNKNOWN'
  | 'INVITATION_USED'
  | 'INVITATION_REVOKED'
  | 'INVITATION_EXPIRED'
  | 'INVITATION_OTHER_PERSON'
  | 'INVITATION_NEEDS_EDS'
  | 'TERMS_OTHER_PERSON'
  | 'TERMS_OUTDATED'
  | 'CONTACT_MALFORMED'
  | 'PASSWORD_WRONG'
  | 'PASSWORD_BLOCKED'
  /** Right, but set by an operator and not used in time. */
  | 'PASSWORD_LAPSED'
  | 'STEP_UP_OTHER_PERSON';

/** An organisation somebody may choose when they belong to several. */
export interface OrganisationChoice {
  readonly id: string;
  readonly name: string;
}

export interface Refusal {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  /** Only with `ACCOUNT_CHOICE_REQUIRED`. */
  readonly choices?: readonly OrganisationChoice[];
}

/**
 * The attempt could not be decided or not be recorded: a store or the audit log did not take it. Nobody is let in, and nothing
 * is said about the credentials.
 */
export class LoginUnavailable extends Error {
  override readonly name = 'LoginUnavailable';
}
