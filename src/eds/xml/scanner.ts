import { EdsError } from '../error.js';

/** Where one `ds:Signature` element stands in the text, end exclusive. */
interface SignatureSpan {
  readonly start: number;
  readonly end: number;
}

/** An XML document that passed the scanner. */
export interface ScannedXml {
  readonly text: string;
  /** In document order; none lies within another. */
  readonly signatures: readonly SignatureSpan[];
}

export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** Characters. A signed declaration with attachments has some hundred thousand. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_ELEMENTS = 100_000;
const MAX_DEPTH = 128;
/** The parser searches the rest of the text once for each element name, and each attribute's fellows once for each. */
const MAX_ELEMENT_NAMES = 512;
const MAX_ATTRIBUTES = 128;
/** Namespace declarations in scope; canonicalisation walks them for each element. */
const MAX_NAMESPACES = 64;

/** The names of XML 1.0 §2.3 less the joiners and combining marks, which nobody names elements with. */
const NAME_START =
  'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD';
const NC_NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\xB7]*`;
const Q_NAME = `(?:${NC_NAME}:)?${NC_NAME}`;
const SPACE = '[ \\t\\r\\n]';

const DECLARATION = new RegExp(
  `^<\\?xml${SPACE}+version=(?:"1\\.0"|'1\\.0')(?:${SPACE}+encoding=(?:"([^"]*)"|'([^']*)'))?(?:${SPACE}+standalone=(?:"(?:yes|no)"|'(?:yes|no)'))?${SPACE}*\\?>`,
);
const TAG_NAME = new RegExp(`<(${Q_NAME})`, 'y');
const ATTRIBUTE = new RegExp(`${SPACE}+(${Q_NAME})${SPACE}*=${SPACE}*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const TAG_END = new RegExp(`${SPACE}*(/?)>`, 'y');
const END_TAG = new RegExp(`</(${Q_NAME})${SPACE}*>`, 'y');
/** An ampersand that does not begin one of the five entities or a reference to a character. */
const STRAY_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/;
const CHARACTER_REFERENCE = /&#(x?)([0-9A-Fa-f]+);/g;
/**
 * Controls, half surrogates and what else XML 1.0 §2.2 does not allow; and U+0085 and U+2028, which the parser turns into line ends
 * as XML 1.1 would, so that exchanging them would go unnoticed.
 */
const FORBIDDEN_CHARACTER = /(?![\t\n\r])[\p{Cc}\p{Cs}\u2028\uFFFE\uFFFF]/u;
/** The parser reads scripts in it as a browser would. */
const XHTML = 'http://www.w3.org/1999/xhtml';

interface Attribute {
  readonly name: string;
  readonly value: string;
}

interface OpenElement {
  readonly name: string;
  readonly start: number;
  readonly isSignature: boolean;
  /** Prefix to namespace, `''` for the default. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/**
 * Lets through only XML that no two parsers can read differently, before any parser sees it: UTF-8, well formed, namespaces
 * declared, within bounds of size and depth, no DOCTYPE. Processing instructions are refused as well, because the canonical form
 * computed here cannot tell them from text.
 *
 * @param bytes the document in UTF-8, with or without a byte order mark
 * @throws EdsError `XML_MALFORMED`
 */
export function scanXml(bytes: Uint8Array): ScannedXml {
  const text = decode(bytes);
  const signatures: SignatureSpan[] = [];
  const open: OpenElement[] = [];
  const names = new Set<string>();
  let elements = 0;
  let at = DECLARATION.exec(text)?.[0].length ?? 0;

  const openElement = (start: number): number => {
    const tag = readStartTag(text, start);
    const parent = open.at(-1);
    if (parent === undefined && names.size > 0) throw malformed('there is more than one document element');
    elements += 1;
    names.add(tag.name);
    if (elements > MAX_ELEMENTS || names.size > MAX_ELEMENT_NAMES || open.length >= MAX_DEPTH) {
      throw malformed('the document is larger or deeper than allowed');
    }
    const namespaces = declareNamespaces(tag.attributes, parent?.namespaces ?? NO_NAMESPACES);
    checkAttributes(tag.attributes, namespaces);
    const { prefix, local } = split(tag.name);
    const isSignature = namespaceOf(prefix, namespaces) === XMLDSIG && local === 'Signature';
    if (isSignature && open.some((element) => element.isSignature)) {
      throw malformed('a signature lies within another');
    }
    if (!tag.empty) open.push({ name: tag.name, start, isSignature, namespaces });
    else if (isSignature) signatures.push({ start, end: tag.end });
    return tag.end;
  };

  const closeElement = (start: number): number => {
    const tag = matchAt(END_TAG, text, start);
    const element = open.pop();
    if (tag === null || element === undefined || element.name !== tag[1]) {
      throw malformed('an end tag does not close its element');
    }
    const end = start + tag[0].length;
    if (element.isSignature) signatures.push({ start: element.start, end });
    return end;
  };

  const skipSection = (start: number, opening: string, closing: string): number => {
    const end = text.indexOf(closing, start + opening.length);
    if (end === -1) throw malformed('a comment or section does not end');
    if (opening === '<!--' && text.slice(start + 4, end + 1).includes('--')) {
      throw malformed('a comment is not well formed');
    }
    return end + closing.length;
  };

  while (at < text.length) {
    const tag = text.indexOf('<', at);
    const end = tag === -1 ? text.length : tag;
    checkText(text.slice(at, end), open.length > 0);
    at = end;
    if (tag === -1) break;
    if (text.startsWith('</', at)) at = closeElement(at);
    else if (text.startsWith('<!--', at)) at = skipSection(at, '<!--', '-->');
    else if (text.startsWith('<![CDATA[', at) && open.length > 0) at = skipSection(at, '<![CDATA[', ']]>');
    else if (text.startsWith('<!', at))
      throw malformed('a document type or another declaration is not allowed');
    else if (text.startsWith('<?', at)) throw malformed('a processing instruction is not allowed');
    else at = openElement(at);
  }
  if (names.size === 0 || open.length > 0) throw malformed('the document element is missing or not closed');
  return { text, signatures };
}

const NO_NAMESPACES: ReadonlyMap<string, string> = new Map();

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_LENGTH) throw malformed('the document is larger or deeper than allowed');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EdsError('XML_MALFORMED', 'the document is not UTF-8', { cause });
  }
  if (FORBIDDEN_CHARACTER.test(text)) throw malformed('the document has a character that is not allowed');
  const declaration = DECLARATION.exec(text);
  const encoding = declaration?.[1] ?? declaration?.[2] ?? 'UTF-8';
  if (!/^utf-?8$/i.test(encoding)) throw malformed('the document says that it is not UTF-8');
  return text;
}

interface StartTag {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly empty: boolean;
  readonly end: number;
}

function readStartTag(text: string, start: number): StartTag {
  const name = matchAt(TAG_NAME, text, start);
  if (name === null) throw malformed('a start tag is not well formed');
  const attributes: Attribute[] = [];
  let at = start + name[0].length;
  for (let match = matchAt(ATTRIBUTE, text, at); match !== null; match = matchAt(ATTRIBUTE, text, at)) {
    attributes.push({ name: match[1] ?? '', value: match[2] ?? match[3] ?? '' });
    if (attributes.length > MAX_ATTRIBUTES) throw malformed('an element has more attributes than allowed');
    at += match[0].length;
  }
  const close = matchAt(TAG_END, text, at);
  if (close === null) throw malformed('a start tag is not well formed');
  return { name: name[1] ?? '', attributes, empty: close[1] === '/', end: at + close[0].length };
}

/** The namespaces in scope after a start tag. */
function declareNamespaces(
  attributes: readonly Attribute[],
  inherited: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  for (const { name, value } of attributes) {
    if (!name.startsWith('xmlns')) continue;
    const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : null;
    // The canonicalisation leaves out whatever begins with these letters, so only true declarations may.
    if (prefix === null || /^xml/i.test(prefix)) throw malformed('a namespace declaration is not allowed');
    if (declared.has(prefix) || (prefix !== '' && value === '') || /[&\s]/.test(value) || value === XHTML) {
      throw malformed('a namespace declaration is not allowed');
    }
    // The parser keeps prefixes in a plain object.
    if (prefix in Object.prototype) throw malformed('a namespace prefix is not allowed');
    declared.set(prefix, value);
  }
  const namespaces = declared.size === 0 ? inherited : new Map([...inherited, ...declared]);
  if (namespaces.size > MAX_NAMESPACES) throw malformed('there are more namespaces than allowed');
  return namespaces;
}

function checkAttributes(attributes: readonly Attribute[], namespaces: ReadonlyMap<string, string>): void {
  const seen = new Set<string>();
  for (const { name, value } of attributes) {
    checkReferences(value);
    if (name.startsWith('xmlns')) continue;
    const { prefix, local } = split(name);
    // An attribute without a prefix is in no namespace (Namespaces in XML §6.2).
    const key = prefix === '' ? local : `{${namespaceOf(prefix, namespaces)}}${local}`;
    if (seen.has(key)) throw malformed('an attribute stands twice');
    seen.add(key);
  }
}

function namespaceOf(prefix: string, namespaces: ReadonlyMap<string, string>): string {
  if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace';
  const namespace = namespaces.get(prefix);
  if (namespace === undefined && prefix !== '') throw malformed('a namespace prefix is not declared');
  return namespace ?? '';
}

function split(name: string): { readonly prefix: string; readonly local: string } {
  const colon = name.indexOf(':');
  return colon === -1
    ? { prefix: '', local: name }
    : { prefix: name.slice(0, colon), local: name.slice(colon + 1) };
}

function checkText(text: string, inside: boolean): void {
  if (!inside && /[^ \t\r\n]/.test(text)) throw malformed('there is text outside the document element');
  if (text.includes(']]>')) throw malformed('the end of a section stands in text');
  checkReferences(text);
}

function checkReferences(text: string): void {
  if (!text.includes('&')) return;
  if (STRAY_AMPERSAND.test(text)) throw malformed('an entity is not allowed');
  for (const [, hex, digits = ''] of text.matchAll(CHARACTER_REFERENCE)) {
    const code = Number.parseInt(digits, hex === 'x' ? 16 : 10);
    if (code > 0x10ffff || FORBIDDEN_CHARACTER.test(String.fromCodePoint(code))) {
      throw malformed('a reference to a character is not allowed');
    }
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  const sticky = pattern;
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function malformed(message: string): EdsError {
  return new EdsError('XML_MALFORMED', message);
}
