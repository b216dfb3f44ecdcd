import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { XML_LIMITS } from '../../../src/eds/xml/limits.js';
import { createLaboratory, type LabKey, signXml } from '../../../src/lab/index.js';
import { judge, lineOf, NOW, TOO_LARGE, trustIn, XMLDSIG } from './grounds.js';

let trust: TrustSet;
let key: LabKey;

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['rsa-2048'] });
  trust = trustIn(lab.trustCertificates());
  key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
});

async function verdictOn(xml: string): Promise<string> {
  return lineOf(await judge(trust, xml));
}

const signed = (xml: string): string => signXml(key, xml);
const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('');
const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
/** Long documents are signed as short ones and grow where nothing signs them or in what is not kept. */
const grown = (xml: string, extra: string): string => signed(xml).replace('</doc>', `</doc>${extra}`);

describe('a document at a limit', () => {
  it.each([
    ['attributes', () => `<doc ${times(XML_LIMITS.attributes, (index) => ` a${index}="${index}"`)}/>`],
    [
      'namespaces',
      () => `<doc ${times(XML_LIMITS.namespaces - 1, (index) => ` xmlns:n${index}="urn:${index}"`)}/>`,
    ],
    ['depth', () => `<doc>${nested(XML_LIMITS.depth - 1)}</doc>`],
    ['the length of a name', () => `<doc><${'n'.repeat(XML_LIMITS.nameLength)}/></doc>`],
  ])('of %s is good', async (_, xml) => {
    expect(await verdictOn(signed(xml()))).toBe('TOTAL_PASSED');
  });

  it('of octets is good', async () => {
    const document = grown('<doc/>', '');
    const room = XML_LIMITS.octets - Buffer.byteLength(document) - '<!---->'.length;
    expect(await verdictOn(grown('<doc/>', `<!--${'x'.repeat(room)}-->`))).toBe('TOTAL_PASSED');
  });

  it('of nodes is good', async () => {
    expect(await verdictOn(grown('<doc/>', '<!---->'.repeat(XML_LIMITS.nodes - 100)))).toBe('TOTAL_PASSED');
  });
});

describe('a document beyond a limit', () => {
  it.each([
    ['octets', () => `<doc>${' '.repeat(XML_LIMITS.octets)}</doc>`],
    ['depth', () => `<doc>${nested(XML_LIMITS.depth)}</doc>`],
    ['depth that does not close', () => '<a>'.repeat(100_000)],
    ['attributes', () => `<doc ${times(XML_LIMITS.attributes + 1, (index) => ` a${index}=""`)}/>`],
    [
      'attributes in many elements',
      () => `<doc>${times(9_000, () => `<a ${times(128, (index) => ` a${index}=""`)}/>`)}</doc>`,
    ],
    [
      'namespaces',
      () => `<doc ${times(XML_LIMITS.namespaces + 1, (index) => ` xmlns:n${index}="urn:${index}"`)}/>`,
    ],
    [
      'namespaces in elements within each other',
      () => times(200, (index) => `<a xmlns:n${index}="urn:n" xmlns:m${index}="urn:m">`) + '</a>'.repeat(200),
    ],
    ['the length of a name', () => `<${'a'.repeat(XML_LIMITS.nameLength + 1)}/>`],
    ['the length of a name without end', () => `<${'a'.repeat(1_000_000)}`],
    ['elements', () => `<doc>${'<a/>'.repeat(XML_LIMITS.nodes)}</doc>`],
    ['comments', () => `<doc/>${'<!---->'.repeat(XML_LIMITS.nodes)}`],
    ['instructions', () => `<doc/>${'<?a?>'.repeat(XML_LIMITS.nodes)}`],
    [
      'signatures',
      () => `<doc>${`<s:Signature xmlns:s="${XMLDSIG}"/>`.repeat(XML_LIMITS.signatures + 1)}</doc>`,
    ],
  ])('of %s is larger than the limit, not broken', async (_, xml) => {
    expect(await verdictOn(xml())).toBe(TOO_LARGE);
  });

  it('of work is larger than the limit: one long namespace would be written out for every element', async () => {
    const exclusive = { method: 'exclusive' } as const;
    const xml = `<doc xmlns:n="urn:${'n'.repeat(200_000)}"><sum/></doc>`;
    const document = signXml(key, xml, { transforms: ['enveloped', exclusive] });
    expect(await verdictOn(document.replace('<sum/>', '<n:a/>'.repeat(10_000)))).toBe(TOO_LARGE);
  });

  it('of work is larger than the limit: many signatures over a long document', async () => {
    const xml = `<doc>${'x'.repeat(14 * 1024 * 1024)}</doc>`;
    const one = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(signed('<doc/>'))?.[0] ?? '';
    const { signatures } = await judge(trust, xml.replace('</doc>', `${one.repeat(8)}</doc>`));
    expect(signatures.map(lineOf)).toContain(TOO_LARGE);
    expect(signatures.map(lineOf)).not.toContain('TOTAL_PASSED');
  }, 120_000);
});

describe('what is given to the verifier', () => {
  it('is as it was afterwards', async () => {
    const given = new TextEncoder().encode(signed('<doc a="1"/>'));
    const before = given.slice();
    const first = await judge(trust, given);
    expect(given).toEqual(before);
    expect(await judge(trust, given)).toEqual(first);
  });

  it('may be a view into a larger buffer, in any encoding', async () => {
    for (const [text, encoding] of [
      [signed('<doc a="1"/>'), 'utf8'],
      [`\uFEFF${signed('<doc a="1"/>')}`, 'utf16le'],
    ] as const) {
      const around = Buffer.concat([Buffer.from('xx'), Buffer.from(text, encoding), Buffer.from('xx')]);
      const before = Buffer.from(around);
      expect(lineOf(await judge(trust, around.subarray(2, -2)))).toBe('TOTAL_PASSED');
      expect(around.equals(before)).toBe(true);
    }
  });
});
