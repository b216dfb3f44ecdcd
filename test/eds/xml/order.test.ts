import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { createLaboratory, type LabKey, signXml, type XmlSignatureOptions } from '../../../src/lab/index.js';
import { judge, MISMATCH, lineOf, NOT_SUPPORTED, NOW, trustIn } from './grounds.js';

const DOCUMENT = '<order xmlns="urn:shop"><item>1</item><signed/></order>';
const SIGNATURE = /<ds:Signature [\s\S]*?<\/ds:Signature>/g;

let trust: TrustSet;
let keys: readonly LabKey[];

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = trustIn(lab.trustCertificates());
  keys = await Promise.all(
    Array.from({ length: 4 }, () => lab.issue({ kind: 'individual', algorithm: 'gost2015-512' })),
  );
});

async function linesOf(xml: string): Promise<readonly string[]> {
  const { signatures } = await judge(trust, xml);
  return signatures.map(lineOf);
}

/** Each signs what those before it left; the option says where its signature goes. */
function signInTurn(xml: string, options: readonly XmlSignatureOptions[]): string {
  return options.reduce((signed, option, index) => signXml(keys[index]!, signed, option), xml);
}

const good = (count: number): string[] => Array.from({ length: count }, () => 'TOTAL_PASSED');

describe('signatures made one after another', () => {
  it('are good where each stands behind those before it', async () => {
    expect(await linesOf(signInTurn(DOCUMENT, [{}, {}, {}]))).toEqual(good(3));
  });

  it('are good where each stands in front of those before it', async () => {
    const front = { before: '<ds:Signature ' };
    const signed = signInTurn(DOCUMENT, [{}, front, front]);
    expect(await linesOf(signed)).toEqual(good(3));
    const { signatures } = await judge(trust, signed);
    expect(signatures.map(({ certificate }) => certificate?.serialNumber)).toEqual([
      keys[2]!.id,
      keys[1]!.id,
      keys[0]!.id,
    ]);
  });

  it('are good in whatever order they stand', async () => {
    const signed = signInTurn(DOCUMENT, [
      { before: '<signed/>' },
      {},
      { before: '<item>' },
      { before: '</item>' },
    ]);
    expect(await linesOf(signed)).toEqual(good(4));
  });

  it('are good where they are exchanged: the last covers the others wherever it stands', async () => {
    const signed = signInTurn(DOCUMENT, [{}, {}]);
    const [first = '', second = ''] = signed.match(SIGNATURE) ?? [];
    expect(await linesOf(signed.replace(first + second, second + first))).toEqual(good(2));
  });

  it('are good in different forms and under different namespaces', async () => {
    const xml = '<doc xmlns:z="urn:z"><part xmlns="urn:q" xmlns:p="urn:p"><a>1</a></part><b>2</b></doc>';
    const signed = signInTurn(xml, [
      { before: '</part>' },
      { signedInfoForm: { method: 'exclusive' }, transforms: ['enveloped', { method: 'exclusive' }] },
      { before: '<b>', signedInfoForm: { method: 'inclusive-1.1' }, transforms: ['enveloped'] },
    ]);
    expect(await linesOf(signed)).toEqual(good(3));
  });

  it('are good where each covers the document alone', async () => {
    const [one = '', two = ''] = [0, 1].map(
      (index) => signXml(keys[index]!, DOCUMENT).match(SIGNATURE)?.[0] ?? '',
    );
    expect(await linesOf(DOCUMENT.replace('</order>', `${one}${two}</order>`))).toEqual(good(2));
  });

  it('tell of each what it covers', async () => {
    const { signatures } = await judge(trust, signInTurn(DOCUMENT, [{}, {}]));
    const [first, second] = signatures.map(({ signedContent }) => signedContent!);
    expect(first).toMatchObject({
      scope: 'whole',
      octets: DOCUMENT.replace('<signed/>', '<signed></signed>').length,
    });
    expect(second!.octets).toBeGreaterThan(first!.octets);
  });
});

describe('signatures of which one is bad', () => {
  it('leave the others as they are', async () => {
    const before = { before: '<item>' };
    for (const bad of [0, 1, 2]) {
      const options = [{}, before, {}].map((option, index) =>
        index === bad ? { ...option, digestOf: '<another/>' } : option,
      );
      const lines = await linesOf(signInTurn(DOCUMENT, options));
      expect(lines.filter((line) => line === MISMATCH)).toHaveLength(1);
      expect(lines.filter((line) => line === 'TOTAL_PASSED')).toHaveLength(2);
    }
  });

  it('do not vouch for one that is not judged', async () => {
    const first = signXml(keys[0]!, DOCUMENT);
    const second = signXml(keys[1]!, first).replace(/(.*)<\/ds:Signature>/s, '$1<ds:Object/></ds:Signature>');
    expect(await linesOf(second)).toEqual(['TOTAL_PASSED', NOT_SUPPORTED]);
  });

  it('are bad when one they cover was taken away or changed', async () => {
    const signed = signInTurn(DOCUMENT, [{}, {}]);
    const [first = ''] = signed.match(SIGNATURE) ?? [];
    expect(await linesOf(signed.replace(first, ''))).toEqual([MISMATCH]);
    const [line] = (await linesOf(signed.replace('<ds:X509Data>', '<ds:X509Data> '))).slice(1);
    expect(line).toBe(MISMATCH);
  });

  it('are bad over a changed document, in every order', async () => {
    const signed = signInTurn(DOCUMENT, [{}, { before: '<item>' }]);
    expect(await linesOf(signed.replace('>1<', '>9<'))).toEqual([MISMATCH, MISMATCH]);
  });

  it('over a part do not leave others out, as only the enveloped signature transform does', async () => {
    const part = '<doc><part Id="p"><a>1</a></part></doc>';
    const signed = signXml(keys[0]!, part, { uri: '#p', transforms: [] });
    expect(await linesOf(signXml(keys[1]!, signed, { before: '</part>' }))).toEqual([
      'TOTAL_PASSED',
      MISMATCH,
    ]);
  });
});
