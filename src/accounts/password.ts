import { AccountError } from './account.js';
import { type AccountDirectory } from './directory.js';
import { type Iin } from './national-number.js';
import { type HashedPassword, type PasswordHasher } from './password-hasher.js';
import { type PasswordContext } from './password-rules/context.js';
import { type PasswordThreads } from './password-threads.js';
import { type BrokenRule, checkPassword, type PasswordRules } from './password-rules/rules.js';

/** Consecutive failures after which the password path of an IIN is closed (design decision 9), unless configured. */
export const PASSWORD_MAX_FAILURES = 5;

/** Bytes beyond which a password is not even hashed: nothing that long could have been set. */
const PASSWORD_MAX_BYTES = 1024;

export type PasswordCheck =
  /** `changedAt` names this password among those the person had. */
  | {
      readonly outcome: 'right';
      readonly personId: string;
      readonly changedAt: Date;
      /** The one organisation this password opens; `null`: every one of the person's. */
      readonly confinedTo: string | null;
    }
  /** `blockedNow`: this was the fifth in a row, and the path is closed from here on. */
  | { readonly outcome: 'wrong'; readonly blockedNow: boolean; readonly personId: string | null }
  | { readonly outcome: 'blocked'; readonly personId: string | null };

/**
 * How far a password reaches that is being set: into one organisation, where nothing but that organisation's invitation says whose
 * password it is; everywhere, where the person's EDS says it; or as far as the one before it, which reaches everywhere if there was none.
 */
export type PasswordReach = { readonly organisationId: string } | 'everywhere' | 'as-before';

export interface PasswordState {
  /** Whether the person has a password. */
  readonly set: boolean;
  /** The one organisation it opens; `null` without a password, and where it opens every one of the person's. */
  readonly confinedTo: string | null;
  readonly changedAt: Date | null;
  /** When it has to be changed; `null` without a password, and where passwords do not age. */
  readonly expiresAt: Date | null;
  readonly expired: boolean;
}

/** Where hashes and attempts are kept, the attempts by IIN and not by person. */
export interface PasswordStore {
  /**
   * Counts an attempt before anything is compared, unless `limit` of them already stand uncleared: one atomic step, so that a
   * storm of parallel attempts gets no more tries than a patient one. `failures` includes this attempt.
   */
  reserveAttempt(
    iin: Iin,
    limit: number,
    now: Date,
  ): Promise<
    {
      readonly reserved: boolean;
      readonly failures: number;
      readonly personId: string | null;
    } & StoredPassword
  >;
  /** Takes back one counted attempt: it was no failure. */
  releaseAttempt(iin: Iin): Promise<void>;
  /** How many attempts stand uncleared. */
  attempts(iin: Iin): Promise<number>;
  /** Forgets the attempts and says how many there were. */
  clearAttempts(iin: Iin): Promise<number>;
  /**
   * Keeps a hash, and the `remembered` latest ones for `latestHashes`.
   *
   * @param since only in place of the password set then, and it reaches as far as that; `null`: whatever there is
   * @returns false when `since` names another password than the present one
   * @throws AccountError `PERSON_UNKNOWN`
   */
  setHash(
    iin: Iin,
    hash: string,
    now: Date,
    remembered: number,
    over: { readonly since: Date } | { readonly reach: PasswordReach },
  ): Promise<boolean>;
  /** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
  replaceHash(personId: string, oldHash: string, newHash: string): Promise<void>;
  /** When the person's password was set, and how far it reaches; `null` without one. */
  standing(
    personId: string,
  ): Promise<{ readonly changedAt: Date; readonly confinedTo: string | null } | null>;
  /** The hashes of the latest passwords, newest first, the present one among them. Nothing for an IIN nobody has. */
  latestHashes(iin: Iin, count: number): Promise<readonly string[]>;
}

/** All `null` for an IIN nobody has and for a person without a password. */
interface StoredPassword {
  readonly hash: string | null;
  readonly changedAt: Date | null;
  readonly confinedTo: string | null;
}

/** A new password that may not be set, and every rule it breaks. */
export class PasswordRulesBroken extends AccountError {
  readonly broken: readonly BrokenRule[];

  constructor(broken: readonly BrokenRule[]) {
    super('PASSWORD_RULES_BROKEN', `the password breaks the rules: ${broken.join(', ')}`);
    this.broken = broken;
  }
}

/**
 * The password path. Unknown IIN, known IIN without a password and wrong password cost the same work and the same writes.
 *
 * An attempt is counted before anything is compared, and taken back only when the password was right: a crash in between costs
 * an attempt and never gives one away. Earlier failures stand until `clearFailures`, in the unit of work that opens the session.
 */
