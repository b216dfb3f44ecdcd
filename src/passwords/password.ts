import { type Account, AccountError } from '../accounts/account.js';
import { type AccountDirectory } from '../accounts/directory.js';
import { type BreachedPasswords } from './breached-passwords.js';
import { type Iin } from '../accounts/national-number.js';
import { type HashedPassword, type PasswordHasher } from './hasher.js';
import { type PasswordContext } from './rules/context.js';
import { type PasswordThreads } from './threads.js';
import { judgeNewPassword } from './judgement.js';
import { type BrokenRule, type PasswordRules } from './rules/rules.js';

/** Consecutive failures after which the password path of an IIN is closed (design decision 9), unless configured. */
export const PASSWORD_MAX_FAILURES = 5;

/** How long a password lets in that an operator set, unless configured: a weekend (OWASP ASVS 5.0, 6.4.1). */
export const PASSWORD_TEMPORARY_MS = 72 * 60 * 60_000;

/** Bytes beyond which a password is not even hashed: nothing that long could have been set. */
const PASSWORD_MAX_BYTES = 1024;

export type PasswordCheck =
  /** `changedAt` names this password among those the person had. */
  | {
      readonly outcome: 'right';
      readonly personId: string;
      readonly changedAt: Date;
      /** The only memberships this password opens; `null`: every one of the person's. */
      readonly confinedTo: readonly string[] | null;
      /** It stands among the breached ones, and has to be changed. */
      readonly breached: boolean;
    }
  /** The right one, which an operator had set and nobody used in time: it opens no session. */
  | { readonly outcome: 'lapsed'; readonly personId: string }
  /** `blockedNow`: this was the fifth in a row, and the path is closed from here on. */
  | { readonly outcome: 'wrong'; readonly blockedNow: boolean; readonly personId: string | null }
  | { readonly outcome: 'blocked'; readonly personId: string | null };

/**
 * Which passwords of a person are meant: every one; their own alone, which the person's EDS or an operator set; or the provisional one
 * of one membership, which whoever took its invitation set.
 */
export type PasswordScope = 'every' | 'own' | { readonly membershipId: string };

/**
 * What a password that is being set becomes: the provisional one of a membership, the person's own, or what stands there already: the
 * provisional ones where there is nothing else.
 */
export type PasswordReach =
  { readonly membershipId: string; readonly organisationId: string } | 'everywhere' | 'as-before';

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
   * @returns false when `since` names another password than the present one
   * @throws AccountError `PERSON_UNKNOWN`
   */
  setHash(
    iin: Iin,
    hash: string,
    now: Date,
    remembered: number,
    over:
      | { readonly since: Date; readonly scope: PasswordScope }
      | { readonly reach: PasswordReach; readonly temporaryUntil: Date | null },
  ): Promise<boolean>;
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

export interface PasswordParts {
  readonly hasher: PasswordHasher;
  readonly rules: PasswordRules;
  /** Consecutive failures that close the path, at least 1. */
  readonly maxFailures: number;
  /** How long a temporary password lets in, milliseconds. */
  readonly temporaryMs: number;
  /** Who people are, for the rules that need it. */
  readonly accounts: Pick<AccountDirectory, 'personByIin' | 'accountsOf'>;
  /** `null` where the operator has none. */
  readonly breached: BreachedPasswords | null;
}

