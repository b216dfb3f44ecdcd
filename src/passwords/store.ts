import { type Iin } from '../accounts/national-number.js';
import { type PasswordReach, type PasswordScope } from './scope.js';

/**
 * Where hashes and attempts are kept. Attempts on a person's own password are counted by IIN and not by person; each provisional
 * password has a count of its own besides, since a right one says nothing about attempts on the others.
 */
export interface PasswordStore {
  /**
   * Counts an attempt before anything is compared, unless `limit` of them already stand uncleared: one atomic step for each count, so
   * that a storm of parallel attempts gets no more tries than a patient one. What is not given may not be compared.
   */
  reserveAttempt(iin: Iin, scope: PasswordScope, limit: number, now: Date): Promise<ReservedAttempt>;
  /** Takes back what this attempt counted, and nothing more: it was no failure. */
  releaseAttempt(iin: Iin, attempt: ReservedAttempt): Promise<void>;
  /** How many attempts stand uncleared. */
  attempts(iin: Iin): Promise<number>;
  /** Forgets the attempts and says how many there were: on the person's own, or on the one of a membership. */
  clearAttempts(iin: Iin, scope: PasswordScope): Promise<number>;
  /**
   * Keeps a hash, and the `remembered` latest ones of the person's own for `latestHashes`.
   *
   * @param since only in place of the password set then; `null`: whatever there is
   * @returns `superseded` when `since` names another password than the present one, `no-person` for an IIN of no person here
   */
  setHash(
    iin: Iin,
    hash: string,
    now: Date,
    remembered: number,
    over:
      | { readonly since: Date; readonly scope: PasswordScope }
      | { readonly reach: PasswordReach; readonly temporaryUntil: Date | null },
  ): Promise<'set' | 'superseded' | 'no-person'>;
  /** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
  replaceHash(personId: string, oldHash: string, newHash: string): Promise<void>;
  /** The password that stands: the person's own, or the provisional one of a membership; `null` without one. */
  standing(personId: string, membershipId: string | null): Promise<StoredPassword | null>;
  /** The hashes of the person's latest own passwords, newest first, the present one among them. Nothing for an IIN nobody has. */
  latestHashes(iin: Iin, count: number): Promise<readonly string[]>;
  /** The hashes that stand now beside one of them: beside the provisional one of a membership, or beside the person's own (`null`). */
  hashesBeside(iin: Iin, membershipId: string | null): Promise<readonly string[]>;
}

export interface StoredPassword {
  readonly hash: string;
  readonly changedAt: Date;
  /** Until when it lets in, where an operator set it. */
  readonly temporaryUntil: Date | null;
}

export interface ReservedAttempt {
  /** On what is counted by IIN, this one included; with one membership, on its provisional password. */
  readonly failures: number;
  /** Whether that count took the attempt. */
  readonly reserved: boolean;
  /** Whether it was counted by IIN. */
  readonly countedByIin: boolean;
  readonly personId: string | null;
  readonly own: StoredPassword | null;
  readonly provisional: readonly (StoredPassword & { readonly membershipId: string })[];
}
