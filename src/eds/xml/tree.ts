/** One attribute, its value normalised (XML 1.0 §3.3.3). Namespace declarations are not among them. */
export interface XmlAttribute {
  readonly prefix: string;
  readonly local: string;
  /** `''` for an attribute without a prefix (Namespaces in XML §6.2). */
  readonly namespace: string;
  readonly value: string;
}

/** A namespace declaration; the default namespace has the prefix `''`, taken back it has the URI `''`. */
export interface XmlDeclaration {
  readonly prefix: string;
  readonly uri: string;
}

/** An element with everything below it, in document order. */
export interface XmlElement {
  readonly kind: 'element';
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly declarations: readonly XmlDeclaration[];
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** `null` for the document element. */
  readonly parent: XmlElement | null;
}

/** Text or a CDATA section, references resolved. */
interface XmlText {
  readonly kind: 'text';
  readonly text: string;
}

export interface XmlComment {
  readonly kind: 'comment';
  readonly text: string;
}

export interface XmlInstruction {
  readonly kind: 'instruction';
  readonly target: string;
  readonly data: string;
}

export type XmlNode = XmlElement | XmlText | XmlComment | XmlInstruction;

/** A document as the data model of XPath has it: line ends normalised, without its XML declaration. */
export interface XmlDocument {
  /** The document element with the comments and processing instructions around it, in order. */
  readonly nodes: readonly (XmlElement | XmlComment | XmlInstruction)[];
  readonly root: XmlElement;
}

export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** The elements below and including `element`, in document order. */
export function* elementsWithin(element: XmlElement): Generator<XmlElement, void, undefined> {
  const ahead: XmlElement[] = [element];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    yield next;
    for (let index = next.children.length - 1; index >= 0; index -= 1) {
      const child = next.children[index];
      if (child?.kind === 'element') ahead.push(child);
    }
  }
}

/** Whether an element is of XMLDSig's namespace and has this name. */
export function isSignaturePart(element: XmlElement, local: string): boolean {
  return element.local === local && element.namespace === XMLDSIG;
}

/** Whether `inner` is `outer` or lies below it. */
export function contains(outer: XmlElement, inner: XmlElement): boolean {
  for (let element: XmlElement | null = inner; element !== null; element = element.parent) {
    if (element === outer) return true;
  }
  return false;
}

/** The value of an attribute without a prefix, `null` where it is absent. */
export function attributeOf(element: XmlElement, local: string): string | null {
  return (
    element.attributes.find(({ namespace, local: name }) => namespace === '' && name === local)?.value ?? null
  );
}

/** The name of an element with its namespace, `{urn:example}name`; without a namespace the name alone. */
export function expandedName({ namespace, local }: XmlElement): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}
