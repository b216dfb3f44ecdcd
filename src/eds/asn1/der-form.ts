import { childrenOf } from './fields.js';
import { type Element, TAG } from './reader.js';
import { element } from './writer.js';

/**
 * The DER of what was read as BER (X.690 §10, §11): lengths definite and shortest, OCTET STRINGs in one piece, the members of
 * every SET in the order of their octets. Nothing in it means anything else than before.
 */
export function derFormOf(node: Element): Uint8Array {
  if (node.tag === TAG.constructedOctetString) return element(TAG.octetString, joinedOctets(node));
  if (!node.constructed) {
    const isTrue = node.tag === TAG.boolean && node.content.length === 1 && node.content[0] !== 0;
    return element(node.tag, isTrue ? Uint8Array.of(0xff) : node.content);
  }
  const members = node.children().map(derFormOf);
  if (node.tag === TAG.set) members.sort((one, other) => Buffer.compare(one, other));
  return element(node.tag, ...members);
}

/** The octets of an OCTET STRING in one piece or, in BER, in many (X.690 §8.7.3). One piece is not copied. */
export function joinedOctets(node: Element): Uint8Array {
  if (node.tag === TAG.octetString) return node.content;
  const pieces: Uint8Array[] = [];
  const collect = (part: Element): void => {
    if (part.tag === TAG.octetString) pieces.push(part.content);
    else childrenOf(part, TAG.constructedOctetString).forEach(collect);
  };
  collect(node);
  return new Uint8Array(Buffer.concat(pieces));
}
