import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { EdsError } from '../../../src/eds/error.js';
import { scanXml } from '../../../src/eds/xml/scanner.js';
import { type XmlDocument, type XmlNode } from '../../../src/eds/xml/tree.js';
import { Dice, generateDocument } from '../../oracle/xmldsig/documents.js';

/** A document as one text that is the same for the same tree, whoever built it; saxes takes white space off namespaces. */
function shapeOf({ nodes }: XmlDocument): string {
  return mergedText(nodes.map(shapeOfNode));
}

function shapeOfNode(node: XmlNode): string {
  switch (node.kind) {
    case 'text':
      return `text ${JSON.stringify(node.text)}\n`;
    case 'comment':
      return `comment ${JSON.stringify(node.text)}\n`;
    case 'instruction':
      return `instruction ${JSON.stringify([node.target, node.data])}\n`;
    case 'element': {
      const attributes = node.attributes
        .map(({ prefix, local, namespace, value }) =>
          JSON.stringify([prefix, local, namespace.trim(), value]),
        )
        .sort();
      const declarations = node.declarations
        .map(({ prefix, uri }) => JSON.stringify([prefix, uri.trim()]))
        .sort();
      const head = JSON.stringify([node.prefix, node.local, node.namespace.trim()]);
      return `open ${head} ${attributes.join()} ${declarations.join()}\n${node.children.map(shapeOfNode).join('')}close\n`;
    }
  }
}

/** Text and CDATA next to each other are one: parsers differ in how they cut it. */
function mergedText(shapes: readonly string[]): string {
  return shapes.join('').replace(/(?:text .*\n)+/g, (lines) => {
    const texts = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line.slice('text '.length)) as string);
    return `text ${JSON.stringify(texts.join(''))}\n`;
  });
}

/** The same by a parser that is not ours; throws where it refuses. */
function shapeBySaxes(text: string): string {
  const parser = new SaxesParser({ xmlns: true });
  const lines: string[] = [];
  let depth = 0;
  const say = (line: string): void => {
    lines.push(`${line}\n`);
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type');
  });
  parser.on('opentag', ({ prefix, local, uri, attributes, ns }) => {
    depth += 1;
    // saxes lets a name after a prefix begin with what may only follow.
    const locals = [local, ...Object.values(attributes).map((attribute) => attribute.local)];
    if (locals.some((name) => /^[-.0-9]/.test(name))) throw new Error('not a name');
    const all = Object.values(attributes).filter(
      (attribute) => attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns',
    );
    const own = all.map((attribute) =>
      JSON.stringify([
        attribute.prefix,
        attribute.local,
        attribute.prefix === '' ? '' : attribute.uri,
        attribute.value,
      ]),
    );
    const declared = Object.entries(ns)
      .filter(([name]) => name !== 'xml')
      .map((pair) => JSON.stringify(pair));
    say(`open ${JSON.stringify([prefix, local, uri])} ${own.sort().join()} ${declared.sort().join()}`);
  });
  parser.on('closetag', () => {
    depth -= 1;
    say('close');
  });
  const addText = (content: string): void => {
    if (depth > 0 && content !== '') say(`text ${JSON.stringify(content)}`);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', (content) => {
    say(`comment ${JSON.stringify(content)}`);
  });
  parser.on('processinginstruction', ({ target, body }) => {
    say(`instruction ${JSON.stringify([target, body])}`);
  });
  // It lets a question mark end the target of an instruction, white space or not.
  if (/<\?[^\s?<>]+\?[^>]/.test(text)) throw new Error('not an instruction');
  parser.write(text).close();
  return mergedText(lines);
}

function ours(text: string): string {
  try {
    return shapeOf(scanXml(text));
  } catch (error) {
    expect(error).toBeInstanceOf(EdsError);
    return 'refused';
  }
}

function refusalOf(text: string): string {
  try {
    return shapeOf(scanXml(text));
  } catch (error) {
    return error instanceof EdsError ? error.code : String(error);
  }
}

function theirs(text: string): string {
  try {
    return shapeBySaxes(text);
  } catch {
    return 'refused';
  }
}

function changed(text: string, dice: Dice): string {
  const characters = Array.from(text);
  const at = dice.roll(characters.length + 1);
  const piece = dice.pick([
    '',
    '<',
    '>',
    '&',
    '"',
    "'",
    '/',
    ' ',
    '=',
    ':',
    'xmlns:p=""',
    '<a>',
    '</a>',
    '<!--',
    '-->',
    ']]>',
    '<?x?>',
    '<![CDATA[',
    '&#0;',
    '&#xD800;',
    '&b;',
    '\u0000',
    '\uFFFE',
    'xmlns="',
    '-',
    '?',
  ]);
  return characters.slice(0, at).join('') + piece + characters.slice(at + dice.roll(3)).join('');
}