export interface Passwords {
  check(iin: Iin, password: string, now: Date): Promise<PasswordCheck>;
  /** After a sign-in, by password or by EDS. `lifted` when the path had been closed. */
  clearFailures(iin: Iin): Promise<{ readonly lifted: boolean }>;
  /** Whether the path is closed: for whoever may open it, never for whoever knocks. */
  isBlocked(iin: Iin): Promise<boolean>;
  /**
   * Holds a new password to the rules and hashes it. Slow on purpose, the more so for comparing with earlier ones: call it outside
   * units of work.
   *
   * @throws PasswordRulesBroken
   */
  prepare(iin: Iin, password: string): Promise<HashedPassword>;
  /**
   * Sets a prepared password and clears failures.
   *
   * @param reach as before, if absent: only the person's own EDS widens it
   * @throws AccountError `PERSON_UNKNOWN`
   */
  set(iin: Iin, prepared: HashedPassword, now: Date, reach?: PasswordReach): Promise<void>;
  /**
   * Sets a prepared password in place of the one `check` found right, and nothing if that is not the present one any more. Failures
   * stand: they may be somebody else's, and a block is lifted by an EDS sign-in or by those who may. The new one reaches as far as the
   * one it replaces, since whoever knew that may not be the person.
   */
  replace(iin: Iin, prepared: HashedPassword, now: Date, since: Date): Promise<boolean>;
  stateOf(personId: string, now: Date): Promise<PasswordState>;
}

export interface PasswordParts {
  readonly hasher: PasswordHasher;
  readonly rules: PasswordRules;
  /** Consecutive failures that close the path, at least 1. */
  readonly maxFailures: number;
  /** Who people are, for the rules that need it. */
  readonly accounts: Pick<AccountDirectory, 'personByIin' | 'accountsOf'>;
}

const NO_PASSWORD = { changedAt: null, confinedTo: null };

/** The password path over a store. */
export function createPasswords(store: PasswordStore, parts: PasswordParts): Passwords {
  const { hasher, rules, maxFailures, accounts } = parts;
  if (!Number.isInteger(maxFailures) || maxFailures < 1) {
    throw new RangeError('the number of failures that close the password path must be at least 1');
  }

  const contextOf = async (iin: Iin): Promise<Pick<PasswordContext, 'names' | 'organisations'>> => {
    const person = await accounts.personByIin(iin);
    if (person === null) return { names: [], organisations: [] };
    const places = await accounts.accountsOf(iin);
    // Until a certificate names them, people have the name whoever invited them wrote.
    const names = [person.name, ...places.map((place) => place.person.name)];
    return { names, organisations: places.map(({ organisation }) => organisation.name) };
  };

  const isReused = async (iin: Iin, password: string): Promise<boolean> => {
    if (rules.reuse === 0) return false;
    // One after the other: each comparison takes as much memory as a sign-in.
    for (const hash of await store.latestHashes(iin, rules.reuse)) {
      if (await hasher.matches(hash, password)) return true;
    }
    return false;
  };

  return {
    async check(iin, password, now) {
      const attempt = await store.reserveAttempt(iin, maxFailures, now);
      const { personId, hash, changedAt, confinedTo } = attempt;
      if (!attempt.reserved) return { outcome: 'blocked', personId };
      const comparable = Buffer.byteLength(password, 'utf8') <= PASSWORD_MAX_BYTES;
      const matches = await hasher.matches(hash ?? hasher.decoy, comparable ? password : '');
      if (!matches || !comparable || hash === null || personId === null || changedAt === null) {
        return { outcome: 'wrong', blockedNow: attempt.failures >= maxFailures, personId };
      }
      await store.releaseAttempt(iin);
      if (hasher.isOutdated(hash)) await store.replaceHash(personId, hash, await hasher.hash(password));
      return { outcome: 'right', personId, changedAt, confinedTo };
    },
    async clearFailures(iin) {
      return { lifted: (await store.clearAttempts(iin)) >= maxFailures };
    },
    async isBlocked(iin) {
      return (await store.attempts(iin)) >= maxFailures;
    },
    async prepare(iin, password) {
      const known = rules.context ? await contextOf(iin) : { names: [], organisations: [] };
      const broken = checkPassword(rules, password, { iin, ...known });
      if (broken.length > 0) throw new PasswordRulesBroken(broken);
      if (await isReused(iin, password)) throw new PasswordRulesBroken(['reused']);
      return hasher.hash(password);
    },
    async set(iin, prepared, now, reach = 'as-before') {
      await store.setHash(iin, prepared, now, rules.reuse, { reach });
      await store.clearAttempts(iin);
    },
    replace: (iin, prepared, now, since) => store.setHash(iin, prepared, now, rules.reuse, { since }),
    async stateOf(personId, now) {
      const { changedAt, confinedTo } = (await store.standing(personId)) ?? NO_PASSWORD;
      const expiresAt =
        changedAt === null || rules.maxAgeMs === 0 ? null : new Date(changedAt.getTime() + rules.maxAgeMs);
      const expired = expiresAt !== null && now >= expiresAt;
      return { set: changedAt !== null, changedAt, confinedTo, expiresAt, expired };
    },
  };
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
