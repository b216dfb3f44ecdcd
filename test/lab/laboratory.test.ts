import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { children, readTlv, toHex } from '../../src/lab/der.js';
import { createLaboratory, type Laboratory, type LabKey, type PersonKind } from '../../src/lab/index.js';
import { type GostCurve } from '../../src/lab/gost/gost3410.js';
import { type OpenSsl, openOpenSsl } from './openssl.js';

const NOW = new Date('2026-11-23T06:00:00Z');
let lab: Laboratory;
let openssl: OpenSsl;
beforeAll(async () => {
  openssl = openOpenSsl();
  lab = await createLaboratory({ now: NOW });
});
afterAll(() => {
  openssl.close();
});

const at = String(NOW.getTime() / 1000);

/** Whether the engine finds the issuer's signature on a certificate good. */
function gostSignatureHolds(certificate: LabKey, issuer: LabKey): boolean {
  const [tbs, , value] = children(certificate.certificate) as [Uint8Array, Uint8Array, Uint8Array];
  const curve = issuer.algorithm as GostCurve;
  const publicKey = readTlv(issuer.privateKey.publicKeyBits).content;
  return openssl.acceptsGost(
    curve,
    publicKey,
    issuer.privateKey.digest(tbs),
    readTlv(value).content.slice(1),
  );
}

function opensslVerifies(leaf: LabKey, ...options: readonly string[]): string {
  const { root, issuing } = lab.hierarchy('rsa-2048');
  const anchor = openssl.file('root.pem', root.certificatePem);
  const middle = openssl.file('issuing.pem', issuing.certificatePem);
  const file = openssl.file('leaf.pem', leaf.certificatePem);
  const base = ['verify', '-attime', at, '-CAfile', anchor, '-untrusted', middle, ...options];
  try {
    return openssl.run(...base, file).toString();
  } catch (error) {
    return (error as { stderr: Buffer }).stderr.toString();
  }
}

describe('certificates of the laboratory', () => {
  const kinds: PersonKind[] = [
    'individual',
    'head',
    'signing-right',
    'finance',
    'hr',
    'employee',
    'information-system',
  ];

  it.each(kinds)('are accepted by OpenSSL with their path: %s', async (kind) => {
    const leaf = await lab.issue({
      kind,
      algorithm: 'rsa-2048',
      bin: '240140000017',
      organisation: 'ТОО "ЛАБ"',
    });
    expect(opensslVerifies(leaf, '-purpose', 'smimesign', '-x509_strict')).toMatch(/: OK\n$/);
  });

  it.each(['gost2015-512', 'gost2015-256', 'gost2004-256'] as const)(
    'carry signatures the GOST engine accepts, from the %s leaf to the root',
    async (algorithm) => {
      const { root, issuing } = lab.hierarchy(algorithm);
      const leaf = await lab.issue({ kind: 'individual', algorithm });
      expect(gostSignatureHolds(leaf, issuing)).toBe(true);
      expect(gostSignatureHolds(issuing, root)).toBe(true);
      expect(gostSignatureHolds(root, root)).toBe(true);
    },
  );

  it('say who the person is where НУЦ РК says it', async () => {
    const leaf = await lab.issue({
      kind: 'employee',
      algorithm: 'gost2015-512',
      surname: 'ТҰМАНОВ',
      givenName: 'ЕРТЕГІ',
      patronymic: 'МИФҰЛЫ',
      iin: '900101300017',
      bin: '240140000017',
      organisation: 'ТОО "ЛАБ"',
    });
    expect(leaf.facts.subjectAttributes).toEqual([
      ['2.5.4.3', 'ТҰМАНОВ ЕРТЕГІ'],
      ['2.5.4.4', 'ТҰМАНОВ'],
      ['2.5.4.5', 'IIN900101300017'],
      ['2.5.4.6', 'KZ'],
      ['2.5.4.10', 'ТОО "ЛАБ"'],
      ['2.5.4.11', 'BIN240140000017'],
      ['2.5.4.42', 'МИФҰЛЫ'],
    ]);
    expect(leaf.facts.keyUsages).toEqual(['1.3.6.1.5.5.7.3.4', '1.2.398.3.3.4.1.2', '1.2.398.3.3.4.1.2.5']);
  });

  it('give an information system no person', async () => {
    const leaf = await lab.issue({
      kind: 'information-system',
      algorithm: 'gost2015-512',
      bin: '240140000017',
    });
    expect(leaf.facts.subjectAttributes.map(([type]) => type)).not.toContain('2.5.4.5');
    expect(leaf.facts.keyUsages).toEqual(['1.2.398.3.3.4.1.2', '1.2.398.3.3.4.1.2.6']);
  });
});

