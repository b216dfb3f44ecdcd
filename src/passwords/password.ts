import { type Account } from '../accounts/account.js';
import { missing } from '../accounts/known.js';
import { type Iin } from '../accounts/national-number.js';
import { checkPassword, type PasswordCheck } from './checking.js';
import { type HashedPassword } from './hasher.js';
import { type PasswordParts } from './parts.js';
import { preparePassword } from './preparing.js';
import { type PasswordRules } from './rules/rules.js';
import { type PasswordReach, type PasswordScope } from './scope.js';
import { type PasswordStore, type StoredPassword } from './store.js';
import { type PasswordThreads } from './threads.js';

/** Consecutive failures after which the password path of an IIN is closed (design decision 9), unless configured. */
export const PASSWORD_MAX_FAILURES = 5;

/** How long a password lets in that an operator set, unless configured: a weekend (OWASP ASVS 5.0, 6.4.1). */
export const PASSWORD_TEMPORARY_MS = 72 * 60 * 60_000;

export interface PasswordState {
  /** Whether there is a password. */
  readonly set: boolean;
  readonly changedAt: Date | null;
  /** When it has to be changed; `null` without a password, and where passwords do not age. */
  readonly expiresAt: Date | null;
  /** It has to be changed at the next sign-in with it: of age, or because an operator set it. */
  readonly expired: boolean;
  /** Until when one that an operator set lets in; `null` for one its owner set. */
  readonly temporaryUntil: Date | null;
}

/**
 * The password path. Unknown IIN, known IIN without a password and wrong password cost the same work and the same writes.
 *
 * An attempt is counted before anything is compared, and taken back only when the password was right: a crash in between costs
 * an attempt and never gives one away. Earlier failures stand until `clearFailures`, in the unit of work that opens the session.
 */
export interface Passwords {
  check(iin: Iin, password: string, now: Date, scope?: PasswordScope): Promise<PasswordCheck>;
  /**
   * After a sign-in, by the person's own password or by EDS; with one membership, after one by its provisional password, which clears
   * what was counted there and nothing else. `lifted` when the path had been closed.
   */
  clearFailures(iin: Iin, scope?: PasswordScope): Promise<{ readonly lifted: boolean }>;
  /** Whether the path is closed: for whoever may open it, never for whoever knocks. */
  isBlocked(iin: Iin): Promise<boolean>;
  /**
   * Holds a new password to the rules and hashes it. Slow on purpose, the more so for comparing with earlier ones: call it outside
   * units of work.
   *
   * @param account what alone is known of the person, for a provisional password: nothing else may show in which rules are broken
   * @throws PasswordRulesBroken
   */
  prepare(iin: Iin, password: string, account?: Account): Promise<HashedPassword>;
  /**
   * Sets a prepared password and clears failures; one of a membership clears none but its own.
   *
   * @param reach as before, if absent: only the person's own EDS widens it
   * @param use `temporary` for one that another person chose: it lets in for the time configured, and has to be changed at the first sign-in
   * @returns until when it lets in; `null` for one that lasts
   * @throws AccountError `PERSON_UNKNOWN`
   */
  set(
    iin: Iin,
    prepared: HashedPassword,
    now: Date,
    reach?: PasswordReach,
    use?: 'lasting' | 'temporary',
  ): Promise<{ readonly temporaryUntil: Date | null }>;
  /**
   * Sets a prepared password in place of the one `check` found right, and nothing if that is not the present one any more. Failures
   * stand: they may be somebody else's, and a block is lifted by an EDS sign-in or by those who may.
   */
  replace(
    iin: Iin,
    prepared: HashedPassword,
    now: Date,
    since: Date,
    scope?: PasswordScope,
  ): Promise<boolean>;
  /** @param membershipId of its provisional password; the person's own if absent */
  stateOf(personId: string, now: Date, membershipId?: string | null): Promise<PasswordState>;
}

/** The password path over a store. @throws RangeError for a number of failures below 1 */
export function createPasswords(parts: PasswordParts): Passwords {
  const { store, rules, maxFailures, temporaryMs } = parts;
  if (!Number.isInteger(maxFailures) || maxFailures < 1) {
    throw new RangeError('the number of failures that close the password path must be at least 1');
  }
  const keep = async (...told: Parameters<PasswordStore['setHash']>): Promise<boolean> => {
    const outcome = await store.setHash(...told);
    if (outcome === 'no-person') throw missing('PERSON_UNKNOWN');
    return outcome === 'set';
  };

  return {
    check: (iin, password, now, scope = 'every') => checkPassword(parts, { iin, password, scope }, now),
    async clearFailures(iin, scope = 'every') {
      return { lifted: (await store.clearAttempts(iin, scope)) >= maxFailures };
    },
    async isBlocked(iin) {
      return (await store.attempts(iin)) >= maxFailures;
    },
    prepare: (iin, password, account) => preparePassword(parts, iin, password, account),
    async set(iin, prepared, now, reach = 'as-before', use = 'lasting') {
      const temporaryUntil = use === 'temporary' ? new Date(now.getTime() + temporaryMs) : null;
      await keep(iin, prepared, now, rules.reuse, { reach, temporaryUntil });
      await store.clearAttempts(iin, typeof reach === 'object' ? reach : 'every');
      return { temporaryUntil };
    },
    replace: (iin, prepared, now, since, scope = 'own') =>
      keep(iin, prepared, now, rules.reuse, { since, scope }),
    async stateOf(personId, now, membershipId = null) {
      return stateAt(await store.standing(personId, membershipId), rules, now);
    },
  };
}

/** How a password that stands, or none, is judged at a moment. */
function stateAt(
  standing: StoredPassword | null,
  { maxAgeMs }: Pick<PasswordRules, 'maxAgeMs'>,
  now: Date,
): PasswordState {
  if (standing === null) {
    return { set: false, changedAt: null, expiresAt: null, expired: false, temporaryUntil: null };
  }
  const { changedAt, temporaryUntil } = standing;
  const ofAge = maxAgeMs === 0 ? null : new Date(changedAt.getTime() + maxAgeMs);
  const expiresAt = temporaryUntil === null ? ofAge : changedAt;
  // One that an operator set is to be changed whatever the clock says: another instance may have set it, or the clock have gone back.
  const expired = temporaryUntil !== null || (expiresAt !== null && now >= expiresAt);
  return { set: true, changedAt, expiresAt, expired, temporaryUntil };
}

/**
 * The same passwords, with what takes long held to the places there are. Without one an attempt is refused before it is counted.
 *
 * @throws PasswordsBusy from `check` and `prepare`
 */
export function inPlaces(passwords: Passwords, { withPlace }: Pick<PasswordThreads, 'withPlace'>): Passwords {
  return {
    ...passwords,
    check: (...asked) => withPlace(() => passwords.check(...asked)),
    prepare: (...asked) => withPlace(() => passwords.prepare(...asked)),
  };
}
