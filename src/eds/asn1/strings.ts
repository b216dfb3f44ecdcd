import { TextDecoder } from 'node:util';
import { EdsError } from '../error.js';
import { type Element, TAG } from './reader.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true });

/**
 * The text of a character string (X.680 §41).
 *
 * @returns `null` for an element that is not a character string
 * @throws EdsError `ASN1_UNEXPECTED` for octets that are not text of that type
 */
export function readText(element: Element): string | null {
  switch (element.tag) {
    case TAG.utf8String:
      return decode(utf8, element.content);
    case TAG.printableString:
    case TAG.numericString:
    case TAG.ia5String:
    case TAG.visibleString:
      return asciiOf(element.content);
    case TAG.bmpString:
      return decode(utf16, element.content);
    case TAG.teletexString:
      return Array.from(element.content, (octet) => String.fromCharCode(octet)).join('');
    case TAG.universalString:
      return utf32(element.content);
    default:
      return null;
  }
}

/** Seven-bit text. Throws `ASN1_UNEXPECTED` for anything else. */
export function asciiOf(content: Uint8Array): string {
  let text = '';
  for (const octet of content) {
    if (octet > 0x7f)
      throw new EdsError('ASN1_UNEXPECTED', 'a character string holds octets its type does not allow');
    text += String.fromCharCode(octet);
  }
  return text;
}

function decode(decoder: TextDecoder, content: Uint8Array): string {
  try {
    return decoder.decode(content);
  } catch (cause) {
    throw new EdsError('ASN1_UNEXPECTED', 'a character string is not well formed', { cause });
  }
}

function utf32(content: Uint8Array): string {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length % 4 !== 0)
    throw new EdsError('ASN1_UNEXPECTED', 'a character string is not well formed');
  let text = '';
  for (let offset = 0; offset < content.length; offset += 4) {
    const point = view.getUint32(offset);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      throw new EdsError('ASN1_UNEXPECTED', 'a character string is not well formed');
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
