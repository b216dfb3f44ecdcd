import { EdsError } from '../error.js';
import { tooLarge, XML_LIMITS } from './limits.js';

/** `null` for an octet that stands for no character, or for different ones in different tables. */
type Table = readonly (string | null)[];

const CYRILLIC = 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя';
const LATIN_1 = codePoints(0xa0, 0xff);
const C1 = codePoints(0x80, 0x9f);
const NONE = '\uFFFF';
/** Octets turned into text at a time. */
const PIECE = 16 * 1024;

/** What the octets 80 to FF stand for in the encodings of one octet that are read; below 80 all are ASCII. */
const UPPER_HALVES: Readonly<Record<string, string>> = {
  'windows-1251': `ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—${NONE}™љ›њќћџ\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї°±Ііґµ¶·ё№є»јЅѕї${CYRILLIC}`,
  'windows-1252': `€${NONE}‚ƒ„…†‡ˆ‰Š‹Œ${NONE}Ž${NONE}${NONE}‘’“”•–—˜™š›œ${NONE}žŸ${LATIN_1}`,
  'koi8-r':
    '─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00A0⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©' +
    'юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ',
  'iso-8859-5': `${C1}\u00A0ЁЂЃЄЅІЇЈЉЊЋЌ\u00ADЎЏ${CYRILLIC}№ёђѓєѕіїјљњћќ§ўџ`,
  // Browsers read this label as windows-1252, everything else as Latin 1: octets in which they differ are not read.
  'iso-8859-1': `${NONE.repeat(32)}${LATIN_1}`,
  'us-ascii': NONE.repeat(128),
};

const ALIASES: Readonly<Record<string, string>> = {
  cp1251: 'windows-1251',
  cp1252: 'windows-1252',
  koi8_r: 'koi8-r',
  latin1: 'iso-8859-1',
  ascii: 'us-ascii',
};

/** The encodings of an XML document that are read, as XML declarations name them, lower case. */
export const XML_ENCODINGS: readonly string[] = [
  'utf-8',
  'utf-16',
  'utf-16le',
  'utf-16be',
  ...Object.keys(UPPER_HALVES),
];

const DECLARED =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"]*"|'[^']*')[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')/;

/**
 * The text of a document (XML 1.0 §4.3.3, appendix F): the encoding is what the byte order mark says, otherwise what the XML
 * declaration says, otherwise UTF-8. Nothing is guessed and no octet is replaced.
 *
 * @throws EdsError `XML_MALFORMED` where octets are not of the encoding or mark and declaration contradict each other,
 *   `FORMAT_NOT_SUPPORTED` for other encodings, `FORMAT_TOO_LARGE`
 */
export function decodeXml(bytes: Uint8Array): string {
  if (bytes.length > XML_LIMITS.octets) throw tooLarge('the document has more octets than are judged');
  const [marked, length] = markOf(bytes);
  const content = bytes.subarray(length);
  if (marked !== null) {
    const text = marked === 'utf-8' ? fromUtf8(content) : fromUtf16(content, marked);
    const declared = declaredEncoding(text.slice(0, 512));
    if (declared !== null && declared !== marked && !(declared === 'utf-16' && marked !== 'utf-8')) {
      throw malformed('the byte order mark contradicts the declared encoding');
    }
    return text;
  }
  const declared = declaredEncoding(latin1(content.subarray(0, 512)));
  if (declared === null || declared === 'utf-8') return fromUtf8(content);
  if (declared.startsWith('utf-16')) throw malformed('the document is not in the encoding it declares');
  const upper = Object.hasOwn(UPPER_HALVES, declared) ? UPPER_HALVES[declared] : undefined;
  if (upper === undefined) throw notSupported();
  return fromTable(
    content,
    Array.from(upper, (character) => (character === NONE ? null : character)),
  );
}

/** The encoding a byte order mark stands for and the octets it takes. */
function markOf(bytes: Uint8Array): readonly ['utf-8' | 'utf-16le' | 'utf-16be' | null, number] {
  const [a, b, c, d] = bytes;
  // UTF-32, EBCDIC, and UTF-16 that lacks the mark which XML demands of it.
  const utf32 = a === 0xff && b === 0xfe && c === 0 && d === 0;
  if (utf32 || a === 0 || (a === 0x3c && b === 0) || (a === 0x4c && b === 0x6f)) throw notSupported();
  if (a === 0xef && b === 0xbb && c === 0xbf) return ['utf-8', 3];
  if (a === 0xff && b === 0xfe) return ['utf-16le', 2];
  if (a === 0xfe && b === 0xff) return ['utf-16be', 2];
  return [null, 0];
}

/** The encoding the XML declaration names, in lower case and by its first name; `null` where it names none. */
function declaredEncoding(start: string): string | null {
  const declaration = DECLARED.exec(start);
  const name = (declaration?.[1] ?? declaration?.[2])?.toLowerCase();
  if (name === undefined) return null;
  if (!/^[a-z][a-z0-9._-]*$/.test(name)) throw malformed('the declared encoding is not a name');
  if (name === 'utf8') return 'utf-8';
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

function fromUtf8(bytes: Uint8Array): string {
  return decodedBy('utf-8', bytes);
}

function fromUtf16(bytes: Uint8Array, order: 'utf-16le' | 'utf-16be'): string {
  if (order === 'utf-16le') return decodedBy('utf-16le', bytes);
  if (bytes.length % 2 !== 0) throw malformed('the document ends within a character');
  // Not every Node knows the other order.
  return decodedBy('utf-16le', Buffer.from(bytes).swap16());
}

function decodedBy(label: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new EdsError('XML_MALFORMED', 'the document is not in its encoding', { cause });
  }
}

function fromTable(bytes: Uint8Array, upper: Table): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    let piece = '';
    for (const octet of bytes.subarray(at, at + PIECE)) {
      const character = octet < 0x80 ? String.fromCharCode(octet) : (upper[octet - 0x80] ?? null);
      if (character === null) throw malformed('an octet stands for no character in the declared encoding');
      piece += character;
    }
    pieces.push(piece);
  }
  return pieces.join('');
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function codePoints(from: number, to: number): string {
  return String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

function malformed(message: string): EdsError {
  return new EdsError('XML_MALFORMED', message);
}

function notSupported(): EdsError {
  return new EdsError('FORMAT_NOT_SUPPORTED', 'the encoding of the document is not read');
}
