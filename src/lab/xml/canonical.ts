import { type XmlElement, type XmlNode } from './document.js';

/** Namespace declarations by prefix; the default namespace is ''. */
type Namespaces = ReadonlyMap<string, string>;

/** Canonical XML 1.0 (http://www.w3.org/TR/2001/REC-xml-c14n-20010315) of a whole document. */
export function canonicalDocument(nodes: readonly XmlNode[], withComments: boolean): string {
  const shown = nodes.filter(({ kind }) => kind !== 'text' && (withComments || kind !== 'comment'));
  const root = shown.findIndex(({ kind }) => kind === 'element');
  return shown
    .map((node, i) => {
      const text = canonicalNode(node, NONE, NONE, withComments);
      return i < root ? `${text}\n` : i > root ? `\n${text}` : text;
    })
    .join('');
}

/** The same of one element of a document: namespaces of its ancestors are written on it. */
export function canonicalElement(nodes: readonly XmlNode[], element: XmlElement): string {
  const scope = new Map<string, string>();
  for (const ancestor of pathTo(nodes, element) ?? []) {
    for (const [prefix, uri] of declarations(ancestor)) scope.set(prefix, uri);
  }
  return canonicalNode(element, scope, NONE, false);
}

const NONE: Namespaces = new Map();

/** @param scope what is declared around the node @param rendered what its output ancestors already say */
function canonicalNode(
  node: XmlNode,
  scope: Namespaces,
  rendered: Namespaces,
  withComments: boolean,
): string {
  if (node.kind === 'text') return escapeText(node.text);
  if (node.kind === 'comment') return withComments ? `<!--${node.text}-->` : '';
  if (node.kind === 'instruction') return `<?${node.text.replace(/^(\S+)\s+/, '$1 ')}?>`;
  const here = new Map([...scope, ...declarations(node)]);
  const said = new Map(rendered);
  const namespaces: string[] = [];
  for (const [prefix, uri] of [...here].sort(([one], [other]) => compare(one, other))) {
    if ((rendered.get(prefix) ?? '') === uri) continue;
    said.set(prefix, uri);
    namespaces.push(` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeAttribute(uri)}"`);
  }
  const attributes = node.attributes
    .filter(([name]) => !isDeclaration(name))
    .map(([name, value]) => ({ name, value, order: attributeOrder(name, here) }))
    .sort((one, other) => compare(one.order, other.order))
    .map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`);
  const content = node.children.map((child) => canonicalNode(child, here, said, withComments)).join('');
  return `<${node.name}${namespaces.join('')}${attributes.join('')}>${content}</${node.name}>`;
}

const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');

function declarations({ attributes }: XmlElement): [string, string][] {
  return attributes
    .filter(([name]) => isDeclaration(name))
    .map(([name, value]) => [name === 'xmlns' ? '' : name.slice(6), value]);
}

/** §2.2: by namespace, then by local name; attributes without a prefix have no namespace and come first. */
function attributeOrder(name: string, scope: Namespaces): string {
  const [prefix, localName] = name.includes(':') ? name.split(':') : ['', name];
  return `${prefix ? (scope.get(prefix) ?? '') : ''}\u0000${localName ?? ''}`;
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');

const escapeAttribute = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');

function pathTo(nodes: readonly XmlNode[], wanted: XmlElement): XmlElement[] | null {
  for (const node of nodes) {
    if (node.kind !== 'element') continue;
    if (node === wanted) return [];
    const below = pathTo(node.children, wanted);
    if (below) return [node, ...below];
  }
  return null;
}
