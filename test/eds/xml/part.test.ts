import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { type SignatureReport } from '../../../src/eds/judgement/verdict.js';
import { createLaboratory, type LabKey, signXml } from '../../../src/lab/index.js';
import { BROKEN, judge, lineOf, MISMATCH, NOT_SUPPORTED, NOW, trustIn, XMLDSIG } from './grounds.js';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const X509_V3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
const BODY = '<pay xmlns="urn:bank"><sum>100</sum></pay>';
const EXCLUSIVE = { method: 'exclusive' } as const;

let trust: TrustSet;
let key: LabKey;

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = trustIn(lab.trustCertificates());
  key = await lab.issue({ kind: 'head', algorithm: 'gost2015-512' });
});

function envelope(token = ''): string {
  return (
    `<s:Envelope xmlns:s="${SOAP}" xmlns:wsu="${WSU}"><s:Header><wsse:Security xmlns:wsse="${WSSE}">${token}` +
    `</wsse:Security></s:Header><s:Body wsu:Id="body-1">${BODY}</s:Body></s:Envelope>`
  );
}

function signBody(xml: string, keyInfo?: string): string {
  return signXml(key, xml, {
    uri: '#body-1',
    before: '</wsse:Security>',
    signedInfoForm: EXCLUSIVE,
    transforms: [EXCLUSIVE],
    ...(keyInfo === undefined ? {} : { keyInfo }),
  });
}

async function signatureOf(xml: string): Promise<SignatureReport> {
  const { signatures } = await judge(trust, xml);
  return signatures[0]!;
}

const base64Certificate = (): string => Buffer.from(key.certificate).toString('base64');

describe('a WS-Security message', () => {
  it('is good over the body alone, whose octets it tells', async () => {
    const octets = `<s:Body xmlns:s="${SOAP}" xmlns:wsu="${WSU}" wsu:Id="body-1">${BODY}</s:Body>`;
    expect(await signatureOf(signBody(envelope()))).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: {
        scope: 'part',
        element: `{${SOAP}}Body`,
        octets: octets.length,
        sha256: createHash('sha256').update(octets).digest('hex'),
      },
      warnings: ['SIGNATURE_COVERS_PART'],
    });
  });

  it.each([
    [
      'KeyIdentifier',
      (certificate: string) =>
        `<wsse:KeyIdentifier ValueType="${X509_V3}">${certificate}</wsse:KeyIdentifier>`,
    ],
    [
      'X509Data',
      (certificate: string) =>
        `<ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data>`,
    ],
  ])('may have its certificate in %s', async (_, reference) => {
    const keyInfo = `<wsse:SecurityTokenReference>${reference(base64Certificate())}</wsse:SecurityTokenReference>`;
    expect((await signatureOf(signBody(envelope(), keyInfo))).indication).toBe('TOTAL_PASSED');
  });

  const TOKEN = (type: string, certificate: string): string =>
    `<wsse:BinarySecurityToken wsu:Id="token-1" ValueType="${type}">${certificate}</wsse:BinarySecurityToken>`;
  const REFERENCE =
    '<wsse:SecurityTokenReference><wsse:Reference URI="#token-1"/></wsse:SecurityTokenReference>';

  it('may have its certificate in a security token beside the signature', async () => {
    const signed = signBody(envelope(TOKEN(X509_V3, base64Certificate())), REFERENCE);
    expect((await signatureOf(signed)).indication).toBe('TOTAL_PASSED');
  });

  it('is not judged with a token that is something else', async () => {
    const signed = signBody(
      envelope(TOKEN(X509_V3.replace('X509v3', 'PKCS7'), base64Certificate())),
      REFERENCE,
    );
    expect(lineOf(await signatureOf(signed))).toBe(NOT_SUPPORTED);
  });

  it('is not judged with a reference to a token that is not there', async () => {
    expect(lineOf(await signatureOf(signBody(envelope(), REFERENCE)))).toBe(NOT_SUPPORTED);
  });

  it('has no signer when it names the certificate by issuer and serial alone', async () => {
    const keyInfo =
      '<wsse:SecurityTokenReference><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName>' +
      '<ds:X509SerialNumber>17</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></wsse:SecurityTokenReference>';
    expect(lineOf(await signatureOf(signBody(envelope(), keyInfo)))).toMatch(
      /SIGNATURE_CERTIFICATE_MISSING$/,
    );
  });

  it('is refused with another sum', async () => {
    const signed = signBody(envelope());
    expect(lineOf(await signatureOf(signed.replace('<sum>100', '<sum>900')))).toBe(MISMATCH);
  });

  it('is good whatever its header says, which nothing signs', async () => {
    const signed = signBody(envelope()).replace('<s:Header>', '<s:Header><to>another</to>');
    expect(await signatureOf(signed)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'part' },
    });
  });
});

