import { EdsError } from '../error.js';
import { Bindings } from './bindings.js';
import { tooLarge, XML_LIMITS } from './limits.js';
import { endOfName } from './names.js';
import { checkCharacters, malformed, resolveReferences } from './references.js';
import { attributesOf, declarationsOf, namespaceOf, readStartTag, skipSpace } from './start-tag.js';
import {
  type XmlComment,
  type XmlDocument,
  type XmlElement,
  type XmlInstruction,
  type XmlNode,
} from './tree.js';

const DECLARATION =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"([^"\n]{0,20})"|'([^'\n]{0,20})')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][A-Za-z0-9._-]{0,60}"|'[A-Za-z][A-Za-z0-9._-]{0,60}'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>/;

interface OpenElement extends XmlElement {
  children: XmlNode[];
}

/**
 * Reads a document into a tree, strictly: well formed by XML 1.0 and Namespaces in XML, every prefix declared, no document type
 * and so no entities but the five of XML itself. Nothing is repaired, so that no other reader sees another document.
 *
 * @param text the document without a byte order mark
 * @throws EdsError `XML_MALFORMED` for what is broken, `FORMAT_NOT_SUPPORTED` for a document type or another version of XML,
 *   `FORMAT_TOO_LARGE`
 */
export function scanXml(text: string): XmlDocument {
  checkCharacters(text);
  return new Scanner(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).scan();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #nodes = 0;
  #root: XmlElement | null = null;
  readonly #top: (XmlElement | XmlComment | XmlInstruction)[] = [];
  readonly #open: OpenElement[] = [];
  readonly #scope = new Bindings();

  constructor(text: string) {
    this.#text = text;
  }

  scan(): XmlDocument {
    this.#skipDeclaration();
    while (this.#at < this.#text.length) {
      this.#readText();
      if (this.#at < this.#text.length) this.#readMarkup();
    }
    if (this.#root === null || this.#open.length > 0) {
      throw malformed('the document element is missing or not closed');
    }
    return { nodes: this.#top, root: this.#root };
  }

  #skipDeclaration(): void {
    if (!/^<\?xml[ \t\n]/.test(this.#text)) return;
    const declaration = DECLARATION.exec(this.#text);
    const version = declaration?.[1] ?? declaration?.[2] ?? '';
    if (declaration === null || !/^1\.[0-9]+$/.test(version)) {
      throw malformed('the XML declaration is not well formed');
    }
    if (version !== '1.0') throw notSupported('the document is not of version 1.0 of XML');
    this.#at = declaration[0].length;
  }

  /** Text up to the next tag. */
  #readText(): void {
    const next = this.#text.indexOf('<', this.#at);
    const end = next === -1 ? this.#text.length : next;
    if (end > this.#at) {
      const raw = this.#text.slice(this.#at, end);
      if (this.#open.length === 0) {
        if (/[^ \t\n]/.test(raw)) throw malformed('there is text outside the document element');
      } else {
        if (raw.includes(']]>')) throw malformed('the end of a section stands in text');
        this.#add({ kind: 'text', text: resolveReferences(raw) });
      }
    }
    this.#at = end;
  }

  #readMarkup(): void {
    const text = this.#text;
    const at = this.#at;
    if (text.startsWith('</', at)) this.#readEndTag();
    else if (text.startsWith('<!--', at)) this.#readComment();
    else if (text.startsWith('<?', at)) this.#readInstruction();
    else if (text.startsWith('<![CDATA[', at) && this.#open.length > 0) this.#readSection();
    else if (text.startsWith('<!DOCTYPE', at) && this.#root === null) {
      throw notSupported('a document with a document type is not judged');
    } else this.#readStartTag();
  }

  #readStartTag(): void {
    const parent = this.#open.at(-1) ?? null;
    if (parent === null && this.#root !== null) throw malformed('there is more than one document element');
    const tag = readStartTag(this.#text, this.#at);
    this.#at = tag.end;
    if (this.#open.length >= XML_LIMITS.depth) throw tooLarge('the elements are deeper than is judged');
    const declarations = declarationsOf(tag);
    for (const { prefix, uri } of declarations) this.#scope.bind(prefix, uri);
    if (this.#scope.size > XML_LIMITS.namespaces) throw tooLarge('there are more namespaces than are judged');
    if (tag.prefix === 'xmlns') throw malformed('an element has a prefix that is not allowed');
    const { prefix, local } = tag;
    const namespace = namespaceOf(prefix, this.#scope);
    const attributes = attributesOf(tag, this.#scope);
    this.#count(declarations.length + attributes.length);
    const children: XmlNode[] = tag.empty ? NO_CHILDREN : [];
    const element: OpenElement = {
      kind: 'element',
      prefix,
      local,
      namespace,
      declarations,
      attributes,
      children,
      parent,
    };
    this.#root ??= element;
    this.#add(element);
    if (tag.empty) this.#leave(element);
    else this.#open.push(element);
  }

  #readEndTag(): void {
    const element = this.#open.pop();
    if (element === undefined) throw malformed('an end tag does not close its element');
    const { prefix, local } = element;
    const name = prefix === '' ? local : `${prefix}:${local}`;
    const end = skipSpace(this.#text, this.#at + 2 + name.length);
    if (!this.#text.startsWith(name, this.#at + 2) || this.#text[end] !== '>') {
      throw malformed('an end tag does not close its element');
    }
    this.#at = end + 1;
    this.#leave(element);
  }

  #leave(element: OpenElement): void {
    // A list that grew has room for seventeen: most of the memory of a document whose elements have a child each.
    if (element.children.length > 0) element.children = element.children.slice();
    for (const { prefix } of element.declarations) this.#scope.release(prefix);
  }

  #readComment(): void {
    const text = this.#upTo('-->', '<!--'.length);
    if (`${text}-`.includes('--')) throw malformed('a comment is not well formed');
    this.#add({ kind: 'comment', text });
  }

  #readSection(): void {
    const text = this.#upTo(']]>', '<![CDATA['.length);
    if (text !== '') this.#add({ kind: 'text', text });
  }

  #readInstruction(): void {
    const content = this.#upTo('?>', '<?'.length);
    const end = endOfName(content, 0);
    const target = content.slice(0, end);
    const data = skipSpace(content, end);
    if (end === 0 || /^xml$/i.test(target) || (data === end && end < content.length)) {
      throw malformed('a processing instruction is not well formed');
    }
    if (end > XML_LIMITS.nameLength) throw tooLarge('a name is longer than is judged');
    this.#add({ kind: 'instruction', target, data: content.slice(data) });
  }

  /** What stands between an opening of this length and its end. */
  #upTo(closing: string, opening: number): string {
    const start = this.#at + opening;
    const end = this.#text.indexOf(closing, start);
    if (end === -1) throw malformed('a comment, section or instruction does not end');
    this.#at = end + closing.length;
    return this.#text.slice(start, end);
  }

  #add(node: XmlNode): void {
    this.#count(1);
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.children.push(node);
    else if (node.kind !== 'text') this.#top.push(node);
  }

  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > XML_LIMITS.nodes) throw tooLarge('the document has more nodes than are judged');
  }
}

const NO_CHILDREN: XmlNode[] = [];
Object.freeze(NO_CHILDREN);

function notSupported(message: string): EdsError {
  return new EdsError('FORMAT_NOT_SUPPORTED', message);
}
