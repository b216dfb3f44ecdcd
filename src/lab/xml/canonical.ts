import { type XmlElement, type XmlNode } from './document.js';

/** A canonical form of the W3C: Canonical XML 1.0 or 1.1, or Exclusive XML Canonicalization 1.0. */
export interface XmlForm {
  readonly method: 'inclusive' | 'inclusive-1.1' | 'exclusive';
  readonly comments?: boolean;
  /** Exclusive only: the PrefixList of InclusiveNamespaces, `#default` for the default namespace. */
  readonly prefixes?: readonly string[];
}

/** Namespace declarations by prefix; the default namespace is ''. */
type Namespaces = ReadonlyMap<string, string>;
type Attribute = readonly [name: string, value: string];

const NONE: Namespaces = new Map();
const XML = 'http://www.w3.org/XML/1998/namespace';

/** The canonical form of a whole document. */
export function canonicalDocument(nodes: readonly XmlNode[], form: XmlForm): string {
  const shown = nodes.filter(({ kind }) => kind !== 'text' && (form.comments === true || kind !== 'comment'));
  const root = shown.findIndex(({ kind }) => kind === 'element');
  return shown
    .map((node, i) => {
      const text = canonicalNode(node, NONE, NONE, form, []);
      return i < root ? `${text}\n` : i > root ? `\n${text}` : text;
    })
    .join('');
}

/**
 * The same of one element of a document: what its ancestors declare is written on it as far as the form says so. Values of xml:base
 * are not joined: an element below one has no form 1.1 here.
 */
export function canonicalElement(nodes: readonly XmlNode[], element: XmlElement, form: XmlForm): string {
  const ancestors = pathTo(nodes, element) ?? [];
  const scope = new Map(ancestors.flatMap(declarations));
  return canonicalNode(
    element,
    scope,
    NONE,
    form,
    form.method === 'exclusive' ? [] : inherited(ancestors, form),
  );
}

function inherited(ancestors: readonly XmlElement[], { method }: XmlForm): readonly Attribute[] {
  const attributes = new Map(
    ancestors.flatMap((ancestor) => ancestor.attributes).filter(([name]) => name.startsWith('xml:')),
  );
  if (method === 'inclusive') return [...attributes];
  if (attributes.has('xml:base')) throw new Error('the laboratory does not join xml:base');
  return [...attributes].filter(([name]) => name === 'xml:lang' || name === 'xml:space');
}

/** @param scope what is declared around the node @param rendered what its output ancestors already say */
function canonicalNode(
  node: XmlNode,
  scope: Namespaces,
  rendered: Namespaces,
  form: XmlForm,
  more: readonly Attribute[],
): string {
  if (node.kind === 'text') return escapeText(node.text);
  if (node.kind === 'comment') return form.comments ? `<!--${node.text}-->` : '';
  if (node.kind === 'instruction') return `<?${instruction(node.text)}?>`;
  const here = new Map([...scope, ...declarations(node)]);
  const own = node.attributes.filter(([name]) => !isDeclaration(name));
  const said = new Map(rendered);
  const namespaces: string[] = [];
  for (const [prefix, uri] of [...here].sort(([one], [other]) => compare(one, other))) {
    if ((rendered.get(prefix) ?? '') === uri || prefix === 'xml') continue;
    if (form.method === 'exclusive' && !isUsed(prefix, node.name, own, form)) continue;
    said.set(prefix, uri);
    namespaces.push(` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeAttribute(uri)}"`);
  }
  const names = new Set(own.map(([name]) => name));
  const attributes = [...own, ...more.filter(([name]) => !names.has(name))]
    .map(([name, value]) => ({ name, value, order: attributeOrder(name, here) }))
    .sort((one, other) => compare(one.order, other.order))
    .map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`);
  const content = node.children.map((child) => canonicalNode(child, here, said, form, [])).join('');
  return `<${node.name}${namespaces.join('')}${attributes.join('')}>${content}</${node.name}>`;
}

/** One space between target and data, none where there is no data. */
function instruction(text: string): string {
  const [target = '', data = ''] = /^(\S+)(?:\s+([\s\S]+))?/.exec(text)?.slice(1) ?? [];
  return data === '' ? target : `${target} ${data}`;
}

/** Exclusive XML Canonicalization §3: by the element or one of its attributes, or on the list. */
function isUsed(
  prefix: string,
  name: string,
  attributes: readonly Attribute[],
  { prefixes = [] }: XmlForm,
): boolean {
  const uses = (other: string): boolean => prefixOf(other) === prefix;
  if (prefixes.includes(prefix === '' ? '#default' : prefix) || uses(name)) return true;
  return prefix !== '' && attributes.some(([attribute]) => uses(attribute));
}

const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');
const prefixOf = (name: string): string => (name.includes(':') ? (name.split(':')[0] ?? '') : '');

function declarations({ attributes }: XmlElement): [string, string][] {
  return attributes
    .filter(([name]) => isDeclaration(name))
    .map(([name, value]) => [name === 'xmlns' ? '' : name.slice(6), value]);
}

/** Canonical XML §2.2: by namespace, then by local name; attributes without a prefix have no namespace and come first. */
function attributeOrder(name: string, scope: Namespaces): string {
  const prefix = prefixOf(name);
  const namespace = prefix === 'xml' ? XML : (scope.get(prefix) ?? '');
  return `${prefix === '' ? '' : namespace}\u0000${name.slice(name.indexOf(':') + 1)}`;
}

const compare = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8'));

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
