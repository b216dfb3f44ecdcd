import { hash as argon2Hash, parseOptions, verify as argon2Verify } from '@node-rs/argon2';
import { AccountError } from './account.js';
import { type Iin } from './national-number.js';

/** Consecutive failures after which the password path of an IIN is closed (design decision 9), unless configured. */
export const PASSWORD_MAX_FAILURES = 5;

const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 128;
/** Bytes beyond which a password is not even hashed: nothing that long could have been set. */
const PASSWORD_MAX_BYTES = 1024;

/** Cost of argon2id (RFC 9106). Raising it rehashes every password at its next right use. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP Password Storage Cheat Sheet, first choice for argon2id. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

type PasswordCheck =
  | { readonly outcome: 'right'; readonly personId: string }
  /** `blockedNow`: this was the fifth in a row, and the path is closed from here on. */
  | { readonly outcome: 'wrong'; readonly blockedNow: boolean; readonly personId: string | null }
  | { readonly outcome: 'blocked'; readonly personId: string | null };

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
  ): Promise<{ readonly reserved: boolean; readonly failures: number } & StoredPassword>;
  /** Takes back one counted attempt: it was no failure. */
  releaseAttempt(iin: Iin): Promise<void>;
  /** Forgets the attempts and says how many there were. */
  clearAttempts(iin: Iin): Promise<number>;
  /** @throws AccountError `PERSON_UNKNOWN` */
  setHash(iin: Iin, hash: string, now: Date): Promise<void>;
  /** Replaces a hash by one of the same password, unless the password was changed meanwhile. */
  replaceHash(personId: string, oldHash: string, newHash: string): Promise<void>;
}

/** Both `null` for an IIN nobody has; `hash` alone for a person without a password. */
interface StoredPassword {
  readonly personId: string | null;
  readonly hash: string | null;
}

declare const hashedBrand: unique symbol;
/** A password that met the rules, hashed and ready to be kept. */
type HashedPassword = string & { readonly [hashedBrand]: true };

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
  /**
   * Holds a new password to the rules and hashes it. Slow on purpose: call it outside units of work.
   *
   * @throws AccountError `PASSWORD_TOO_SHORT` (12), `PASSWORD_TOO_LONG` (128 characters), `PASSWORD_CONTAINS_IIN`
   */
  prepare(iin: Iin, password: string): Promise<HashedPassword>;
  /**
   * Sets a prepared password and clears failures.
   *
   * @throws AccountError `PERSON_UNKNOWN`
   */
  set(iin: Iin, prepared: HashedPassword, now: Date): Promise<void>;
}

/** Hashes passwords at one cost. */
export interface PasswordHasher {
  hash(password: string): Promise<HashedPassword>;
  matches(hash: string, password: string): Promise<boolean>;
  /** True for a hash made at another cost. */
  isOutdated(hash: string): boolean;
  /** The hash of a password nobody has: comparing with it takes the time of a real comparison. */
  readonly decoy: string;
}

/** argon2id with its parameters; one hash is computed at once to have a decoy of the same cost. */
export async function createPasswordHasher(cost: PasswordCost): Promise<PasswordHasher> {
  const options = { memoryCost: cost.memoryKiB, timeCost: cost.passes, parallelism: cost.lanes };
  // argon2id is the package's default algorithm; its name is a const enum, which single-file compilers cannot read.
  const hash = async (password: string): Promise<HashedPassword> =>
    (await argon2Hash(normalised(password), options)) as HashedPassword;
  return {
    hash,
    matches: (stored, password) => argon2Verify(stored, normalised(password)),
    isOutdated(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return memoryCost !== cost.memoryKiB || timeCost !== cost.passes || parallelism !== cost.lanes;
    },
    decoy: await hash(crypto.randomUUID()),
  };
}

/**
 * The password path over a store.
 *
 * @param maxFailures consecutive failures that close it, at least 1
 */
export function createPasswords(
  store: PasswordStore,
  hasher: PasswordHasher,
  maxFailures: number,
): Passwords {
  if (!Number.isInteger(maxFailures) || maxFailures < 1) {
    throw new RangeError('the number of failures that close the password path must be at least 1');
  }
  return {
    async check(iin, password, now) {
      const attempt = await store.reserveAttempt(iin, maxFailures, now);
      const { personId, hash } = attempt;
      if (!attempt.reserved) return { outcome: 'blocked', personId };
      const comparable = Buffer.byteLength(password, 'utf8') <= PASSWORD_MAX_BYTES;
      const matches = await hasher.matches(hash ?? hasher.decoy, comparable ? password : '');
      if (!matches || !comparable || hash === null || personId === null) {
        return { outcome: 'wrong', blockedNow: attempt.failures >= maxFailures, personId };
      }
      await store.releaseAttempt(iin);
      if (hasher.isOutdated(hash)) await store.replaceHash(personId, hash, await hasher.hash(password));
      return { outcome: 'right', personId };
    },
    async clearFailures(iin) {
      return { lifted: (await store.clearAttempts(iin)) >= maxFailures };
    },
    prepare(iin, password) {
      assertRules(iin, password);
      return hasher.hash(password);
    },
    async set(iin, prepared, now) {
      await store.setHash(iin, prepared, now);
      await store.clearAttempts(iin);
    },
  };
}

/** The same characters typed on another keyboard or system are the same password (NIST SP 800-63B §3.1.1.2). */
function normalised(password: string): string {
  return password.normalize('NFKC');
}

function assertRules(iin: Iin, password: string): void {
  const text = normalised(password);
  const length = Array.from(text).length;
  if (length < PASSWORD_MIN_LENGTH) {
    throw new AccountError('PASSWORD_TOO_SHORT', `a password has at least ${PASSWORD_MIN_LENGTH} characters`);
  }
  if (length > PASSWORD_MAX_LENGTH || Buffer.byteLength(password, 'utf8') > PASSWORD_MAX_BYTES) {
    throw new AccountError('PASSWORD_TOO_LONG', `a password has at most ${PASSWORD_MAX_LENGTH} characters`);
  }
  if (text.includes(iin))
    throw new AccountError('PASSWORD_CONTAINS_IIN', 'a password may not contain the IIN');
}