describe('wrapping of a signed part', () => {
  const body = (signed: string): string => /<s:Body [\s\S]*<\/s:Body>/.exec(signed)?.[0] ?? '';
  const forged = `<s:Body><pay xmlns="urn:bank"><sum>900</sum></pay></s:Body>`;

  it('is seen when the signed body is moved into the header', async () => {
    const signed = signBody(envelope());
    const moved = signed.replace(body(signed), forged).replace('</s:Header>', `${body(signed)}</s:Header>`);
    expect(lineOf(await signatureOf(moved))).toBe(BROKEN);
  });

  it('is seen when the signed body is moved beneath the forged one', async () => {
    const signed = signBody(envelope());
    const moved = signed.replace(body(signed), forged.replace('</s:Body>', `${body(signed)}</s:Body>`));
    expect(lineOf(await signatureOf(moved))).toBe(BROKEN);
  });

  it('is seen when the envelope is moved into another', async () => {
    const moved = `<s:Envelope xmlns:s="${SOAP}">${forged}${signBody(envelope())}</s:Envelope>`;
    expect(lineOf(await signatureOf(moved))).toBe(BROKEN);
  });

  it.each(['wsu:Id="body-1"', 'Id="body-1"', 'ID="body-1"', 'id="body-1"', 'xml:id="body-1"'])(
    'is seen when a second element has the identifier: %s',
    async (id) => {
      const signed = signBody(envelope()).replace('<s:Header>', `<s:Header><x ${id}/>`);
      expect(lineOf(await signatureOf(signed))).toBe(BROKEN);
    },
  );

  it('tells the way to an element whose name others have too', async () => {
    const xml = '<list xmlns="urn:l"><item>1</item><item Id="two">2</item></list>';
    const signed = signXml(key, xml, { uri: '#two', transforms: [EXCLUSIVE] });
    expect(await signatureOf(signed)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'part', element: '/{urn:l}list[1]/{urn:l}item[2]' },
    });
  });

  it('never makes a whole of a part', async () => {
    const signed = signXml(key, '<doc Id="root"><a>1</a></doc>', { uri: '#root' });
    const wrapped = `<doc>${signed}<a>900</a></doc>`;
    expect(await signatureOf(wrapped)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'part', element: '/doc[1]/doc[1]' },
      warnings: ['SIGNATURE_COVERS_PART'],
    });
  });
});

describe('a reference', () => {
  it.each(['Id', 'ID', 'id', 'xml:id'])('may be to an element by its %s', async (name) => {
    const xml = `<doc><part ${name}="p-1">1</part></doc>`;
    const signed = signXml(key, xml, { uri: '#p-1', transforms: [] });
    expect(await signatureOf(signed)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'part', element: 'part' },
    });
  });

  it('to the document element covers the whole', async () => {
    const signed = signXml(key, '<doc Id="root"><a>1</a></doc>', { uri: '#root' });
    expect(await signatureOf(signed)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'whole', element: null },
      warnings: [],
    });
  });

  it('to the document element covers a part where an instruction stands beside it', async () => {
    const signed = signXml(key, '<?pay 900?><doc Id="root"><a>1</a></doc>', { uri: '#root' });
    expect(await signatureOf(signed)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'part', element: 'doc' },
    });
  });

  it('to an element around the signature needs the enveloped signature transform', async () => {
    const xml = '<doc><part Id="p-1"><a/></part></doc>';
    const options = { uri: '#p-1', before: '</part>' };
    expect(await signatureOf(signXml(key, xml, options))).toMatchObject({
      indication: 'TOTAL_PASSED',
      signedContent: { scope: 'part', element: 'part' },
    });
    expect(lineOf(await signatureOf(signXml(key, xml, { ...options, transforms: [EXCLUSIVE] })))).toBe(
      BROKEN,
    );
  });

  it.each([
    ['another document', 'http://example.kz/contract.xml'],
    ['a file', 'contract.xml'],
    ['an element that is not there', '#nowhere'],
    ['an XPointer', '#xpointer(/)'],
    ['an XPointer to an identifier', "#xpointer(id('p-1'))"],
    ['nothing', '#'],
  ])('to %s is not judged', async (_, uri) => {
    const signed = signXml(key, '<doc><part Id="p-1">1</part></doc>', { uri: '#p-1', transforms: [] });
    const [signature] = (await judge(trust, signed.replace('URI="#p-1"', `URI="${uri}"`))).signatures;
    expect(lineOf(signature!)).toBe(NOT_SUPPORTED);
  });

  it.each([
    ['the signature itself', '<ds:Signature '],
    ['its key information', '<ds:KeyInfo'],
    ['a value', '<ds:SignatureValue'],
  ])('to %s is not judged', async (_, tag) => {
    const signed = signXml(key, '<doc><part Id="p-1">1</part></doc>', { uri: '#p-1', transforms: [] })
      .replace(' Id="p-1"', '')
      .replace(tag, `${tag.trimEnd()} Id="p-1" `);
    expect(lineOf(await signatureOf(signed))).toBe(NOT_SUPPORTED);
  });

  it.each([
    ['signatures of whole documents', `<ds:Signature xmlns:ds="${XMLDSIG}">`],
    ['signatures in signatures', `<ds:Object xmlns:ds="${XMLDSIG}">`],
  ])('is nowhere in %s that hold everything themselves', async (_, root) => {
    const signed = signXml(key, '<doc/>');
    const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(signed)?.[0] ?? '';
    const name = /^<([^\s>]*)/.exec(root)?.[1] ?? '';
    const xml = name === 'ds:Signature' ? signature : `${root}${signature}</${name}>`;
    expect((await judge(trust, xml)).indication).not.toBe('TOTAL_PASSED');
  });
});
