import { type DoorStore, type PersonStore } from '../accounts/store.js';
import { type BreachedPasswords } from './breached-passwords.js';
import { type PasswordHasher } from './hasher.js';
import { type PasswordRules } from './rules/rules.js';
import { type PasswordStore } from './store.js';

/** What the password path is made of. */
export interface PasswordParts {
  readonly store: PasswordStore;
  readonly hasher: PasswordHasher;
  readonly rules: PasswordRules;
  /** Consecutive failures that close the path, at least 1. */
  readonly maxFailures: number;
  /** How long a temporary password lets in, milliseconds. */
  readonly temporaryMs: number;
  /** Who people are, for the rules that need it. */
  readonly people: Pick<PersonStore, 'personByIin'>;
  readonly door: Pick<DoorStore, 'accountsOf'>;
  /** `null` where the operator has none. */
  readonly breached: BreachedPasswords | null;
}
