import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { type SignatureReport } from '../../../src/eds/judgement/verdict.js';
import { createLaboratory, type LabKey, signXml } from '../../../src/lab/index.js';
import { judge, lineOf, NOT_SUPPORTED, NOW, TOO_LARGE, trustIn } from './grounds.js';

const DOCUMENT = '<order><sum>100</sum></order>';

let trust: TrustSet;
let key: LabKey;
let other: LabKey;
let gost: LabKey;
let stranger: LabKey;
let authorities: readonly Uint8Array[];

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['rsa-2048', 'gost2015-512'] });
  trust = trustIn(lab.trustCertificates());
  authorities = lab.trustCertificates().map(({ der }) => der);
  key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
  other = await lab.issue({ kind: 'head', algorithm: 'rsa-2048' });
  gost = await lab.issue({ kind: 'head', algorithm: 'gost2015-512' });
  stranger = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', signedBy: 'self' });
});

async function signatureOf(xml: string): Promise<SignatureReport> {
  const { signatures } = await judge(trust, xml);
  return signatures[0]!;
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const x509Certificate = (octets: Uint8Array): string =>
  `<ds:X509Certificate>${base64(octets)}</ds:X509Certificate>`;
const x509Data = (content: string): string => `<ds:X509Data>${content}</ds:X509Data>`;
const withKeyInfo = (keyInfo: string): string => signXml(key, DOCUMENT, { keyInfo });

describe('certificates in KeyInfo', () => {
  it.each([
    ['the CAs first', () => [[...authorities, key.certificate]]],
    ['the CAs last', () => [[key.certificate, ...authorities]]],
    ['each in an X509Data of its own', () => [...authorities.map((der) => [der]), [key.certificate]]],
    ['one twice', () => [[key.certificate, key.certificate]]],
    ["another person's first", () => [[other.certificate], [key.certificate]]],
    ["a stranger's first", () => [[stranger.certificate, key.certificate]]],
    ['one for another kind of key first', () => [[gost.certificate, key.certificate]]],
  ])('may stand in any order: %s', async (_, certificates) => {
    const report = await signatureOf(signXml(key, DOCUMENT, { certificates: certificates() }));
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', certificate: { serialNumber: key.id } });
    expect(report.warnings).toEqual([]);
  });

  it('that cannot be read are set aside, and said to be', async () => {
    const junk = `<ds:X509Certificate>${base64(key.certificate.slice(0, 200))}</ds:X509Certificate>`;
    const text = '<ds:X509Certificate>not base64!</ds:X509Certificate>';
    for (const first of [junk, text]) {
      expect(
        await signatureOf(withKeyInfo(x509Data(first + x509Certificate(key.certificate)))),
      ).toMatchObject({
        indication: 'TOTAL_PASSED',
        warnings: ['CERTIFICATE_SET_ASIDE'],
      });
    }
  });

  it('that cannot be read and are the only ones leave the signature without a signer', async () => {
    const report = await signatureOf(withKeyInfo(x509Data(x509Certificate(key.certificate.slice(0, 200)))));
    expect(report.indication).toBe('TOTAL_FAILED');
    expect(report.signer).toBeNull();
  });

  it.each([
    ['of others alone', () => [[other.certificate], [...authorities]]],
    ['of CAs alone', () => [[...authorities]]],
  ])('%s are not the signer', async (_, certificates) => {
    const report = await signatureOf(signXml(key, DOCUMENT, { certificates: certificates() }));
    expect(lineOf(report)).toBe('TOTAL_FAILED SIG_CRYPTO_FAILURE SIGNATURE_INVALID');
    expect(report.signer).toBeNull();
  });

  it("of a stranger beside others' do not get their key computed with", async () => {
    const signed = signXml(stranger, DOCUMENT, { certificates: [[stranger.certificate, other.certificate]] });
    expect((await signatureOf(signed)).indication).not.toBe('TOTAL_PASSED');
  });

  it('are looked at up to a limit', async () => {
    const certificates = Array.from({ length: 17 }, () => [key.certificate.slice(0, 100)]);
    expect(lineOf(await signatureOf(signXml(key, DOCUMENT, { certificates })))).toBe(TOO_LARGE);
  });
});

describe('what else is in KeyInfo', () => {
  const certificate = (): string => x509Data(x509Certificate(key.certificate));
  const rsaKeyValue = (of: LabKey): string => {
    const { n = '', e = '' } = createPublicKey({
      key: Buffer.from(of.privateKey.publicKeyInfo),
      format: 'der',
      type: 'spki',
    }).export({ format: 'jwk' });
    const plain = (text: string): string => Buffer.from(text, 'base64url').toString('base64');
    return `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${plain(n)}</ds:Modulus><ds:Exponent>${plain(e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`;
  };
  const issuerSerial = (serial: string): string =>
    `<ds:X509IssuerSerial><ds:X509IssuerName>CN=ҰКО</ds:X509IssuerName><ds:X509SerialNumber>${serial}</ds:X509SerialNumber></ds:X509IssuerSerial>`;

  it.each([
    ['a name for the key', () => `<ds:KeyName>my key</ds:KeyName>${certificate()}`],
    ['the key itself', () => rsaKeyValue(key) + certificate()],
    [
      'all that X509Data may have',
      () =>
        x509Data(
          `${issuerSerial(BigInt(`0x${key.id}`).toString())}<ds:X509SKI>AQID</ds:X509SKI><ds:X509SubjectName>CN=x</ds:X509SubjectName>` +
            `${x509Certificate(key.certificate)}<ds:X509CRL>AQID</ds:X509CRL>`,
        ),
    ],
    ['a serial number of another', () => x509Data(issuerSerial('17') + x509Certificate(key.certificate))],
  ])('decides nothing: %s', async (_, keyInfo) => {
    expect((await signatureOf(withKeyInfo(keyInfo()))).indication).toBe('TOTAL_PASSED');
  });

  it('may not be another key than the certificate has', async () => {
    expect(lineOf(await signatureOf(withKeyInfo(rsaKeyValue(other) + certificate())))).toMatch(
      /SIGNATURE_CERTIFICATE_MISMATCH$/,
    );
  });

  it.each([
    ['an element of nobody knows where', (info: string) => `${info}<x:pay xmlns:x="urn:x">900</x:pay>`],
    [
      'an element of XMLDSig that is not on the list',
      (info: string) => `${info}<ds:MgmtData>900</ds:MgmtData>`,
    ],
    ['another way to a key', (info: string) => `<ds:RetrievalMethod URI="#x"/>${info}`],
    ['SPKI data', (info: string) => `<ds:SPKIData><ds:SPKISexp>AA==</ds:SPKISexp></ds:SPKIData>${info}`],
    [
      'an unknown part of X509Data',
      (info: string) => info.replace('</ds:X509Data>', '<ds:X509Digest>AA==</ds:X509Digest></ds:X509Data>'),
    ],
    ['an unknown key value', (info: string) => `<ds:KeyValue><x:Key xmlns:x="urn:x"/></ds:KeyValue>${info}`],
    ['an attribute', (info: string) => info.replace('<ds:X509Data>', '<ds:X509Data pay="900">')],
    ['an instruction', (info: string) => `<?pay 900?>${info}`],
  ])('is not passed over: %s', async (_, change) => {
    expect(lineOf(await signatureOf(withKeyInfo(change(certificate()))))).toBe(NOT_SUPPORTED);
  });

  it.each([
    ['text', (info: string) => `900${info}`],
    [
      'an element in a name',
      (info: string) => `<ds:KeyName><x:pay xmlns:x="urn:x">900</x:pay></ds:KeyName>${info}`,
    ],
    [
      'an element in a certificate that is not needed',
      (info: string) => `<ds:X509Data><ds:X509Certificate>AA==<b/></ds:X509Certificate></ds:X509Data>${info}`,
    ],
    [
      'an element in a certificate',
      (info: string) => info.replace('<ds:X509Certificate>', '<ds:X509Certificate><b/>'),
    ],
  ])('does not make a good signature: %s', async (_, change) => {
    expect((await signatureOf(withKeyInfo(change(certificate())))).indication).not.toBe('TOTAL_PASSED');
  });
});
