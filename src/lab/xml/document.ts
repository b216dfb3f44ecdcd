/** A node of a small well-formed document without DTD: what the laboratory signs. */
export type XmlNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'instruction'; readonly text: string }
  | XmlElement;

export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  /** In the order of the document, namespace declarations included. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: XmlNode[];
}

const TOKEN =
  /<!--(?<comment>[\s\S]*?)-->|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\?(?<instruction>[\s\S]*?)\?>|<\/(?<end>[^\s>]+)\s*>|<(?<start>[^\s/>!?]+)(?<attributes>(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/gy;

/** The nodes at the top of a document. The laboratory writes its own input: anything unusual throws. */
export function parseXml(source: string): XmlNode[] {
  const top: XmlNode[] = [];
  const open: XmlElement[] = [];
  const input = source.replace(/\r\n?/g, '\n');
  const add = (node: XmlNode): void => {
    (open.at(-1)?.children ?? top).push(node);
  };
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < input.length) {
    const groups = TOKEN.exec(input)?.groups;
    if (!groups) throw new Error('the laboratory cannot read this XML');
    const { comment, cdata, instruction, end, start, attributes, empty, text } = groups;
    if (comment !== undefined) add({ kind: 'comment', text: comment });
    else if (cdata !== undefined) add({ kind: 'text', text: cdata });
    else if (text !== undefined) add({ kind: 'text', text: resolve(text) });
    else if (instruction !== undefined) {
      if (!/^xml\s/.test(instruction)) add({ kind: 'instruction', text: instruction });
    } else if (start !== undefined) {
      const element: XmlElement = {
        kind: 'element',
        name: start,
        attributes: readAttributes(attributes ?? ''),
        children: [],
      };
      add(element);
      if (!empty) open.push(element);
    } else if (open.pop()?.name !== end) throw new Error('elements do not close in order');
  }
  if (open.length > 0) throw new Error('an element is not closed');
  return top;
}

/** Elements of the document that have this local name, in order. */
export function elementsNamed(nodes: readonly XmlNode[], localName: string): XmlElement[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'element') return [];
    const inside = elementsNamed(node.children, localName);
    return node.name.replace(/^.*:/, '') === localName ? [node, ...inside] : inside;
  });
}

/** The only element with this identifier: Id of XMLDSig and its like, wsu:Id, xml:id. */
export function elementWithId(nodes: readonly XmlNode[], id: string): XmlElement {
  const all = (inside: readonly XmlNode[]): XmlElement[] =>
    inside.flatMap((node) => (node.kind === 'element' ? [node, ...all(node.children)] : []));
  const isId = (name: string): boolean => /^(?:Id|ID|id|xml:id|wsu:Id)$/.test(name);
  const [element, ...others] = all(nodes).filter(({ attributes }) =>
    attributes.some(([name, value]) => isId(name) && value === id),
  );
  if (!element || others.length > 0) throw new Error('no single element has this identifier');
  return element;
}

function readAttributes(text: string): [string, string][] {
  const found = text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Array.from(found, ([, name = '', double, single]) => [
    name,
    resolve((double ?? single ?? '').replace(/[\t\n]/g, ' ')),
  ]);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function resolve(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#[0-9]+|[a-z]+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}
