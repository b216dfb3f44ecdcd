import { type Iin } from './national-number.js';

/** Consecutive failures after which the password path of an IIN is closed (design decision 9). */
export const PASSWORD_MAX_FAILURES = 5;

export type PasswordCheck =
  | { readonly outcome: 'right'; readonly personId: string }
  /** `blockedNow`: this was the fifth in a row, and the path is closed from here on. */
  | { readonly outcome: 'wrong'; readonly blockedNow: boolean; readonly personId: string | null }
  | { readonly outcome: 'blocked'; readonly personId: string | null };

/**
 * The password path. Unknown IIN, known IIN without a password and wrong password cost the same work and the same writes.
 *
 * A `right` answer leaves the attempt counted: the caller clears it with `clearFailures` in the same unit of work that opens
 * the session, so that a crash in between costs an attempt and never gives one away.
 */
export interface Passwords {
  check(iin: Iin, password: string, now: Date): Promise<PasswordCheck>;
  /** After a full sign-in, by password or by EDS. `lifted` when the path had been closed. */
  clearFailures(iin: Iin): Promise<{ readonly lifted: boolean }>;
  /**
   * Sets a password and clears failures.
   *
   * @throws AccountError `PASSWORD_TOO_SHORT` (12), `PASSWORD_TOO_LONG` (128 characters), `PASSWORD_CONTAINS_IIN`, `PERSON_UNKNOWN`
   */
  set(iin: Iin, password: string, now: Date): Promise<void>;
}
