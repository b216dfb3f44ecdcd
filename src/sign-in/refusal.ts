import { type CodeOf } from '../reasons/catalogue.js';

/** Why a person was not let in. Stable: it stands in the answer, in the audit log and in the metrics. */
export type RefusalCode =
  | CodeOf<'format' | 'signature' | 'certificate' | 'revocation' | 'timestamp' | 'identity'>
  | CodeOf<'challenge' | 'account' | 'password' | 'registration' | 'invitation' | 'terms'>
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