/** The password path over a store. */
export function createPasswords(store: PasswordStore, parts: PasswordParts): Passwords {
  const { hasher, rules, maxFailures, temporaryMs, accounts, breached } = parts;
  if (!Number.isInteger(maxFailures) || maxFailures < 1) {
    throw new RangeError('the number of failures that close the password path must be at least 1');
  }

  const contextOf = async (
    iin: Iin,
    account: Account | undefined,
  ): Promise<Pick<PasswordContext, 'names' | 'organisations'>> => {
    if (account !== undefined)
      return { names: [account.person.name], organisations: [account.organisation.name] };
    const person = await accounts.personByIin(iin);
    if (person === null) return { names: [], organisations: [] };
    const places = await accounts.accountsOf(iin);
    // Until a certificate names them, people have the name whoever invited them wrote.
    const names = [person.name, ...places.map((place) => place.person.name)];
    return { names, organisations: places.map(({ organisation }) => organisation.name) };
  };

  const isReused = async (iin: Iin, password: string): Promise<boolean> => {
    if (rules.reuse === 0) return false;
    const earlier = await store.latestHashes(iin, rules.reuse);
    return earlier.length > 0 && (await hasher.matching(earlier, password)).length > 0;
  };

  /** Whether it is the very one an operator set, which is to go whatever may be reused. */
  const isTemporary = async (iin: Iin, password: string, account: Account | undefined): Promise<boolean> => {
    const personId = account?.person.id ?? (await accounts.personByIin(iin))?.id;
    if (personId === undefined) return false;
    const standing = await store.standing(personId, account?.membership.id ?? null);
    if (standing?.temporaryUntil == null) return false;
    return (await hasher.matching([standing.hash], password)).length > 0;
  };

  /** Puts hashes of another cost into today's, side by side under one salt. */
  const renew = async (personId: string, matched: readonly string[], password: string): Promise<void> => {
    const renewed: string[] = [];
    for (const hash of matched.filter((stored) => hasher.isOutdated(stored))) {
      const next = await hasher.hash(password, renewed);
      await store.replaceHash(personId, hash, next);
      renewed.push(next);
    }
  };

  return {
    async check(iin, password, now, scope = 'every') {
      const attempt = await store.reserveAttempt(iin, scope, maxFailures, now);
      const { personId, own, provisional, reserved } = attempt;
      if (!reserved && provisional.length === 0) return { outcome: 'blocked', personId };
      const comparable = Buffer.byteLength(password, 'utf8') <= PASSWORD_MAX_BYTES;
      const standing = own === null ? provisional : [own, ...provisional];
      const hashes = standing.map(({ hash }) => hash);
      const matched = await hasher.matching(hashes, comparable ? password : '');
      const right = standing.filter(({ hash }) => matched.includes(hash));
      if (!comparable || right.length === 0 || personId === null) {
        // Nobody at the door learns that a password which may still be tried stands beside one that may not.
        if (!reserved) return { outcome: 'blocked', personId };
        return { outcome: 'wrong', blockedNow: attempt.failures >= maxFailures, personId };
      }
      await store.releaseAttempt(iin, attempt);
      const usable = right.filter(({ temporaryUntil }) => temporaryUntil === null || now < temporaryUntil);
      const [first] = usable;
      if (first === undefined) return { outcome: 'lapsed', personId };
      await renew(personId, matched, password);
      const confinedTo = usable.flatMap((each) => ('membershipId' in each ? each.membershipId : []));
      const { changedAt } = first;
      const known = breached !== null && (await breached.includes(password));
      return {
        outcome: 'right',
        personId,
        changedAt,
        confinedTo: first === own ? null : confinedTo,
        breached: known,
      };
    },
    async clearFailures(iin, scope = 'every') {
      return { lifted: (await store.clearAttempts(iin, scope)) >= maxFailures };
    },
    async isBlocked(iin) {
      return (await store.attempts(iin)) >= maxFailures;
    },
    async prepare(iin, password, account) {
      const known = rules.context ? await contextOf(iin, account) : { names: [], organisations: [] };
      const broken = await judgeNewPassword(rules, password, { iin, ...known }, breached);
      if (broken.length > 0) throw new PasswordRulesBroken(broken);
      // Earlier passwords are the person's own matter: whoever took an invitation is not told of them.
      if (account === undefined && (await isReused(iin, password))) throw new PasswordRulesBroken(['reused']);
      if (await isTemporary(iin, password, account)) throw new PasswordRulesBroken(['reused']);
      return hasher.hash(password, await store.hashesBeside(iin, account?.membership.id ?? null));
    },
    async set(iin, prepared, now, reach = 'as-before', use = 'lasting') {
      const temporaryUntil = use === 'temporary' ? new Date(now.getTime() + temporaryMs) : null;
      await store.setHash(iin, prepared, now, rules.reuse, { reach, temporaryUntil });
      await store.clearAttempts(iin, typeof reach === 'object' ? reach : 'every');
      return { temporaryUntil };
    },
    replace: (iin, prepared, now, since, scope = 'own') =>
      store.setHash(iin, prepared, now, rules.reuse, { since, scope }),
    async stateOf(personId, now, membershipId = null) {
      const standing = await store.standing(personId, membershipId);
      if (standing === null) {
        return { set: false, changedAt: null, expiresAt: null, expired: false, temporaryUntil: null };
      }
      const { changedAt, temporaryUntil } = standing;
      const ofAge = rules.maxAgeMs === 0 ? null : new Date(changedAt.getTime() + rules.maxAgeMs);
      const expiresAt = temporaryUntil === null ? ofAge : changedAt;
      // One that an operator set is to be changed whatever the clock says: another instance may have set it, or the clock have gone back.
      const expired = temporaryUntil !== null || (expiresAt !== null && now >= expiresAt);
      return { set: true, changedAt, expiresAt, expired, temporaryUntil };
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
