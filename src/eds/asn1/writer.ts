import { encodeOid } from './oid.js';
import { constructedTag, TAG } from './reader.js';
import { negated } from './values.js';

/** One DER element from its identifier octet and the pieces of its content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  const header = [tag, ...lengthOctets(length)];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let offset = header.length;
  for (const piece of content) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

export const sequence = (...components: readonly Uint8Array[]): Uint8Array =>
  element(TAG.sequence, ...components);

export const octetString = (content: Uint8Array): Uint8Array => element(TAG.octetString, content);

export const oid = (dotted: string): Uint8Array => element(TAG.oid, encodeOid(dotted));

export const nullValue = (): Uint8Array => element(TAG.null);

export const boolean = (value: boolean): Uint8Array => element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));

/** `[n] EXPLICIT`. */
export const explicit = (n: number, content: Uint8Array): Uint8Array => element(constructedTag(n), content);

/** A non-negative INTEGER from a number, or from big-endian magnitude octets (a serial number, say). */
export function integer(value: number | bigint | Uint8Array): Uint8Array {
  let octets = typeof value === 'object' ? [...value] : magnitude(BigInt(value));
  while (octets.length > 1 && octets[0] === 0) octets = octets.slice(1);
  if (octets.length === 0 || (octets[0] ?? 0) >= 0x80) octets = [0, ...octets];
  return element(TAG.integer, Uint8Array.from(octets));
}

/** The INTEGER of a serial number as `readSerialNumber` gives it. */
export function serialNumber(serial: string): Uint8Array {
  const positive = integer(new Uint8Array(Buffer.from(serial.replace('-', ''), 'hex')));
  if (!serial.startsWith('-')) return positive;
  const octets = negated(positive.subarray(2));
  // −2ⁿ needs no octet for its sign where 2ⁿ does.
  const padded = octets.length > 1 && octets[0] === 0xff && (octets[1] ?? 0) >= 0x80;
  return element(TAG.integer, padded ? octets.subarray(1) : octets);
}

function magnitude(value: bigint): number[] {
  if (value < 0n) throw new RangeError('only non-negative integers are written');
  const octets = [Number(value & 0xffn)];
  for (let left = value >> 8n; left > 0n; left >>= 8n) octets.unshift(Number(left & 0xffn));
  return octets;
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets = magnitude(BigInt(length));
  return [0x80 | octets.length, ...octets];
}
