import { AccountError } from './account.js';

const NAME_MAX_LENGTH = 200;
const ROLE = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Reads the name of a person or organisation: 1 … 200 characters on one line, outer white space dropped.
 *
 * @throws AccountError `NAME_MALFORMED`
 */
export function readName(text: string): string {
  const name = text.trim().normalize('NFC');
  // Control characters, line and paragraph separators, and the marks that turn the direction of text around.
  if (
    name === '' ||
    name.length > NAME_MAX_LENGTH ||
    /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name)
  ) {
    throw new AccountError('NAME_MALFORMED', 'a name is 1 to 200 characters on one line');
  }
  return name;
}

/**
 * Reads role names: lower-case Latin letters, digits and hyphens; sorted, without repetition.
 *
 * @throws AccountError `ROLE_MALFORMED`
 */
export function readRoles(roles: readonly string[]): readonly string[] {
  if (!roles.every((role) => ROLE.test(role))) {
    throw new AccountError(
      'ROLE_MALFORMED',
      'a role is 1 to 40 lower-case letters, digits and hyphens, a letter first',
    );
  }
  return [...new Set(roles)].sort();
}
