import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { type VerificationReport } from '../../../src/eds/judgement/verdict.js';
import { createLaboratory, type Laboratory, type LabKey, signXml } from '../../../src/lab/index.js';
import {
  BROKEN,
  judge,
  lineOf,
  MISMATCH,
  NOT_SUPPORTED,
  NOW,
  TOO_LARGE,
  trustIn,
  XMLDSIG,
} from './grounds.js';

const DOCUMENT = '<order xmlns="urn:shop"><item n="1">Қалам &amp; қағаз</item><sum>100</sum></order>';

let lab: Laboratory;
let trust: TrustSet;
let rsa: LabKey;
let gost: LabKey;

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['rsa-2048', 'gost2015-512', 'gost2004-256'] });
  trust = trustIn(lab.trustCertificates());
  rsa = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
  gost = await lab.issue({ kind: 'head', algorithm: 'gost2015-512' });
});

function verify(xml: string | Uint8Array, at = NOW): Promise<VerificationReport> {
  return judge(trust, xml, at);
}

async function verdictOn(xml: string | Uint8Array): Promise<string> {
  return lineOf(await verify(xml));
}

describe('an enveloped signature', () => {
  it.each(['rsa-2048', 'gost2015-512', 'gost2015-256', 'gost2004-256'] as const)(
    'made with %s is good and covers the document',
    async (algorithm) => {
      const key = await lab.issue({ kind: 'individual', algorithm });
      const { indication, signatures } = await verify(signXml(key, DOCUMENT));
      expect(indication).toBe('TOTAL_PASSED');
      expect(signatures).toMatchObject([
        { format: 'XMLDSig', contentVerified: true, signer: { kind: 'individual' } },
      ]);
      expect(signatures[0]?.path).toHaveLength(3);
    },
  );

  it.each([
    ['with a byte order mark', (xml: string) => `\uFEFF${xml}`],
    ['with a declaration', (xml: string) => `<?xml version="1.0" encoding="utf-8"?>\n${xml}`],
    ['with white space after it', (xml: string) => `${xml}\n\n`],
    ['with Windows line ends', (xml: string) => xml.replaceAll('\n', '\r\n')],
    ['with a comment outside, which no signature covers', (xml: string) => `<!-- note -->${xml}`],
  ])('stays good %s', async (_, change) => {
    expect(await verdictOn(change(signXml(rsa, DOCUMENT)))).toBe('TOTAL_PASSED');
  });

  it('is judged at the time of validation, since nothing proves an earlier one', async () => {
    const signed = signXml(rsa, DOCUMENT);
    const { signatures } = await verify(signed, new Date('2040-01-01T00:00:00Z'));
    expect(signatures).toMatchObject([
      { subIndication: 'OUT_OF_BOUNDS_NO_POE', code: 'CERTIFICATE_EXPIRED' },
    ]);
    expect(await verify(signed, new Date('2001-01-01T00:00:00Z'))).toMatchObject({
      subIndication: 'NOT_YET_VALID',
    });
  });

  it('of a stranger is not computed and not good', async () => {
    const stranger = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', signedBy: 'self' });
    const { signatures } = await verify(signXml(stranger, DOCUMENT));
    expect(signatures).toMatchObject([{ code: 'PATH_SELF_SIGNED', contentVerified: false }]);
    expect(signatures[0]?.steps.find(({ name }) => name === 'signature')?.result).toBe('not-run');
  });
});

