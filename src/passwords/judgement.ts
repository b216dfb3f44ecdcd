/** Everything a new password is held to by its text: what the browser knows too, and what only the gateway has the means for. */
import { type BreachedPasswords } from './breached-passwords.js';
import { loadPasswordDictionary } from './dictionary/dictionary.js';
import { type PasswordContext } from './rules/context.js';
import { type BrokenRule, checkPassword, type PasswordRules } from './rules/rules.js';

/**
 * The rules a new password breaks, in the order in which people are told; empty when it may be set as far as its text tells.
 *
 * @param breached `null` where the operator has none
 * @throws StoreFailure when the breached passwords cannot be asked: nothing is let through unasked
 */
export async function judgeNewPassword(
  rules: PasswordRules,
  password: string,
  context: PasswordContext,
  breached: BreachedPasswords | null,
): Promise<readonly BrokenRule[]> {
  const broken = [...checkPassword(rules, password, context)];
  if (broken.includes('too-long')) return broken;
  // What is too short can be guessed whatever it is made of.
  if (rules.common && !broken.includes('common') && !broken.includes('too-short')) {
    const dictionary = await loadPasswordDictionary();
    if (dictionary.isGuessable(password)) broken.push('common');
  }
  if (breached !== null && (await breached.includes(password))) broken.push('breached');
  return broken;
}