describe('defective certificates', () => {
  const person = { kind: 'individual', algorithm: 'rsa-2048' } as const;

  it.each([
    [
      'expired',
      { notBefore: new Date('2025-01-01'), notAfter: new Date('2026-01-01') },
      /certificate has expired/,
    ],
    ['not yet valid', { notBefore: new Date('2027-01-01') }, /not yet valid/],
    ['of a stranger', { signedBy: 'self' }, /self-signed certificate/],
    [
      'with the right issuer name and a wrong signature',
      { signedBy: 'stranger' },
      /signature failure|unable to get local issuer/,
    ],
  ] as const)('are refused by OpenSSL for the reason they were made for: %s', async (_, defect, reason) => {
    expect(opensslVerifies(await lab.issue({ ...person, ...defect }))).toMatch(reason);
  });

  it('are refused when a person plays the authority', async () => {
    const [issuer] = await Promise.all([lab.issue(person)]);
    const leaf = await lab.issue({ ...person, issuer });
    const untrusted = openssl.file('person.pem', issuer.certificatePem);
    expect(opensslVerifies(leaf, '-untrusted', untrusted)).toMatch(/invalid CA certificate/);
  });

  it('are refused when the path is longer than the authority allows', async () => {
    const { issuing } = lab.hierarchy('rsa-2048');
    const issuer = await lab.issueAuthority({ algorithm: 'rsa-2048', issuer: issuing });
    const leaf = await lab.issue({ ...person, issuer });
    const untrusted = openssl.file('lower.pem', issuer.certificatePem);
    expect(opensslVerifies(leaf, '-untrusted', untrusted)).toMatch(/path length constraint exceeded/);
  });
});

describe('signatures of the laboratory', () => {
  const content = new Uint8Array(Buffer.from('Қақпа: сынақ мәтіні\n'));

  function opensslAcceptsCms(cms: Uint8Array, ...options: readonly string[]): string {
    const { root, issuing } = lab.hierarchy('rsa-2048');
    const anchors = openssl.file('anchors.pem', root.certificatePem + issuing.certificatePem);
    const base = ['cms', '-verify', '-binary', '-attime', at, '-inform', 'DER', '-CAfile', anchors];
    try {
      return openssl.run(...base, '-in', openssl.file('signature.cms', cms), ...options).toString();
    } catch (error) {
      return (error as { stderr: Buffer }).stderr.toString();
    }
  }

  it.each([
    ['as NCALayer makes it', {}],
    ['with indefinite lengths', { indefiniteLength: true }],
    ['without signed attributes', { signedAttributes: false }],
    ['with the key named as signature algorithm', { signatureAlgorithm: 'key' }],
    ['with PSS', { scheme: 'pss' }],
    ['with SHA-1, which a gateway refuses', { scheme: 'sha1' }],
    ['with a time-stamp', { timestamp: {} }],
  ] as const)('are accepted by OpenSSL: %s', async (_, options) => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    expect(opensslAcceptsCms(await lab.signCms(key, content, options))).toBe(Buffer.from(content).toString());
  });

  it('are accepted detached, over these bytes only', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    const cms = await lab.signCms(key, content, { detached: true });
    const right = openssl.file('right', content);
    const wrong = openssl.file('wrong', 'other bytes');
    expect(opensslAcceptsCms(cms, '-content', right)).toBe(Buffer.from(content).toString());
    expect(opensslAcceptsCms(cms, '-content', wrong)).toMatch(
      /messagedigest|digest failure|verification failure/i,
    );
  });

  it.each([
    ['spoiled', { spoilSignature: true }, /verification failure|bad signature/i],
    ['of other bytes', { messageDigestOf: Uint8Array.of(1) }, /verification failure|digest/i],
    ['without the certificate', { certificates: 'none' }, /signer certificate not found/],
    ['without a signer', { noSigners: true }, /no signers|not signed|signer/i],
  ] as const)('are refused by OpenSSL when they are %s', async (_, options, reason) => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    expect(opensslAcceptsCms(await lab.signCms(key, content, options))).toMatch(reason);
  });

  it.each(['gost2015-512', 'gost2004-256'] as const)(
    'with %s hold for the GOST engine',
    async (algorithm) => {
      const key = await lab.issue({ kind: 'individual', algorithm });
      const cms = await lab.signCms(key, content, { signedAttributes: false });
      const [, wrapped] = children(cms) as [Uint8Array, Uint8Array];
      const signerInfo = children(children(children(wrapped)[0]!).at(-1)!)[0]!;
      const value = readTlv(children(signerInfo).at(-1)!).content;
      const publicKey = readTlv(key.facts.publicKeyBits).content;
      expect(openssl.acceptsGost(algorithm, publicKey, key.privateKey.digest(content), value)).toBe(true);
    },
  );

  it('name the key instead of the signature in GOST-2004, as the native Kalkan does', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'gost2004-256' });
    const cms = toHex(await lab.signCms(key, content));
    const { key: keyOid, signature } = key.privateKey.identifiers();
    expect(cms.split(toHex(keyOid))).toHaveLength(2);
    // the certificate inside names it twice
    expect(cms.split(toHex(signature))).toHaveLength(3);
  });
});
