import { type Bindings } from './bindings.js';
import { tooLarge, XML_LIMITS } from './limits.js';
import { endOfQualifiedName } from './names.js';
import { malformed, normaliseValue } from './references.js';
import { XML_NAMESPACE, type XmlAttribute, type XmlDeclaration } from './tree.js';

const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

const GREATER = 0x3e;
const SLASH = 0x2f;

interface QualifiedName {
  readonly prefix: string;
  readonly local: string;
}

interface RawAttribute extends QualifiedName {
  readonly value: string;
}

/** A start tag as it stands, no prefix looked up yet. */
export interface StartTag extends QualifiedName {
  readonly attributes: readonly RawAttribute[];
  readonly empty: boolean;
  /** Where the text goes on. */
  readonly end: number;
}

/**
 * Reads the start tag at `start`, a `<`.
 *
 * @throws EdsError `XML_MALFORMED`, `FORMAT_TOO_LARGE`
 */
export function readStartTag(text: string, start: number): StartTag {
  const nameEnd = endOfTagName(text, start + 1);
  const { prefix, local } = splitName(text, start + 1, nameEnd);
  const attributes: RawAttribute[] = [];
  let at = nameEnd;
  for (;;) {
    const next = skipSpace(text, at);
    const code = text.charCodeAt(next);
    if (code === GREATER) return { prefix, local, attributes, empty: false, end: next + 1 };
    if (code === SLASH && text.charCodeAt(next + 1) === GREATER) {
      return { prefix, local, attributes, empty: true, end: next + 2 };
    }
    if (next === at) throw malformed('a start tag is not well formed');
    at = readAttribute(text, next, attributes);
    if (attributes.length > XML_LIMITS.attributes) {
      throw tooLarge('an element has more attributes than are judged');
    }
  }
}

/** Reads the attribute at `start`; returns where it ends. */
function readAttribute(text: string, start: number, attributes: RawAttribute[]): number {
  const nameEnd = endOfTagName(text, start);
  const equals = skipSpace(text, nameEnd);
  const open = skipSpace(text, equals + 1);
  const quote = text.charAt(open);
  const close = quote === '"' || quote === "'" ? text.indexOf(quote, open + 1) : -1;
  if (text.charAt(equals) !== '=' || close === -1) throw malformed('an attribute is not well formed');
  const value = text.slice(open + 1, close);
  if (value.includes('<')) throw malformed('an attribute is not well formed');
  const { prefix, local } = splitName(text, start, nameEnd);
  attributes.push({ prefix, local, value: normaliseValue(value) });
  return close + 1;
}

/** The namespace declarations of a start tag (Namespaces in XML §3, §5), less the one of the prefix `xml`, which declares nothing. */
export function declarationsOf({ attributes }: StartTag): readonly XmlDeclaration[] {
  if (attributes.length === 0) return NO_DECLARATIONS;
  const declarations: XmlDeclaration[] = [];
  const seen = new Set<string>();
  for (const attribute of attributes) {
    if (!isDeclaration(attribute)) continue;
    const prefix = attribute.prefix === '' ? '' : attribute.local;
    const uri = attribute.value;
    const reserved = uri === XMLNS_NAMESPACE || (uri === XML_NAMESPACE) !== (prefix === 'xml');
    if (reserved || prefix === 'xmlns' || seen.has(prefix) || (prefix !== '' && uri === '')) {
      throw malformed('a namespace declaration is not allowed');
    }
    seen.add(prefix);
    if (prefix !== 'xml') declarations.push({ prefix, uri });
  }
  return declarations.length === 0 ? NO_DECLARATIONS : declarations.slice();
}

/** The other attributes with their namespaces. */
export function attributesOf({ attributes }: StartTag, scope: Bindings): readonly XmlAttribute[] {
  if (attributes.length === 0) return NO_ATTRIBUTES;
  const own: XmlAttribute[] = [];
  const seen = new Set<string>();
  for (const attribute of attributes) {
    if (isDeclaration(attribute)) continue;
    const { prefix, local, value } = attribute;
    const namespace = prefix === '' ? '' : namespaceOf(prefix, scope);
    const name = `{${namespace}}${local}`;
    if (seen.has(name)) throw malformed('an attribute stands twice');
    seen.add(name);
    own.push({ prefix, local, namespace, value });
  }
  return own.length === 0 ? NO_ATTRIBUTES : own.slice();
}

/** What a prefix stands for; the empty one stands for the default namespace. */
export function namespaceOf(prefix: string, scope: Bindings): string {
  if (prefix === 'xml') return XML_NAMESPACE;
  const namespace = scope.get(prefix);
  if (namespace === undefined && prefix !== '') throw malformed('a namespace prefix is not declared');
  return namespace ?? '';
}

/** Where white space at `at` ends. */
export function skipSpace(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); isSpace(code); code = text.charCodeAt(end)) end += 1;
  return end;
}

const NO_DECLARATIONS: readonly XmlDeclaration[] = Object.freeze([]);
const NO_ATTRIBUTES: readonly XmlAttribute[] = Object.freeze([]);

function isDeclaration({ prefix, local }: QualifiedName): boolean {
  return prefix === 'xmlns' || (prefix === '' && local === 'xmlns');
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

function endOfTagName(text: string, start: number): number {
  const end = endOfQualifiedName(text, start);
  if (end === start) throw malformed('a name is not well formed');
  if (end - start > XML_LIMITS.nameLength) throw tooLarge('a name is longer than is judged');
  return end;
}

function splitName(text: string, start: number, end: number): QualifiedName {
  const name = text.slice(start, end);
  const colon = name.indexOf(':');
  return colon === -1
    ? { prefix: '', local: name }
    : { prefix: name.slice(0, colon), local: name.slice(colon + 1) };
}