describe('an altered document', () => {
  it.each([
    ['the content', '100</sum>', '900</sum>', MISMATCH],
    ['an attribute', 'n="1"', 'n="2"', MISMATCH],
    ['a namespace', 'urn:shop', 'urn:shoq', MISMATCH],
    ['text into a comment', '100</sum>', '<!--100--></sum>', MISMATCH],
    ['an element added', '</item>', '</item><item/>', MISMATCH],
    ['text hidden in a processing instruction', '100</sum>', '1<?x 00?></sum>', MISMATCH],
    ['a processing instruction in front', '<order', '<?xml-stylesheet href="x"?><order', MISMATCH],
    ['an attribute that looks like a namespace', '<item ', '<item xmlnsum="900" ', MISMATCH],
    ['a namespace that nothing uses', '<sum>', '<sum xmlns:h="http://www.w3.org/1999/xhtml">', MISMATCH],
    ['a foreign SignedInfo', '<sum>', '<SignedInfo/><sum>', MISMATCH],
    ['a CDATA section with more', '100</sum>', '<![CDATA[1000]]></sum>', MISMATCH],
  ])('is refused: %s', async (_, from, to, verdict) => {
    const signed = signXml(rsa, DOCUMENT);
    expect(signed).toContain(from);
    expect(await verdictOn(signed.replace(from, to))).toBe(verdict);
  });

  it.each([
    ['a line separator for a line end', '\n<ds:SignedInfo>', '\u2028<ds:SignedInfo>'],
    ['a second document element', '</order>', '</order><order/>'],
    ['text after the end', '</order>', '</order>and 900'],
    ['an end tag too many', '100</sum>', '100</b></sum>'],
    ['an entity nobody declared', '100</sum>', '100&x;</sum>'],
    ['an undeclared prefix', '<sum>', '<sum x:y="1">'],
    ['an attribute twice', 'n="1"', 'n="1" n="1"'],
    ['a reference to a character that is not one', '100</sum>', '100&#0;</sum>'],
    ['the end of a section in text', '100</sum>', '100]]></sum>'],
    ['a comment within a comment', '100</sum>', '100<!-- -- --></sum>'],
  ])('is broken where it is not well formed: %s', async (_, from, to) => {
    const signed = signXml(rsa, DOCUMENT);
    expect(signed).toContain(from);
    expect(await verdictOn(signed.replace(from, to))).toBe(BROKEN);
  });

  it('is not judged with a document type, whatever it declares', async () => {
    for (const type of [
      '<!DOCTYPE order>',
      '<!DOCTYPE order [<!ENTITY a "b">]>',
      '<!DOCTYPE o SYSTEM "file:///etc/passwd">',
    ]) {
      expect(await verdictOn(type + signXml(rsa, DOCUMENT))).toBe(NOT_SUPPORTED);
    }
  });
});

describe('signature wrapping', () => {
  it('fails when the signed document is moved inside another', async () => {
    const signed = signXml(rsa, DOCUMENT);
    expect(await verdictOn(`<order><sum>900</sum>${signed}</order>`)).toMatch(/^TOTAL_FAILED/);
  });

  it('fails when the signature is moved to another document', async () => {
    const signature = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(signXml(rsa, DOCUMENT))?.[0] ?? '';
    expect(await verdictOn(`<order>${signature}</order>`)).toMatch(/^TOTAL_FAILED HASH_FAILURE/);
  });

  it('is not judged when the reference has no URI at all', async () => {
    const signed = signXml(rsa, DOCUMENT).replace('<ds:Reference URI="">', '<ds:Reference>');
    expect(await verdictOn(signed)).toBe(NOT_SUPPORTED);
  });

  it('is not judged with a second reference', async () => {
    const signed = signXml(rsa, DOCUMENT);
    const reference = /<ds:Reference[\s\S]*<\/ds:Reference>/.exec(signed)?.[0] ?? '';
    expect(await verdictOn(signed.replace(reference, reference + reference))).toBe(NOT_SUPPORTED);
  });

  it('fails with a second SignedInfo', async () => {
    const signed = signXml(rsa, DOCUMENT);
    const info = /<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>/.exec(signed)?.[0] ?? '';
    expect(await verdictOn(signed.replace(info, info + info))).toMatch(/^TOTAL_FAILED FORMAT_FAILURE/);
  });

  it.each([
    ['text inside the signature', '<ds:SignatureValue>', '900<ds:SignatureValue>'],
    ['a foreign element inside the signature', '<ds:SignatureValue>', '<sum>900</sum><ds:SignatureValue>'],
    ['an element of XMLDSig where it does not belong', '<ds:KeyInfo>', '<ds:Manifest/><ds:KeyInfo>'],
  ])('fails with %s', async (_, from, to) => {
    const signed = signXml(rsa, DOCUMENT);
    expect(signed).toContain(from);
    expect(await verdictOn(signed.replace(from, to))).toMatch(/^TOTAL_FAILED FORMAT_FAILURE/);
  });

  it.each([
    ['an Object with content of its own', '</ds:Signature>', '<ds:Object>900</ds:Object></ds:Signature>'],
    ['a signature inside the signature', '<ds:KeyInfo>', '<ds:KeyInfo><ds:Signature/>'],
    ['an instruction inside the signature', '<ds:KeyInfo>', '<?pay 900?><ds:KeyInfo>'],
    ['an attribute that nothing signs', '<ds:KeyInfo>', '<ds:KeyInfo note="900">'],
    ['an attribute on the signature', '<ds:Signature ', '<ds:Signature xml:lang="kk" '],
  ])('is not judged with %s', async (_, from, to) => {
    const signed = signXml(rsa, DOCUMENT);
    expect(signed).toContain(from);
    expect(await verdictOn(signed.replace(from, to))).toBe(NOT_SUPPORTED);
  });

  it('is not judged with a comment inside the digest, the value or the certificate', async () => {
    const signed = signXml(rsa, DOCUMENT);
    for (const element of ['DigestValue', 'SignatureValue', 'X509Certificate']) {
      const commented = signed.replace(new RegExp(`(<ds:${element}>\\s*.{8})`), '$1<!-- -->');
      expect(commented).not.toBe(signed);
      expect(await verdictOn(commented)).toBe(NOT_SUPPORTED);
    }
  });

  it('finds nothing hidden in a comment between the parts of a signature', async () => {
    const signed = signXml(rsa, DOCUMENT).replace('<ds:KeyInfo>', '<!-- 900 --><ds:KeyInfo>');
    expect(await verdictOn(signed)).toBe('TOTAL_PASSED');
  });
});

