import { AccountError } from './account-error.js';

/** A person's own ways to be reached; never from a certificate or a manager. */
export interface Contacts {
  readonly email: string | null;
  /** E.164: a plus sign and 7 to 15 digits. */
  readonly phone: string | null;
}

const EMAIL_MAX_LENGTH = 254;
/** Tells a slip of the keyboard from an address; whether anybody reads it only a message can tell. */
const EMAIL = /^[^\s@<>"(),:;[\]\\\p{C}]{1,64}@[^\s@<>"(),:;[\]\\\p{C}]+\.[^\s@<>"(),:;[\]\\\p{C}.]{2,}$/u;
const PHONE = /^\+[1-9][0-9]{6,14}$/;

/**
 * Reads contacts; spaces, brackets and hyphens in a phone number are dropped.
 *
 * @throws AccountError `CONTACT_MALFORMED`
 */
export function readContacts({ email, phone }: Contacts): Contacts {
  const read: Contacts = {
    email: email === null ? null : email.trim().normalize('NFC'),
    phone: phone === null ? null : phone.replaceAll(/[\s()-]/g, ''),
  };
  const emailHolds = read.email === null || (read.email.length <= EMAIL_MAX_LENGTH && EMAIL.test(read.email));
  if (!emailHolds || (read.phone !== null && !PHONE.test(read.phone))) {
    throw new AccountError('CONTACT_MALFORMED', 'an e-mail address or a phone number has an unknown form');
  }
  return read;
}
