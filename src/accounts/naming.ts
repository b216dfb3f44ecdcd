import { AccountError } from './account-error.js';

const NAME_MAX_LENGTH = 200;

/**
 * Reads the name of a person, organisation or role: 1 … 200 characters on one line, outer white space dropped.
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
