import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCertificate } from '../../src/lab/certificate.js';
import { readTlv } from '../../src/lab/der.js';
import { streebog } from '../../src/lab/gost/streebog.js';
import { createLaboratory, type Laboratory, signXml } from '../../src/lab/index.js';
import { canonicalDocument, canonicalElement } from '../../src/lab/xml/canonical.js';
import { elementsNamed, parseXml, type XmlElement, type XmlNode } from '../../src/lab/xml/document.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';
import { type OpenSsl, openOpenSsl } from './openssl.js';

let openssl: OpenSsl;
let lab: Laboratory;
beforeAll(async () => {
  openssl = openOpenSsl();
  lab = await createLaboratory({ algorithms: ['rsa-2048', 'gost2015-512', 'gost2004-256'] });
});
afterAll(() => {
  openssl.close();
});

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
const text = (element: XmlElement): string =>
  element.children.map((child) => (child.kind === 'text' ? child.text : '')).join('');
const bytesIn = (nodes: XmlNode[], name: string): Uint8Array =>
  new Uint8Array(Buffer.from(text(elementsNamed(nodes, name)[0]!), 'base64'));

/** The document without its last signature, canonical, and the canonical SignedInfo. */
function signedParts(xml: string): { document: Uint8Array; signedInfo: Uint8Array; nodes: XmlNode[] } {
  const nodes = parseXml(xml);
  const signedInfo = utf8(
    canonicalElement(nodes, elementsNamed(nodes, 'SignedInfo').at(-1)!, { method: 'inclusive' }),
  );
  const bare = parseXml(xml);
  const root = bare.find((node) => node.kind === 'element')!;
  root.children.splice(
    root.children.findLastIndex((node) => node.kind === 'element'),
    1,
  );
  return { nodes, signedInfo, document: utf8(canonicalDocument(bare, { method: 'inclusive' })) };
}

describe('canonical XML of the laboratory', () => {
  it.each([
    ['expands empty elements and orders attributes', '<a z="1" b="2"/>', '<a b="2" z="1"></a>'],
    [
      'writes namespaces before attributes, once',
      '<a x="1" xmlns="u"><b xmlns="u"/></a>',
      '<a xmlns="u" x="1"><b></b></a>',
    ],
    ['keeps comments and drops the declaration', '<?xml version="1.0"?>\n<!--c--><a/>', '<!--c-->\n<a></a>'],
    [
      'resolves and escapes references',
      '<a b="&#9;&quot;">&lt;&#13;&amp;</a>',
      '<a b="&#x9;&quot;">&lt;&#xD;&amp;</a>',
    ],
    ['turns CDATA into text', '<a><![CDATA[<&]]></a>', '<a>&lt;&amp;</a>'],
    [
      'takes back the default namespace',
      '<a xmlns="u"><b xmlns=""/></a>',
      '<a xmlns="u"><b xmlns=""></b></a>',
    ],
  ])('%s', (_, source, expected) => {
    expect(canonicalDocument(parseXml(source), { method: 'inclusive', comments: true })).toBe(expected);
  });
});

describe('XML signatures of the laboratory', () => {
  const source =
    '<?xml version="1.0"?><doc xmlns="urn:x" z="1" a="2"><!-- ескерту --><p>Қақпа &amp; кілт</p></doc>';

  it('hold for OpenSSL: RSA', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    const { nodes, signedInfo, document } = signedParts(signXml(key, source));
    const publicKey = openssl.file(
      'rsa.pub',
      openssl.run('x509', '-in', openssl.file('c', key.certificatePem), '-pubkey', '-noout'),
    );
    const [value, data] = [
      openssl.file('v', bytesIn(nodes, 'SignatureValue')),
      openssl.file('d', signedInfo),
    ];
    expect(openssl.say('dgst', '-sha256', '-verify', publicKey, '-signature', value, data)).toMatch(
      /Verified OK/,
    );
    const digest = openssl.run('dgst', '-sha256', '-binary', openssl.file('document', document));
    expect(bytesIn(nodes, 'DigestValue')).toEqual(new Uint8Array(digest));
  });

  it.each(['gost2015-512', 'gost2004-256'] as const)('hold for the GOST engine: %s', async (algorithm) => {
    const key = await lab.issue({ kind: 'individual', algorithm });
    const { nodes, signedInfo, document } = signedParts(signXml(key, source));
    const publicKey = readTlv(key.facts.publicKeyBits).content;
    const value = bytesIn(nodes, 'SignatureValue');
    expect(openssl.acceptsGost(algorithm, publicKey, key.privateKey.digest(signedInfo), value)).toBe(true);
    expect(bytesIn(nodes, 'DigestValue')).toEqual(key.privateKey.digest(document));
  });

  it('go into an empty document element as well', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
    expect(signXml(key, '<login nonce="1"/>')).toMatch(
      /^<login nonce="1"><ds:Signature .*<\/ds:Signature><\/login>$/s,
    );
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a real signature of NCALayer', () => {
  it('has the digest and the signed bytes our canonical form gives, so that form is right', () => {
    const xml = Buffer.from(sharedBytes('vectors/xmldsig-gost2015.xml')).toString('utf8');
    const { nodes, signedInfo, document } = signedParts(xml);
    expect(bytesIn(nodes, 'DigestValue')).toEqual(new Uint8Array(streebog(512, document)));
    const { publicKeyBits } = readCertificate(bytesIn(nodes, 'X509Certificate'));
    const [publicKey, value] = [readTlv(publicKeyBits).content, bytesIn(nodes, 'SignatureValue')];
    expect(openssl.acceptsGost('gost2015-512', publicKey, streebog(512, signedInfo), value)).toBe(true);
  });
});
