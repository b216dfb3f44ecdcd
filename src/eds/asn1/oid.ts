import { EdsError } from '../error.js';
import { expectTag } from './fields.js';
import { type Element, TAG } from './reader.js';

/** Far above any identifier in use; keeps the text of a hostile one short. */
const MAX_OCTETS = 64;

/**
 * Decodes the content of an OBJECT IDENTIFIER (X.690 §8.19) to dotted text. Arcs of any size are kept exactly: a truncated
 * arc could make a stranger's identifier equal to a trusted one.
 *
 * @throws EdsError `ASN1_UNEXPECTED`
 */
export function decodeOid(content: Uint8Array): string {
  if (content.length === 0 || content.length > MAX_OCTETS) {
    throw new EdsError('ASN1_UNEXPECTED', 'an object identifier has an impossible length');
  }
  const arcs: (number | bigint)[] = [];
  let arc = 0n;
  let small = 0;
  let octets = 0;
  for (const octet of content) {
    if (octets === 0 && octet === 0x80) {
      throw new EdsError('ASN1_UNEXPECTED', 'an object identifier has a padded arc');
    }
    octets += 1;
    // Up to seven septets fit a double exactly; longer arcs are collected as big integers.
    if (octets <= 7) small = small * 128 + (octet & 0x7f);
    else arc = (octets === 8 ? BigInt(small) * 128n : arc * 128n) + BigInt(octet & 0x7f);
    if ((octet & 0x80) !== 0) continue;
    arcs.push(octets <= 7 ? small : arc);
    arc = 0n;
    small = 0;
    octets = 0;
  }
  if (octets !== 0) throw new EdsError('ASN1_UNEXPECTED', 'an object identifier ends inside an arc');
  const first = BigInt(arcs[0] ?? 0);
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [top, first - top * 40n, ...arcs.slice(1)].join('.');
}

/** The dotted text of an OBJECT IDENTIFIER element. */
export function readOid(element: Element): string {
  return decodeOid(expectTag(element, TAG.oid).content);
}

/**
 * Encodes dotted text to the content octets of an OBJECT IDENTIFIER.
 *
 * @throws EdsError `ASN1_UNEXPECTED` for text that is not an object identifier
 */
export function encodeOid(dotted: string): Uint8Array {
  if (!/^[012](\.(0|[1-9]\d*))+$/.test(dotted)) {
    throw new EdsError('ASN1_UNEXPECTED', 'this is not an object identifier');
  }
  const [top = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  if (top < 2n && second >= 40n) throw new EdsError('ASN1_UNEXPECTED', 'this is not an object identifier');
  return Uint8Array.from([top * 40n + second, ...rest].flatMap(septets));
}

function septets(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) octets.unshift(Number(left & 0x7fn) | 0x80);
  return octets;
}