describe('the scanner', () => {
  it('builds the tree that saxes builds', () => {
    const dice = new Dice(7);
    for (let run = 0; run < 500; run += 1) {
      const text = generateDocument(dice, { bases: true, repeated: true });
      const tree = ours(text);
      expect(tree).not.toBe('refused');
      expect({ text, tree }).toEqual({ text, tree: theirs(text) });
    }
  });

  it('accepts of changed documents what saxes accepts, with the same tree', () => {
    const dice = new Dice(8);
    let accepted = 0;
    for (let run = 0; run < 4_000; run += 1) {
      const text = changed(generateDocument(dice, { bases: false, repeated: false }), dice);
      const tree = ours(text);
      if (tree !== 'refused') accepted += 1;
      expect({ text, tree }).toEqual({ text, tree: theirs(text) });
    }
    expect(accepted).toBeGreaterThan(200);
  });

  it('throws nothing but its own error, whatever it is given', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      ':',
      '=',
      '"',
      "'",
      '&',
      ';',
      '#',
      'x',
      '!',
      '-',
      '[',
      ']',
      '?',
      ' ',
      '\n',
      'xmlns',
      'xml',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '&#1;',
      '<a>',
      '</a>',
      '<!DOCTYPE',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: pieces }, fc.string({ unit: 'binary' })), {
          maxLength: 40,
        }),
        (list) => {
          ours(list.join(''));
        },
      ),
      { numRuns: 5_000, seed: 9 },
    );
  });
});

describe('a document with namespaces', () => {
  it.each([
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared prefix of an attribute', '<a p:b="1"/>'],
    ['a prefix taken back', '<a xmlns:p="urn:p"><b xmlns:p=""/></a>'],
    ['a prefix declared twice', '<a xmlns:p="urn:p" xmlns:p="urn:q"/>'],
    ['the prefix xmlns', '<a xmlns:xmlns="urn:x"/>'],
    ['an element in the prefix xmlns', '<xmlns:a/>'],
    ['the namespace of declarations', '<a xmlns:p="http://www.w3.org/2000/xmlns/"/>'],
    ['the prefix xml for another namespace', '<a xmlns:xml="urn:x"/>'],
    ['another prefix for the namespace of xml', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>'],
    ['the namespace of xml by default', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>'],
    ['one attribute under two prefixes', '<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>'],
    ['a local name that begins as none may', '<a xmlns:p="urn:p" p:\u0300b="1"/>'],
    ['two colons', '<a:b:c xmlns:a="urn:a"/>'],
    ['a colon and nothing before it', '<:a/>'],
    ['a colon and nothing after it', '<a: xmlns:a="urn:a"/>'],
    ['an instruction with a colon', '<?a:b c?><a/>'],
    ['an instruction called XML', '<a><?XmL?></a>'],
    ['a declaration of XML that is not the first', ' <?xml version="1.0"?><a/>'],
  ])('is broken with %s', (_, text) => {
    expect(refusalOf(text)).toBe('XML_MALFORMED');
  });

  it.each([
    [
      'the prefix xml declared as it is',
      '<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="kk"/>',
    ],
    ['the default namespace taken back', '<a xmlns="urn:a"><b xmlns=""/></a>'],
    ['one name with and without a prefix', '<a xmlns="urn:x" xmlns:p="urn:x" b="1" p:b="2"/>'],
    [
      'a prefix called like a property of every object',
      '<constructor:a xmlns:constructor="urn:c" __proto__="1"/>',
    ],
    ['a declaration of XML with spaces', '<?xml version = "1.0"  standalone=\'yes\' ?><a/>'],
    ['names in every script', '<тауар өлшем="1"><品物/><𐐀/></тауар>'],
    ['control characters of the second hundred', '<a>\u0085\u009F\u2028\u007F</a>'],
  ])('is read with %s', (_, text) => {
    expect(theirs(text)).toBe(ours(text));
    expect(ours(text)).not.toBe('refused');
  });

  it.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['version 1.1', '<?xml version="1.1"?><a/>'],
  ])('is not supported with %s', (_, text) => {
    expect(refusalOf(text)).toBe('FORMAT_NOT_SUPPORTED');
  });
});
