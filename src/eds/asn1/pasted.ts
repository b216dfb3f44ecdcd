/**
 * The wrappings in which a signature comes out of programs, forms and clipboards, one taken off at a time: byte order marks, UTF-16,
 * quotes, JSON of NCALayer, data URIs, escapes. None of them decides anything: what comes out is read strictly.
 */

import { LIMITS } from '../limits.js';

/** Arrays and objects around the one text in a JSON. */
const MAX_JSON_DEPTH = 5;
/** Where the programs around NCALayer put a signature. */
const FIELDS = ['body', 'result', 'responseObject', 'signatures', 'signature', 'cms'];
const DATA_URI = /^data:[^,]{0,200};base64,/i;

const LESS_THAN = 0x3c;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;

/**
 * The octets of a text as UTF-8, without byte order marks and white space around it. UTF-16 is told by its mark or by its zero octets.
 * Nothing is copied where nothing changes.
 */
export function plainText(octets: Buffer): Buffer {
  const encoding = utf16Of(octets);
  const text = encoding === null ? octets : Buffer.from(new TextDecoder(encoding).decode(octets), 'utf8');
  let start = 0;
  let end = text.length;
  while (start < end && spaceAt(text, start) > 0) start += spaceAt(text, start);
  while (end > start && isSpace(text[end - 1])) end -= 1;
  return text.subarray(start, end);
}

/** Only XML begins with `<`. */
export function looksLikeXml(text: Buffer): boolean {
  return text[0] === LESS_THAN;
}

/** What quotes, a JSON or a data URI hold; `null` where there is none of them around the text. */
export function unwrapped(text: Buffer): Buffer | null {
  const head = text.toString('latin1', 0, 256);
  const uri = DATA_URI.exec(head);
  if (uri !== null) return text.subarray(uri[0].length);
  if (!/^["'[{]/.test(head)) return null;
  const found = text.length <= LIMITS.input.maxJson ? onlyTextOf(parsed(text), MAX_JSON_DEPTH) : null;
  if (found !== null) return Buffer.from(found, 'utf8');
  const pair = `${head[0] ?? ''}${String.fromCharCode(text[text.length - 1] ?? 0)}`;
  return text.length > 1 && ['""', "''", '[]'].includes(pair) ? text.subarray(1, -1) : null;
}

/**
 * Takes escapes for what they stand for: `\n`, `\r`, `\/`, `\u002B`, `%2B`, any number of backslashes before them, and the spaces
 * that are not in ASCII. Base64 and PEM have no use for any of them, so nothing readable changes.
 */
export function unescaped(text: Buffer): Buffer {
  if (!hasEscapes(text)) return text;
  const output = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length;) {
    const { octet, width } = characterAt(text, at);
    output[length] = octet;
    length += 1;
    at += width;
  }
  return output.subarray(0, length);
}

function hasEscapes(text: Buffer): boolean {
  for (const octet of text) if (octet === BACKSLASH || octet === PERCENT || octet >= 0x80) return true;
  return false;
}

/** One character or escape: what it stands for and how many octets it takes. */
function characterAt(text: Buffer, at: number): { readonly octet: number; readonly width: number } {
  const octet = text[at] ?? 0;
  if (octet === PERCENT) return hexAt(text, at + 1, 2, 1) ?? { octet, width: 1 };
  if (octet >= 0x80) {
    const width = spaceAt(text, at);
    return width === 0 ? { octet, width: 1 } : { octet: 0x20, width };
  }
  if (octet !== BACKSLASH) return { octet, width: 1 };
  let slashes = 1;
  while (text[at + slashes] === BACKSLASH) slashes += 1;
  const escape = String.fromCharCode(text[at + slashes] ?? 0);
  if (escape === 'u') return hexAt(text, at + slashes + 1, 4, slashes + 1) ?? { octet, width: 1 };
  if ('nrtfb'.includes(escape)) return { octet: 0x0a, width: slashes + 1 };
  return { octet: text[at + slashes] ?? 0x20, width: slashes + 1 };
}

/** An ASCII character as hexadecimal digits after `before` octets of introduction. */
function hexAt(
  text: Buffer,
  at: number,
  digits: number,
  before: number,
): { readonly octet: number; readonly width: number } | null {
  const hex = text.toString('latin1', at, at + digits);
  const value = hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) ? Number.parseInt(hex, 16) : 0x80;
  return value < 0x80 ? { octet: value, width: before + digits } : null;
}

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return null;
  }
}

/** The text in an array of one or under the first of the known fields. */
function onlyTextOf(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return value;
  if (depth === 0 || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value.length === 1 ? onlyTextOf(value[0], depth - 1) : null;
  const name = FIELDS.find((field) => Object.hasOwn(value, field));
  return name === undefined ? null : onlyTextOf((value as Record<string, unknown>)[name], depth - 1);
}

/** Without a mark, text of ASCII characters has a zero in every other octet. */
function utf16Of(octets: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [first, second, third, fourth] = octets;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && third !== 0 && fourth === 0)) {
    return 'utf-16le';
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0 && fourth !== 0)) {
    return 'utf-16be';
  }
  return null;
}

/** The width of a white space or byte order mark at this place; 0: there is none. */
function spaceAt(text: Buffer, at: number): number {
  if (isSpace(text[at])) return 1;
  const [first, second, third] = [text[at], text[at + 1], text[at + 2]];
  if (first === 0xc2 && second === 0xa0) return 2;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 3;
  // U+200B to U+200D, U+2028 and U+2029: what editors and messengers put between letters and lines.
  const between =
    third !== undefined && ((third >= 0x8b && third <= 0x8d) || third === 0xa8 || third === 0xa9);
  return first === 0xe2 && second === 0x80 && between ? 3 : 0;
}

function isSpace(octet: number | undefined): boolean {
  return octet === 0x20 || (octet !== undefined && octet >= 0x09 && octet <= 0x0d);
}
