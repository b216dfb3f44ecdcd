import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { createPathMemo } from '../../../src/eds/path/memo.js';
import { buildCertificationPath } from '../../../src/eds/path/path.js';
import { createTrustSet, type TrustedCertificate, type TrustPurpose } from '../../../src/eds/trust-set.js';
import { createLaboratory, type LabKey, type Laboratory } from '../../../src/lab/index.js';
import { trusted } from '../support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const DAY = 86_400_000;
const ago = (days: number): Date => new Date(NOW.getTime() - days * DAY);

let lab: Laboratory;
let base: readonly TrustedCertificate[];

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  base = lab.trustCertificates().map(({ der, role }) => trusted(der, role));
});

function issue(request: Partial<Parameters<Laboratory['issue']>[0]>): Promise<LabKey> {
  return lab.issue({
    algorithm: 'gost2015-512',
    kind: 'individual',
    surname: 'СЕРІКОВ',
    givenName: 'АРМАН',
    iin: '900101300018',
    ...request,
  });
}

function pathOf(
  key: LabKey,
  entries: readonly TrustedCertificate[] = base,
  { at = NOW, purpose = 'document' }: { at?: Date; purpose?: TrustPurpose } = {},
): string | number {
  const result = buildCertificationPath(
    parseCertificate(key.certificate),
    createTrustSet('path', entries),
    purpose,
    at,
  );
  return result.ok ? result.path.length : result.code;
}

describe('a certification path', () => {
  it('leads from a person over the issuing CA to the root', async () => {
    expect(pathOf(await issue({}))).toBe(3);
  });

  it('ends at whatever is an anchor, self-signed or not', async () => {
    const [issuing] = lab.trustCertificates().filter(({ role }) => role === 'intermediate');
    expect(pathOf(await issue({}), [trusted(issuing!.der, 'anchor')])).toBe(2);
  });

  it('needs every certificate between leaf and anchor in the trust set', async () => {
    const anchors = base.filter(({ role }) => role === 'anchor');
    expect(pathOf(await issue({}), anchors)).toBe('PATH_UNTRUSTED');
  });

  it('knows an entry only inside its window and for its purposes', async () => {
    const key = await issue({});
    const change = (news: Partial<TrustedCertificate>): TrustedCertificate[] =>
      base.map((entry) => (entry.role === 'intermediate' ? { ...entry, ...news } : entry));
    expect(pathOf(key, change({ window: { from: null, until: NOW } }))).toBe('PATH_UNTRUSTED');
    expect(pathOf(key, change({ window: { from: new Date(NOW.getTime() + 1), until: null } }))).toBe(
      'PATH_UNTRUSTED',
    );
    expect(pathOf(key, change({ window: { from: NOW, until: new Date(NOW.getTime() + 1) } }))).toBe(3);
    expect(pathOf(key, change({ purposes: ['login'] }))).toBe('PATH_PURPOSE_NOT_ALLOWED');
    expect(pathOf(key, change({ purposes: ['login', 'document'] }), { purpose: 'login' })).toBe(3);
  });

  it('finds the right one of two CAs with the same name', async () => {
    const authority = { algorithm: 'gost2015-512', commonName: 'ДВОЙНИК' } as const;
    const [one, two] = [await lab.issueAuthority(authority), await lab.issueAuthority(authority)];
    const key = await issue({ issuer: two });
    const entries = [...base, trusted(one.certificate), trusted(two.certificate)];
    expect(pathOf(key, entries)).toBe(3);
    expect(pathOf(key, [...base, trusted(one.certificate)])).toBe('PATH_ISSUER_MISMATCH');
  });

  it('is refused under a CA that may not certify or whose path is too long', async () => {
    const noCa = await lab.issueAuthority({ algorithm: 'gost2015-512', commonName: 'НЕ ЦЕНТР', ca: false });
    const noSign = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'БЕЗ ПРАВА',
      mayCertify: false,
    });
    const narrow = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'УЗКИЙ',
      pathLength: 0,
    });
    const below = await lab.issueAuthority({ algorithm: 'gost2015-512', commonName: 'НИЖЕ', issuer: narrow });
    const entries = [noCa, noSign, narrow, below].map(({ certificate }) =>
      trusted(certificate, 'intermediate'),
    );
    const all = [...base, ...entries];
    expect(pathOf(await issue({ issuer: noCa }), all)).toBe('PATH_NOT_A_CA');
    expect(pathOf(await issue({ issuer: noSign }), all)).toBe('PATH_NOT_A_CA');
    expect(pathOf(await issue({ issuer: narrow }), all)).toBe(3);
    expect(pathOf(await issue({ issuer: below }), all)).toBe('PATH_LENGTH_EXCEEDED');
  });

  it('is judged at the given time: an expired CA still vouches for the past', async () => {
    const old = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'СТАРЫЙ',
      notBefore: ago(300),
      notAfter: ago(10),
    });
    const key = await issue({ issuer: old, notBefore: ago(200) });
    const entries = [...base, trusted(old.certificate)];
    expect(pathOf(key, entries)).toBe('PATH_CA_OUT_OF_VALIDITY');
    expect(pathOf(key, entries, { at: ago(20) })).toBe(3);
    expect(pathOf(key, entries, { at: ago(250) })).toBe('CERTIFICATE_NOT_YET_VALID');
    expect(pathOf(key, entries, { at: new Date(Number.NaN) })).toBe('CERTIFICATE_NOT_YET_VALID');
  });

  it('takes old AUTH certificates for signing in and not for signing documents', async () => {
    const usage = { bits: ['digitalSignature', 'keyEncipherment'], critical: true } as const;
    const key = await issue({ keyUsage: usage });
    expect(pathOf(key, base, { purpose: 'login' })).toBe(3);
    expect(pathOf(key, base)).toBe('CERTIFICATE_USAGE');
    expect(pathOf(key, base, { purpose: 'timestamp' })).toBe('CERTIFICATE_USAGE');
    expect(pathOf(key, base, { purpose: 'ocsp' })).toBe('CERTIFICATE_USAGE');
  });

  it('allows a critical extendedKeyUsage, as in keys with the right to sign', async () => {
    const purposes = ['1.3.6.1.5.5.7.3.4', '1.2.398.3.3.4.1.2', '1.2.398.3.3.4.1.2.2'];
    expect(pathOf(await issue({ extendedKeyUsage: { purposes, critical: true } }))).toBe(3);
  });

  it('refuses a critical extension nobody here understands', async () => {
    // 1.2.3.4, critical, with an empty SEQUENCE inside.
    const extension = Uint8Array.of(0x30, 0x0c, 6, 3, 0x2a, 3, 4, 1, 1, 0xff, 4, 2, 0x30, 0);
    expect(pathOf(await issue({ extensions: [extension] }))).toBe('CERTIFICATE_CRITICAL_EXTENSION');
  });

  it('remembers only who signed whom, and forgets what was not used for longest', async () => {
    const memo = createPathMemo(2);
    const key = parseCertificate((await issue({})).certificate);
    const trust = createTrustSet('memo', base);
    const remembered = buildCertificationPath(key, trust, 'document', NOW, memo);
    expect(remembered.ok).toBe(true);
    const [, issuing, root] = remembered.path;
    expect(memo.has(key, issuing!) && memo.has(issuing!, root!)).toBe(true);
    // Still judged anew: remembered links do not make an expired certificate good.
    const late = new Date(NOW.getTime() + 4000 * DAY);
    expect(buildCertificationPath(key, trust, 'document', late, memo).ok).toBe(false);
    memo.add(root!, root!);
    expect(memo.has(key, issuing!)).toBe(false);
  });
});