describe('algorithms', () => {
  const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

  it('do not include SHA-1', async () => {
    expect(await verdictOn(signXml(rsa, DOCUMENT, { sha1: true }))).toBe(
      'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE SIGNATURE_ALGORITHM_FORBIDDEN',
    );
  });

  it.each([
    ['HMAC', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', `${XMLDSIG}hmac-sha1`],
    ['the standard SHA-1', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', `${XMLDSIG}rsa-sha1`],
    ['a property of every object', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'constructor'],
    ['a weak digest', 'http://www.w3.org/2001/04/xmlenc#sha256', `${XMLDSIG}sha1`],
  ])('do not include %s', async (_, from, to) => {
    const signed = signXml(rsa, DOCUMENT);
    expect(signed).toContain(`Algorithm="${from}"`);
    expect(await verdictOn(signed.replace(`Algorithm="${from}"`, `Algorithm="${to}"`))).toBe(
      'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE SIGNATURE_ALGORITHM_FORBIDDEN',
    );
  });

  it('must fit the key', async () => {
    const uri = 'urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512';
    const signed = signXml(rsa, DOCUMENT).replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', uri);
    expect(await verdictOn(signed)).toMatch(/SIGNATURE_ALGORITHM_MISMATCH$/);
  });

  it.each([
    ['XSLT', `${C14N}#WithComments`, 'http://www.w3.org/TR/1999/REC-xslt-19991116'],
    ['XPath', `${C14N}#WithComments`, 'http://www.w3.org/TR/1999/REC-xpath-19991116'],
    ['base64', `${C14N}#WithComments`, `${XMLDSIG}base64`],
    ["an order other than the standard's", `${XMLDSIG}enveloped-signature`, `${XMLDSIG}enveloped`],
    [
      'a canonical form nobody knows',
      `CanonicalizationMethod Algorithm="${C14N}"`,
      'CanonicalizationMethod Algorithm="urn:x"',
    ],
  ])('do not include transforms with %s', async (_, from, to) => {
    expect(await verdictOn(signXml(rsa, DOCUMENT).replace(from, to))).toBe(NOT_SUPPORTED);
  });

  it('that leave the signature within what it covers cannot give its digest', async () => {
    const signed = signXml(rsa, DOCUMENT).replace(`${XMLDSIG}enveloped-signature`, C14N);
    expect(await verdictOn(signed)).toBe(MISMATCH);
  });

  it('cannot be exchanged for others that are allowed', async () => {
    const other = 'http://www.w3.org/2001/10/xml-exc-c14n#';
    const signed = signXml(rsa, DOCUMENT).replace(`${C14N}#WithComments`, other);
    expect(await verdictOn(signed)).toMatch(/^TOTAL_FAILED/);
  });

  it('have no parameters', async () => {
    const method = /<ds:SignatureMethod ([^>]*)\/>/;
    const signed = signXml(rsa, DOCUMENT).replace(
      method,
      '<ds:SignatureMethod $1><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>',
    );
    expect(await verdictOn(signed)).toMatch(/SIGNATURE_ALGORITHM_FORBIDDEN$/);
  });
});

describe('missing parts', () => {
  it('no signature is no signature', async () => {
    expect(await verdictOn(DOCUMENT)).toBe('TOTAL_FAILED FORMAT_FAILURE SIGNATURE_NONE');
    expect(await verdictOn('<ds:Signature xmlns:ds="urn:other">x</ds:Signature>')).toMatch(/SIGNATURE_NONE$/);
  });

  it('no certificate is no signer', async () => {
    expect(await verdictOn(signXml(rsa, DOCUMENT, { withoutCertificate: true }))).toBe(
      'INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND SIGNATURE_CERTIFICATE_MISSING',
    );
  });

  it('a wrong value is a wrong signature', async () => {
    for (const key of [rsa, gost]) {
      expect(await verdictOn(signXml(key, DOCUMENT, { spoilSignature: true }))).toBe(
        'TOTAL_FAILED SIG_CRYPTO_FAILURE SIGNATURE_INVALID',
      );
    }
  });

  it("another's certificate is another's signature", async () => {
    const other = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    const of = (key: LabKey): string => /<ds:X509Certificate>[^<]*/.exec(signXml(key, DOCUMENT))?.[0] ?? '';
    expect(await verdictOn(signXml(rsa, DOCUMENT).replace(of(rsa), of(other)))).toBe(
      'TOTAL_FAILED SIG_CRYPTO_FAILURE SIGNATURE_INVALID',
    );
  });
});

describe('several signatures', () => {
  it('are judged one by one, each over what came before it', async () => {
    const report = await verify(signXml(gost, signXml(rsa, DOCUMENT)));
    expect(report.indication).toBe('TOTAL_PASSED');
    expect(report.signatures.map(({ algorithm }) => algorithm?.key)).toEqual([
      'RSA-2048',
      'GOST R 34.10-2015-512',
    ]);
  });

  it('are as good as the worst of them', async () => {
    const stranger = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', signedBy: 'self' });
    const report = await verify(signXml(gost, signXml(stranger, DOCUMENT)));
    expect(report.indication).toBe('INDETERMINATE');
    expect(report.signatures.map(({ indication }) => indication)).toEqual(['INDETERMINATE', 'TOTAL_PASSED']);
  });

  it('are not good when the first was taken away', async () => {
    const twice = signXml(gost, signXml(rsa, DOCUMENT));
    const [first = ''] = twice.match(/<ds:Signature [\s\S]*?<\/ds:Signature>/g) ?? [];
    expect(await verdictOn(twice.replace(first, ''))).toBe(MISMATCH);
  });

  it('are not judged when there are more than the limit', async () => {
    expect(await verdictOn(`<a>${`<s:Signature xmlns:s="${XMLDSIG}"/>`.repeat(17)}</a>`)).toBe(TOO_LARGE);
  });
});

describe('hostile input', () => {
  it.each([
    ['a name without end', `<${'a'.repeat(1_000)}`],
    ['an attribute without end', `<a ${'b'.repeat(1_000)}`],
    ['white space without end', `<a${' '.repeat(1_000_000)}`],
    ['ampersands', `<a>${'&amp'.repeat(100_000)}</a>`],
    ['a reference without end', `<a>&#${'1'.repeat(1_000_000)}</a>`],
    ['a comment without end', `<a><!--${'-'.repeat(1_000_000)}`],
    ['a value without end', `<a b="${'c'.repeat(1_000_000)}`],
    ['nothing', ''],
    ['half of UTF-16', '\uD800'],
  ])('of %s is broken', async (_, xml) => {
    expect(await verdictOn(xml)).toBe(BROKEN);
  });

  it('is never good with any byte of the document, the signature or its certificate changed', async () => {
    const signed = new TextEncoder().encode(signXml(rsa, DOCUMENT));
    const good = Buffer.from(signed).toString('latin1');
    // Line ends and character references in base64, and white space between the parts of a signature, carry nothing.
    const idle = /&#1[03];|\s/;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: signed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (position, flip) => {
          const changed = signed.slice();
          changed[position] = (changed[position] ?? 0) ^ flip;
          const now = Buffer.from(changed).toString('latin1');
          const { indication } = await verify(changed);
          const stripped = [good, now].map((text) => text.replace(new RegExp(idle, 'g'), ''));
          expect(indication === 'TOTAL_PASSED' && stripped[0] !== stripped[1]).toBe(false);
        },
      ),
      { numRuns: 250 },
    );
  });
});
