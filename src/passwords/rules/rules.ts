/**
 * What a new password must be. Pure and without imports beyond this folder: the gateway judges with it, and the browser explains with the
 * same code while the person types.
 */
import { namesSomebody, type PasswordContext } from './context.js';
import { isGuessable } from './guessable.js';

/** The rules in force. Each can be relaxed by itself; see docs/decisions/0006. */
export interface PasswordRules {
  /** Code points after NFC. */
  readonly minLength: number;
  readonly maxLength: number;
  /** How many of lower case, upper case, digits and everything else must appear; 0: any. */
  readonly characterClasses: number;
  /** Whether parts of the name, the IIN, the date of birth, the organisation and the product are refused. */
  readonly context: boolean;
  /** Whether well-known passwords, keyboard walks, sequences and repetitions are refused. */
  readonly common: boolean;
  /** Whether the gateway has a collection of breached passwords and refuses those. */
  readonly breached: boolean;
  /** How many of the latest passwords may not come back, the current one included; 0: all may. */
  readonly reuse: number;
  /** After how many milliseconds a password must be changed at the next sign-in with it; 0: never. */
  readonly maxAgeMs: number;
}

export const DEFAULT_PASSWORD_RULES: PasswordRules = {
  minLength: 12,
  maxLength: 128,
  characterClasses: 3,
  context: true,
  common: true,
  breached: false,
  reuse: 10,
  maxAgeMs: 90 * 24 * 60 * 60_000,
};

/**
 * A rule a candidate breaks. `breached` and `reused` come from the gateway alone, and `common` from it as well: its dictionary is larger
 * than what a page can load.
 */
export type BrokenRule =
  'too-short' | 'too-long' | 'character-classes' | 'context' | 'common' | 'breached' | 'reused';

const CHARACTER_CLASSES: readonly RegExp[] = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/**
 * The rules a candidate breaks, in the order in which people are told; empty when it may become a password as far as its text tells.
 *
 * @param context whose password it is to be
 */
export function checkPassword(
  rules: PasswordRules,
  candidate: string,
  context: PasswordContext,
): readonly BrokenRule[] {
  const text = candidate.normalize('NFC');
  const length = Array.from(text).length;
  // Nobody is told what else is wrong with a novel, and nothing below has to read one.
  if (length > rules.maxLength) return ['too-long'];
  const broken: BrokenRule[] = [];
  if (length < rules.minLength) broken.push('too-short');
  if (CHARACTER_CLASSES.filter((kind) => kind.test(text)).length < rules.characterClasses) {
    broken.push('character-classes');
  }
  if (rules.context && namesSomebody(text, context)) broken.push('context');
  if (rules.common && isGuessable(text)) broken.push('common');
  return broken;
}
