import { EdsError } from '../error.js';
import { expectTag } from './fields.js';
import { type Element, TAG } from './reader.js';

/** A BOOLEAN in DER: 00 or FF and nothing else (X.690 §11.1). */
export function readBoolean(element: Element): boolean {
  const { content } = expectTag(element, TAG.boolean);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    throw new EdsError('ASN1_UNEXPECTED', 'a BOOLEAN is neither true nor false');
  }
  return content[0] === 0xff;
}

/** The content octets of an INTEGER in two's complement, checked to be minimal (X.690 §8.3.2). */
export function integerOctets(element: Element, tag: number = TAG.integer): Uint8Array {
  const { content } = expectTag(element, tag);
  const [first, second] = content;
  if (first === undefined) throw new EdsError('ASN1_UNEXPECTED', 'an INTEGER is empty');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new EdsError('ASN1_UNEXPECTED', 'an INTEGER is padded');
  }
  return content;
}

/** An INTEGER between 0 and 2³¹−1: versions, path lengths, status numbers. */
export function readSmallInteger(element: Element, tag: number = TAG.integer): number {
  const octets = integerOctets(element, tag);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (octets.length > 4 || (octets[0] ?? 0) >= 0x80) {
    throw new EdsError('ASN1_UNEXPECTED', 'an INTEGER is outside its range');
  }
  return value;
}

/**
 * A serial number as lower-case hex of its magnitude without leading zero octets, after a `-` where it is negative. Without the
 * sign, −128 (`80`) and 128 (`00 80`) would be one number.
 */
export function readSerialNumber(element: Element): string {
  const { negative, magnitude } = signAndMagnitude(integerOctets(element));
  return negative ? `-${hexOf(magnitude)}` : hexOf(magnitude);
}

/** Sign and magnitude of an INTEGER's content octets; the magnitude has no leading zero octets but the one of zero itself. */
export function signAndMagnitude(octets: Uint8Array): { negative: boolean; magnitude: Uint8Array } {
  const negative = (octets[0] ?? 0) >= 0x80;
  const magnitude = negative ? negated(octets) : octets;
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  return { negative, magnitude: magnitude.subarray(start) };
}

/** The two's complement of octets, of the same length: the other sign of the number they write. */
export function negated(octets: Uint8Array): Uint8Array {
  const result = octets.map((octet) => octet ^ 0xff);
  for (let index = result.length - 1; index >= 0; index -= 1) {
    const sum = (result[index] ?? 0) + 1;
    result[index] = sum;
    if (sum < 0x100) break;
  }
  return result;
}

/** The octets of a BIT STRING that has no unused bits: keys and signatures. */
export function readBitOctets(element: Element): Uint8Array {
  const { content } = expectTag(element, TAG.bitString);
  if (content[0] !== 0)
    throw new EdsError('ASN1_UNEXPECTED', 'a BIT STRING does not consist of whole octets');
  return content.subarray(1);
}

/** The numbers of the bits that are set in a BIT STRING, for named bit lists (X.690 §11.2). */
export function readNamedBits(element: Element): readonly number[] {
  const { content } = expectTag(element, TAG.bitString);
  const [unused, ...octets] = content;
  const last = octets.at(-1) ?? 0;
  if (
    unused === undefined ||
    unused > 7 ||
    (octets.length === 0 && unused > 0) ||
    (last & ((1 << unused) - 1)) > 0
  ) {
    throw new EdsError('ASN1_UNEXPECTED', 'a named bit list is malformed');
  }
  const bits: number[] = [];
  for (const [index, octet] of octets.entries()) {
    for (let bit = 0; bit < 8; bit += 1) if ((octet & (0x80 >> bit)) !== 0) bits.push(index * 8 + bit);
  }
  return bits;
}

/** The octets of a primitive OCTET STRING. */
export function readOctets(element: Element): Uint8Array {
  return expectTag(element, TAG.octetString).content;
}

/** Lower-case hexadecimal. */
export function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('hex');
}

/** Whether two octet strings are the same. Not for secrets. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
