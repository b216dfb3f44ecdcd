import { readDer, TAG } from '../asn1/reader.js';
import { readSmallInteger, signAndMagnitude } from '../asn1/values.js';
import { readExtensions } from '../certificate/extensions.js';
import { EdsError } from '../error.js';
import { EXTENSION } from '../oid.js';
import { type ListedSerial, MAX_SERIAL_OCTETS, type RevokedSerials } from './revoked-serials.js';

/** Extensions of an entry that are understood. certificateIssuer is not: it makes an indirect CRL (RFC 5280 §5.3.3). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.reasonCode,
  EXTENSION.invalidityDate,
  EXTENSION.holdInstructionCode,
]);

/** crlEntryExtensions with nothing but a reason code, as nearly every entry has them; the reason itself follows. */
const REASON_ONLY = Uint8Array.of(
  0x30,
  0x0c,
  0x30,
  0x0a,
  0x06,
  0x03,
  0x55,
  0x1d,
  0x15,
  0x04,
  0x03,
  0x0a,
  0x01,
);

/**
 * Reads the content of one entry of revokedCertificates (RFC 5280 §5.1.2.6) at `buffer[start..end)` into the table. An offset
 * walk: building an element tree of 422 000 entries takes seconds and hundreds of megabytes.
 *
 * @returns whether every critical extension of it is understood
 * @throws EdsError `ASN1_UNEXPECTED`
 */
export function readEntry(buffer: Uint8Array, start: number, end: number, into: RevokedSerials): boolean {
  const serial = readSerialAt(buffer, start, end);
  const serialEnd = start + 2 + (buffer[start + 1] ?? 0);
  const timeEnd = serialEnd + 2 + (buffer[serialEnd + 1] ?? 0);
  if (timeEnd > end) throw new EdsError('ASN1_TRUNCATED', 'an element is longer than what holds it');
  const revokedAt = readTimeAt(buffer, serialEnd, timeEnd);
  if (timeEnd === end) {
    into.add(serial, revokedAt, null);
    return true;
  }
  if (hasReasonOnly(buffer, timeEnd, end)) {
    into.add(serial, revokedAt, buffer[end - 1] ?? 0);
    return true;
  }
  const { reason, understood } = readEntryExtensions(buffer.subarray(timeEnd, end));
  into.add(serial, revokedAt, reason);
  return understood;
}

/** The INTEGER at an offset (X.690 §8.3.2), at most 20 octets without its sign. */
function readSerialAt(buffer: Uint8Array, offset: number, end: number): ListedSerial {
  const length = buffer[offset + 1] ?? 0;
  const start = offset + 2;
  if (
    buffer[offset] !== TAG.integer ||
    length === 0 ||
    length > MAX_SERIAL_OCTETS + 1 ||
    start + length + 2 > end
  ) {
    throw new EdsError('ASN1_UNEXPECTED', 'an entry does not begin with a serial number');
  }
  const [first, second] = [buffer[start] ?? 0, buffer[start + 1] ?? 0];
  if (length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new EdsError('ASN1_UNEXPECTED', 'an INTEGER is padded');
  }
  if (first >= 0x80) return withinLimit(magnitudeOf(buffer.subarray(start, start + length)));
  const skipped = length > 1 && first === 0 ? 1 : 0;
  return withinLimit({ octets: buffer, start: start + skipped, end: start + length, negative: false });
}

function magnitudeOf(negative: Uint8Array): ListedSerial {
  const { magnitude } = signAndMagnitude(negative);
  return { octets: magnitude, start: 0, end: magnitude.length, negative: true };
}

function withinLimit(serial: ListedSerial): ListedSerial {
  if (serial.end - serial.start <= MAX_SERIAL_OCTETS) return serial;
  throw new EdsError('ASN1_UNEXPECTED', 'a serial number is longer than 20 octets');
}

function hasReasonOnly(buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start !== REASON_ONLY.length + 1 || (buffer[end - 1] ?? 0) > 10) return false;
  for (let i = 0; i < REASON_ONLY.length; i += 1) if (buffer[start + i] !== REASON_ONLY[i]) return false;
  return true;
}

function readEntryExtensions(der: Uint8Array): { reason: number | null; understood: boolean } {
  const extensions = readExtensions(readDer(der));
  const reasonCode = extensions.find(({ oid }) => oid === EXTENSION.reasonCode);
  const reason =
    reasonCode === undefined ? null : readSmallInteger(readDer(reasonCode.value), TAG.enumerated);
  if (reason !== null && reason > 10) throw new EdsError('ASN1_UNEXPECTED', 'a reason code has no meaning');
  const understood = extensions.every(
    ({ oid, critical }) => UNDERSTOOD.has(oid) || (!critical && oid !== EXTENSION.certificateIssuer),
  );
  return { reason, understood };
}

/** UTCTime or GeneralizedTime as RFC 5280 §5.1.2.6 wants it, to milliseconds since 1970. */
function readTimeAt(buffer: Uint8Array, offset: number, end: number): number {
  const tag = buffer[offset];
  const digits = end - offset - 3;
  if ((tag !== TAG.utcTime || digits !== 12) && (tag !== TAG.generalizedTime || digits !== 14))
    throw badTime();
  if (buffer[end - 1] !== 0x5a) throw badTime();
  const at = end - 11;
  const short = two(buffer, at - 2);
  const year = tag === TAG.utcTime ? short + (short < 50 ? 2000 : 1900) : two(buffer, at - 4) * 100 + short;
  const month = two(buffer, at);
  const day = two(buffer, at + 2);
  const hour = two(buffer, at + 4);
  const minute = two(buffer, at + 6);
  const second = two(buffer, at + 8);
  // Date.UTC takes years below 100 for those of the twentieth century.
  if (year < 1950 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
    throw badTime();
  if (day > 28 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) throw badTime();
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function two(buffer: Uint8Array, offset: number): number {
  const tens = (buffer[offset] ?? 0) - 0x30;
  const units = (buffer[offset + 1] ?? 0) - 0x30;
  if (tens < 0 || tens > 9 || units < 0 || units > 9) throw badTime();
  return tens * 10 + units;
}

function badTime(): EdsError {
  return new EdsError('ASN1_UNEXPECTED', 'a time is not in the form its standard demands');
}
