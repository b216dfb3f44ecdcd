import { EdsError } from '../error.js';

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,1024})|#x([0-9A-Fa-f]{1,1024}));/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** What is not a Char of XML 1.0 §2.2. */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Text with its references resolved. Without a document type there are no entities but the five of XML itself.
 *
 * @throws EdsError `XML_MALFORMED`
 */
export function resolveReferences(text: string): string {
  return resolvePieces(text, (literal) => literal);
}

/** The value of an attribute as XML 1.0 §3.3.3 normalises one of type CDATA: white space that is not a reference becomes a space. */
export function normaliseValue(value: string): string {
  return resolvePieces(value, (literal) => literal.replace(/[\t\n]/g, ' '));
}

/** @throws EdsError `XML_MALFORMED` for characters that no XML document may have */
export function checkCharacters(text: string): void {
  if (FORBIDDEN_CHARACTER.test(text)) throw malformed('the document has a character that is not allowed');
}

function resolvePieces(text: string, literal: (piece: string) => string): string {
  let reference = text.indexOf('&');
  if (reference === -1) return literal(text);
  const pieces: string[] = [];
  let at = 0;
  while (reference !== -1) {
    pieces.push(literal(text.slice(at, reference)));
    REFERENCE.lastIndex = reference;
    const match = REFERENCE.exec(text);
    if (match === null) throw malformed('an entity is not allowed');
    pieces.push(characterOf(match));
    at = reference + match[0].length;
    reference = text.indexOf('&', at);
  }
  pieces.push(literal(text.slice(at)));
  return pieces.join('');
}

function characterOf([, entity, decimal, hex]: RegExpExecArray): string {
  if (entity !== undefined) return ENTITIES[entity] ?? '';
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  if (code > 0x10ffff) throw malformed('a reference to a character is not allowed');
  const character = String.fromCodePoint(code);
  checkCharacters(character);
  return character;
}

/** The error for a document that is broken, not merely unusual. */
export function malformed(message: string): EdsError {
  return new EdsError('XML_MALFORMED', message);
}
