import { EdsError } from '../error.js';
import { expectTag } from './fields.js';
import { type Element, TAG } from './reader.js';
import { asciiOf } from './strings.js';

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{0,8}[1-9]))?Z$/;

/**
 * Reads a Time in the profile of RFC 5280 §4.1.2.5: UTCTime or GeneralizedTime with seconds, in UTC.
 *
 * @param fraction whether GeneralizedTime may carry a fraction of a second, as in a time-stamp (RFC 3161 §2.4.2); it is cut
 *   to milliseconds
 * @throws EdsError `ASN1_UNEXPECTED`
 */
export function readTime(element: Element, { fraction = false } = {}): Date {
  const text = asciiOf(element.content);
  if (element.tag === TAG.utcTime) {
    const parts = UTC_TIME.exec(text);
    // RFC 5280 §4.1.2.5.1: 50–99 are of the 20th century.
    if (parts !== null) return instant(Number(parts[1]) + (Number(parts[1]) < 50 ? 2000 : 1900), parts);
  }
  if (element.tag === TAG.generalizedTime) {
    const parts = GENERALIZED_TIME.exec(text);
    if (parts !== null && (fraction || parts[7] === undefined)) return instant(Number(parts[1]), parts);
  }
  throw new EdsError('ASN1_UNEXPECTED', 'a time is not in the form its standard demands');
}

/** Reads a time that must be a GeneralizedTime, as `readTime` otherwise. Throws `ASN1_UNEXPECTED`. */
export function readGeneralizedTime(element: Element): Date {
  return readTime(expectTag(element, TAG.generalizedTime));
}

function instant(year: number, parts: RegExpExecArray): Date {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(2, 7).map(Number);
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, milliseconds);
  const exists =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  if (!exists) throw new EdsError('ASN1_UNEXPECTED', 'a time names a moment that does not exist');
  return date;
}
