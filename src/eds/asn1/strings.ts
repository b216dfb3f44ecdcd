import { TextDecoder } from 'node:util';
import { EdsError } from '../error.js';
import { type Element, TAG } from './reader.js';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
const UTF_16 = new TextDecoder('utf-16be', { ignoreBOM: true });
/** Stands for octets that are no text of the type they claim to be. */
export const UNREADABLE = '\ufffd';

/** The text of a character string. */
export interface Text {
  readonly value: string;
  /** The octets are not of the declared type: `value` is what could be made of them, for reading and for nothing else. */
  readonly repaired: boolean;
}

/**
 * The text of a character string (X.680 §41). Octets that its type does not allow never end the reading of what holds it:
 * UTF-8 under another type is read as UTF-8, and `U+FFFD` stands for everything else. Nothing is ever left out.
 *
 * @returns `null` for an element that is not a character string
 */
export function readText(element: Element): Text | null {
  const { content } = element;
  switch (element.tag) {
    case TAG.utf8String:
      return decoded(UTF_8, content);
    case TAG.printableString:
    case TAG.numericString:
    case TAG.ia5String:
    case TAG.visibleString:
      return sevenBit(content);
    case TAG.bmpString:
      return decoded(UTF_16, content);
    case TAG.teletexString:
      return teletex(content);
    case TAG.universalString:
      return utf32(content);
    default:
      return null;
  }
}

/** Seven-bit text. Throws `ASN1_UNEXPECTED` for anything else. */
export function asciiOf(content: Uint8Array): string {
  if (content.some((octet) => octet > 0x7f))
    throw new EdsError('ASN1_UNEXPECTED', 'a character string holds octets its type does not allow');
  return latin(content);
}

function decoded(decoder: TextDecoder, content: Uint8Array): Text {
  const value = decoder.decode(content);
  // A signer's own U+FFFD says as little as ours.
  return { value, repaired: value.includes(UNREADABLE) };
}

function sevenBit(content: Uint8Array): Text {
  if (content.every((octet) => octet <= 0x7f)) return { value: latin(content), repaired: false };
  const value = asUtf8(content) ?? latin(content).replace(/[\u0080-\u00ff]/g, UNREADABLE);
  return { value, repaired: true };
}

/** Read as Latin-1, which is what everything that still writes it means, unless it is plainly UTF-8. */
function teletex(content: Uint8Array): Text {
  const value = content.some((octet) => octet > 0x7f) ? asUtf8(content) : null;
  return value === null ? { value: latin(content), repaired: false } : { value, repaired: true };
}

function utf32(content: Uint8Array): Text {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let value = '';
  for (let offset = 0; offset + 4 <= content.length; offset += 4) {
    const point = view.getUint32(offset);
    const exists = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    value += exists ? String.fromCodePoint(point) : UNREADABLE;
  }
  if (content.length % 4 !== 0) value += UNREADABLE;
  return { value, repaired: value.includes(UNREADABLE) };
}

function asUtf8(content: Uint8Array): string | null {
  try {
    return strict.decode(content);
  } catch {
    return null;
  }
}

function latin(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}
