/** A source of numbers that gives the same ones again for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to `sides - 1`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  chance(percent: number): boolean {
    return this.roll(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.roll(from.length)]!;
  }
}

/** Where the signature goes. */
export const PLACE = '<!--signature-->';
/** The identifier of an element that every generated document has. */
export const TARGET = 'target-1';

const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const NAMES = ['a', 'b', 'item', 'Body', 'сома', 'x-1', '_y.z'];
const PREFIXES = ['p', 'q', 'xs', 'zz'];
const URIS = ['urn:a', 'urn:b', 'http://example.kz/x?y=1&amp;z=&quot;2&quot;', 'urn:қазақ'];
const TEXTS = [
  'сөз',
  ' two  spaces ',
  '&amp;&lt;&gt;&quot;&apos;',
  'a&#13;b',
  'line\nend',
  'windows\r\nend',
  'old\rend',
  '&#x9;&#10;',
  '\u0085next\u2028line',
  '😀&#x1F600;',
  '<![CDATA[<a>&amp;]]>',
  '<![CDATA[]]>',
  ']] >',
  '\t',
];
const VALUES = [
  '',
  '1',
  'қала',
  '&quot;&apos;',
  '&lt;&amp;>',
  'tab\tin',
  'line\nin',
  'crlf\r\nin',
  '&#9;&#10;&#13;',
  'a &#x20; b',
  '\u0085\u2028',
  '😀',
];
const COMMENTS = ['<!---->', '<!-- note -->', '<!--<a>&b;-->', '<!-- line\r\nend -->'];
const INSTRUCTIONS = ['<?go?>', '<?go  there  ?>', '<?xml-stylesheet href="a.xsl"?>', '<?a <b>&c;\r\n?>'];
const BASES = [
  'http://example.kz/a/b/c',
  'd/e/',
  '../f',
  './g',
  '/h/i',
  '',
  '../../j/',
  '..',
  'k//l/.',
  '?m=1',
];

interface Options {
  /** Whether xml:base is written: where the JDK joins two, it changes the document it is given. */
  readonly bases: boolean;
  /**
   * Whether the element to refer to may repeat an xml:lang or its like of an ancestor. Of two ancestors that have the same one, the
   * JDK takes the outer, where Canonical XML §2.4 says the nearest; so no two ever have it.
   */
  readonly repeated: boolean;
}

/** A well-formed document with namespaces, references and white space of every kind, an element to refer to, and a place to sign in. */
export function generateDocument(dice: Dice, { bases, repeated }: Options): string {
  let target = false;
  let place = false;

  const quoted = (value: string): string =>
    dice.chance(50) && !value.includes("'") ? `'${value}'` : `"${value}"`;
  const mixed = (): string => {
    if (dice.chance(12)) return dice.pick(COMMENTS);
    if (dice.chance(12)) return dice.pick(INSTRUCTIONS);
    return dice.pick(TEXTS);
  };
  const element = (
    depth: number,
    outer: ReadonlyMap<string, string>,
    around: ReadonlySet<string>,
    named = false,
  ): string => {
    const scope = new Map(outer);
    const above = new Set(around);
    const attributes: string[] = [];
    const declare = (prefix: string, uri: string): void => {
      scope.set(prefix, uri);
      attributes.push(`${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}=${quoted(uri)}`);
    };
    for (const prefix of PREFIXES) if (dice.chance(18)) declare(prefix, dice.pick(URIS));
    if (dice.chance(22)) declare('', dice.chance(30) ? '' : dice.pick(URIS));
    const bound = [...scope.keys()].filter((prefix) => prefix !== '' && prefix !== 'wsu');
    const qualified = (name: string): string =>
      bound.length > 0 && dice.chance(45) ? `${dice.pick(bound)}:${name}` : name;
    const used = new Set<string>();
    for (const name of NAMES) {
      if (!dice.chance(20)) continue;
      const full = qualified(name);
      const [prefix] = full.includes(':') ? full.split(':') : [''];
      const key = `${prefix ? (scope.get(prefix) ?? '') : ''} ${name}`;
      if (used.has(key)) continue;
      used.add(key);
      attributes.push(`${full}=${quoted(dice.pick(VALUES))}`);
    }
    if (!target && depth > 0 && (named || dice.chance(40))) {
      target = true;
      const id = dice.pick(['Id', 'ID', 'id', 'wsu:Id', above.has('xml:id') ? 'id' : 'xml:id']);
      if (id === 'xml:id') above.add(id);
      if (id === 'wsu:Id') declare('wsu', WSU);
      attributes.push(`${id}="${TARGET}"`);
      if (repeated) above.clear();
    }
    const inherited = (name: string, percent: number, values: readonly string[]): void => {
      if (above.has(name) || !dice.chance(percent)) return;
      above.add(name);
      attributes.push(`${name}=${quoted(dice.pick(values))}`);
    };
    if (!attributes.some((attribute) => attribute.startsWith('xml:id'))) {
      inherited('xml:id', 5, [`other-${dice.roll(1e9)}`]);
    }
    inherited('xml:lang', 15, ['kk', 'ru', '']);
    inherited('xml:space', 15, ['preserve', 'default']);
    if (bases) inherited('xml:base', 45, BASES);
    shuffle(attributes, dice);
    const name = qualified(dice.pick(NAMES));
    const children: string[] = [];
    for (let count = dice.roll(depth > 3 ? 2 : 5); count > 0; count -= 1) {
      children.push(depth < 4 && dice.chance(50) ? element(depth + 1, scope, above) : mixed());
    }
    if (depth === 0 && !target) children.push(element(1, scope, above, true));
    if (!place && (depth === 0 || dice.chance(15))) {
      place = true;
      children.splice(dice.roll(children.length + 1), 0, PLACE);
    }
    const space = dice.pick([' ', '\n', '  \t', '\r\n']);
    const tag = [name, ...attributes].join(space);
    return children.length === 0 && dice.chance(60)
      ? `<${tag}${dice.chance(50) ? ' ' : ''}/>`
      : `<${tag}>${children.join('')}</${name}${dice.chance(20) ? '\n' : ''}>`;
  };

  const beside = (): string =>
    Array.from({ length: dice.roll(3) }, () => dice.pick([...COMMENTS, ...INSTRUCTIONS, '\n', ' '])).join('');
  const declaration = dice.pick([
    '',
    '<?xml version="1.0"?>',
    "<?xml version='1.0' encoding='UTF-8' standalone='no'?>\r\n",
  ]);
  return `${declaration}${beside()}${element(0, new Map(), new Set())}${beside()}`;
}

function shuffle(items: string[], dice: Dice): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = dice.roll(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
}
