import { EdsError } from '../error.js';
import { Bindings } from './bindings.js';
import { type CanonicalForm } from './canonical-form.js';
import { inheritedAttributes } from './inherited-attributes.js';
import { OctetWriter } from './octet-writer.js';
import { type XmlAttribute, type XmlDocument, type XmlElement, type XmlNode } from './tree.js';

/** Octets of one element within a canonical form, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface CanonicalOctets {
  readonly octets: Uint8Array;
  /** Where the elements asked for stand in it: cut out, they leave the canonical form of the document without them. */
  readonly spans: ReadonlyMap<XmlElement, Span>;
}

/**
 * The canonical form of a document, or of one element with everything below it in the context of its document.
 *
 * @param limit octets beyond which nothing is written
 * @param wanted elements to find again in the octets
 * @throws EdsError `FORMAT_TOO_LARGE`; `FORMAT_NOT_SUPPORTED` for a namespace that is a relative URI, of which there is no
 *   canonical form (Canonical XML §1.3)
 */
export function canonicalise(
  apex: XmlDocument | XmlElement,
  form: CanonicalForm,
  limit: number,
  wanted: ReadonlySet<XmlElement> = new Set(),
): CanonicalOctets {
  const canonicaliser = new Canonicaliser(form, limit, wanted);
  return 'root' in apex ? canonicaliser.document(apex) : canonicaliser.subtree(apex);
}

class Canonicaliser {
  readonly #form: CanonicalForm;
  readonly #listed: ReadonlySet<string>;
  readonly #wanted: ReadonlySet<XmlElement>;
  readonly #writer: OctetWriter;
  readonly #spans = new Map<XmlElement, Span>();
  /** What the prefixes stand for in the document, and what the output has said about them. */
  readonly #scope = new Bindings();
  readonly #rendered = new Bindings();

  constructor(form: CanonicalForm, limit: number, wanted: ReadonlySet<XmlElement>) {
    this.#form = form;
    this.#listed = new Set(form.prefixes);
    this.#wanted = wanted;
    this.#writer = new OctetWriter(limit);
  }

  document({ nodes, root }: XmlDocument): CanonicalOctets {
    let before = true;
    for (const node of nodes) {
      if (node === root) {
        before = false;
        this.#element(root, root.attributes, true);
      } else if (node.kind === 'instruction' || this.#form.comments) {
        // §2.2: a line end between the document element and what stands around it.
        if (!before) this.#writer.write('\n');
        this.#node(node);
        if (before) this.#writer.write('\n');
      }
    }
    return this.#result();
  }

  subtree(apex: XmlElement): CanonicalOctets {
    const ancestors: XmlElement[] = [];
    for (let above = apex.parent; above !== null; above = above.parent) ancestors.unshift(above);
    for (const { declarations } of ancestors) {
      for (const { prefix, uri } of declarations) this.#scope.bind(prefix, uri);
    }
    this.#element(apex, inheritedAttributes(apex, ancestors, this.#form.family), true);
    return this.#result();
  }

  #result(): CanonicalOctets {
    return { octets: this.#writer.octets(), spans: this.#spans };
  }

  #node(node: XmlNode): void {
    switch (node.kind) {
      case 'element':
        this.#element(node, node.attributes, false);
        break;
      case 'text':
        this.#writer.write(escapeText(node.text));
        break;
      case 'comment':
        if (this.#form.comments) this.#writer.write(`<!--${node.text}-->`);
        break;
      case 'instruction':
        this.#writer.write(`<?${node.target}${node.data === '' ? '' : ` ${node.data}`}?>`);
        break;
    }
  }

  #element(element: XmlElement, attributes: readonly XmlAttribute[], isApex: boolean): void {
    const start = this.#wanted.has(element) ? this.#writer.position() : null;
    const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`;
    for (const { prefix, uri } of element.declarations) this.#scope.bind(prefix, uri);
    this.#writer.write(`<${name}`);
    const said = this.#declare(this.#candidates(element, isApex));
    this.#attributes(attributes);
    this.#writer.write('>');
    for (const child of element.children) this.#node(child);
    this.#writer.write(`</${name}>`);
    for (const prefix of said) this.#rendered.release(prefix);
    for (const { prefix } of element.declarations) this.#scope.release(prefix);
    if (start !== null) this.#spans.set(element, { start, end: this.#writer.position() });
  }

  /** The prefixes that may need a declaration here: those in scope, or those visibly used (Exclusive XML Canonicalization §1.1). */
  #candidates(element: XmlElement, isApex: boolean): ReadonlySet<string> {
    const { family } = this.#form;
    const declared = element.declarations.map(({ prefix }) => prefix);
    if (family !== 'exclusive') return new Set(isApex ? this.#scope.prefixes() : declared);
    const used = element.attributes.filter(({ prefix }) => prefix !== '').map(({ prefix }) => prefix);
    const listed = isApex ? this.#listed : declared.filter((prefix) => this.#listed.has(prefix));
    return new Set([element.prefix, ...used, ...listed]);
  }

  /** Writes the declarations the output above has not made, in the order of their prefixes; returns their prefixes. */
  #declare(candidates: ReadonlySet<string>): readonly string[] {
    const said: string[] = [];
    for (const prefix of [...candidates].sort(byCodePoints)) {
      const uri = this.#scope.get(prefix) ?? '';
      if (prefix === 'xml' || uri === (this.#rendered.get(prefix) ?? '')) continue;
      if (uri !== '' && !ABSOLUTE_URI.test(uri)) {
        throw new EdsError('FORMAT_NOT_SUPPORTED', 'a namespace is a relative URI');
      }
      this.#rendered.bind(prefix, uri);
      said.push(prefix);
      this.#writer.write(` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeValue(uri)}"`);
    }
    return said;
  }

  #attributes(attributes: readonly XmlAttribute[]): void {
    for (const { prefix, local, value } of [...attributes].sort(byName)) {
      this.#writer.write(` ${prefix === '' ? local : `${prefix}:${local}`}="${escapeValue(value)}"`);
    }
  }
}

const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:/;

function byName(one: XmlAttribute, other: XmlAttribute): number {
  return byCodePoints(one.namespace, other.namespace) || byCodePoints(one.local, other.local);
}

/** The order of Unicode, in which a surrogate pair comes after everything else. */
function byCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(one.charCodeAt(index)) - rank(other.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => TEXT_ESCAPES[character] ?? character);
}

function escapeValue(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (character) => VALUE_ESCAPES[character] ?? character);
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
};
const VALUE_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
