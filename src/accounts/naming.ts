import { AccountError } from './account-error.js';

const NAME_MAX_LENGTH = 200;

// Control characters, line and paragraph separators, and the marks that turn the direction of text around.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/**
 * Reads the name of a person, organisation or role: 1 … 200 characters on one line, outer white space dropped.
 *
 * @throws AccountError `NAME_MALFORMED`
 */
export function readName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name === '' || name.length > NAME_MAX_LENGTH || UNPRINTABLE.test(name)) {
    throw new AccountError('NAME_MALFORMED', 'a name is 1 to 200 characters on one line');
  }
  return name;
}

/**
 * The name of a person or organisation in a certificate as we keep it, wherever it is read: what cannot stand in a name is left out,
 * white space is one space. `null` when nothing is left.
 */
export function certifiedName(text: string): string | null {
  const printable = text.replaceAll(EVERY_UNPRINTABLE, ' ').normalize('NFC');
  const name = printable.replaceAll(/\s+/gu, ' ').trim().slice(0, NAME_MAX_LENGTH).trim();
  return name === '' ? null : name;
}
