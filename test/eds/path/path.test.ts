import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { createPathMemo } from '../../../src/eds/path/memo.js';
import { buildAuthorityPath, buildCertificationPath } from '../../../src/eds/path/path.js';
import { createTrustSet, type TrustedCertificate, type TrustPurpose } from '../../../src/eds/trust-set.js';
import { createLaboratory, type LabKey, type Laboratory } from '../../../src/lab/index.js';
import { extendedKeyUsage } from '../../../src/lab/certificate.js';
import { extension, nullValue, oid, sequence, tlv } from '../../../src/lab/der.js';
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

/** The extensions that narrow a path (RFC 5280), each with a value that its standard allows. */
const CONSTRAINTS = [
  ['nameConstraints', '2.5.29.30', sequence(tlv(0xa0, sequence(tlv(0x82, new TextEncoder().encode('kz')))))],
  ['policyMappings', '2.5.29.33', sequence(sequence(oid('1.2.398.3.3.2'), oid('1.2.3.4')))],
  ['policyConstraints', '2.5.29.36', sequence(tlv(0x80, Uint8Array.of(0)))],
  ['inhibitAnyPolicy', '2.5.29.54', tlv(0x02, Uint8Array.of(0))],
] as const;

describe('a path with constraints that are not processed', () => {
  const authority = (extensions: readonly Uint8Array[], issuer?: LabKey | 'self'): Promise<LabKey> =>
    lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'С ОГРАНИЧЕНИЯМИ',
      extensions,
      ...(issuer === undefined ? {} : { issuer }),
    });

  describe.each(CONSTRAINTS)('%s', (_name, id, value) => {
    it.each([true, false])('is refused where an intermediate has it, critical: %s', async (critical) => {
      const issuer = await authority([extension(id, value, critical)]);
      const entries = [...base, trusted(issuer.certificate)];
      expect(pathOf(await issue({ issuer }), entries)).toBe('PATH_CONSTRAINTS_NOT_SUPPORTED');
    });

    it.each([true, false])(
      'is refused where an upper intermediate has it, critical: %s',
      async (critical) => {
        const upper = await authority([extension(id, value, critical)]);
        const issuer = await authority([], upper);
        const entries = [...base, trusted(upper.certificate), trusted(issuer.certificate)];
        expect(pathOf(await issue({ issuer }), entries)).toBe('PATH_CONSTRAINTS_NOT_SUPPORTED');
      },
    );

    it.each([true, false])('is refused where the anchor has it, critical: %s', async (critical) => {
      const root = await authority([extension(id, value, critical)], 'self');
      expect(pathOf(await issue({ issuer: root }), [trusted(root.certificate)])).toBe(
        'PATH_CONSTRAINTS_NOT_SUPPORTED',
      );
    });

    it.each([true, false])(
      'is refused where the holder’s own certificate has it, critical: %s',
      async (critical) => {
        const key = await issue({ extensions: [extension(id, value, critical)] });
        expect(pathOf(key)).toBe('PATH_CONSTRAINTS_NOT_SUPPORTED');
      },
    );

    it('and there is no path to such an authority itself', async () => {
      const issuer = await authority([extension(id, value)]);
      const trust = createTrustSet('path', [...base, trusted(issuer.certificate)]);
      expect(buildAuthorityPath(parseCertificate(issuer.certificate), trust, 'document', NOW)).toMatchObject({
        ok: false,
        code: 'PATH_CONSTRAINTS_NOT_SUPPORTED',
      });
    });
  });

  it('keeps its links, so that the signature below can still be computed', async () => {
    const [, id, value] = CONSTRAINTS[0];
    const issuer = await authority([extension(id, value)]);
    const leaf = parseCertificate((await issue({ issuer })).certificate);
    const trust = createTrustSet('path', [...base, trusted(issuer.certificate)]);
    expect(buildCertificationPath(leaf, trust, 'document', NOW).path).toHaveLength(3);
  });
});

describe('the extended key usages of a CA', () => {
  const EMAIL = '1.3.6.1.5.5.7.3.4';
  const CLIENT = '1.3.6.1.5.5.7.3.2';
  const SERVER = '1.3.6.1.5.5.7.3.1';
  const STAMPS = '1.3.6.1.5.5.7.3.8';
  const ANY = '2.5.29.37.0';
  const INDIVIDUAL = '1.2.398.3.3.4.1.1';

  async function under(
    purposes: readonly string[],
    request: Partial<Parameters<Laboratory['issue']>[0]> = {},
    purpose: TrustPurpose = 'document',
  ): Promise<string | number> {
    const issuer = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'УЗКОГО НАЗНАЧЕНИЯ',
      extensions: [extendedKeyUsage(purposes)],
    });
    return pathOf(await issue({ issuer, ...request }), [...base, trusted(issuer.certificate)], { purpose });
  }

  it.each([
    ['any usage', [ANY]],
    ['the usage of the holder', [EMAIL]],
    ['the template of the holder', [INDIVIDUAL]],
    ['another usage besides', [SERVER, EMAIL]],
  ])('let a holder sign who has %s', async (_what, purposes) => {
    expect(await under(purposes)).toBe(3);
    expect(await under(purposes, {}, 'login')).toBe(3);
  });

  it.each([
    ['servers', [SERVER]],
    ['time-stamps', [STAMPS]],
    ['another personal usage than the holder’s', [CLIENT]],
    ['another template than the holder’s', ['1.2.398.3.3.4.1.2.1']],
  ])('do not where they are of %s', async (_what, purposes) => {
    expect(await under(purposes)).toBe('PATH_USAGE_NOT_ALLOWED');
    expect(await under(purposes, {}, 'login')).toBe('PATH_USAGE_NOT_ALLOWED');
  });

  it('limit a holder whose certificate names no usage, or every one', async () => {
    expect(await under([EMAIL], { extendedKeyUsage: null })).toBe(3);
    expect(await under([SERVER], { extendedKeyUsage: null })).toBe('PATH_USAGE_NOT_ALLOWED');
    expect(await under([EMAIL], { extendedKeyUsage: { purposes: [ANY] } })).toBe(3);
    expect(await under([SERVER], { extendedKeyUsage: { purposes: [ANY] } })).toBe('PATH_USAGE_NOT_ALLOWED');
  });

  it('limit time-stamping authorities as well', async () => {
    const stamping = {
      keyUsage: { bits: ['digitalSignature'] as const },
      extendedKeyUsage: { purposes: [STAMPS], critical: true },
    };
    expect(await under([STAMPS], stamping, 'timestamp')).toBe(3);
    expect(await under([EMAIL], stamping, 'timestamp')).toBe('PATH_USAGE_NOT_ALLOWED');
  });

  it('of a whole chain leave only what all of them allow', async () => {
    const upper = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'ВЕРХНИЙ',
      extensions: [extendedKeyUsage([CLIENT])],
    });
    const lower = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'НИЖНИЙ',
      issuer: upper,
      extensions: [extendedKeyUsage([EMAIL])],
    });
    const entries = [...base, trusted(upper.certificate), trusted(lower.certificate)];
    const both = { purposes: [CLIENT, EMAIL] };
    expect(pathOf(await issue({ issuer: lower, extendedKeyUsage: both }), entries)).toBe(
      'PATH_USAGE_NOT_ALLOWED',
    );
    expect(pathOf(await issue({ issuer: upper, extendedKeyUsage: both }), entries)).toBe(3);
  });

  it('of an anchor count too', async () => {
    const root = await lab.issueAuthority({
      algorithm: 'gost2015-512',
      commonName: 'КОРЕНЬ СЕРВЕРОВ',
      issuer: 'self',
      extensions: [extendedKeyUsage([SERVER])],
    });
    expect(pathOf(await issue({ issuer: root }), [trusted(root.certificate)])).toBe('PATH_USAGE_NOT_ALLOWED');
  });
});

describe('a critical extension', () => {
  it.each([
    ['cRLNumber', '2.5.29.20'],
    ['reasonCode', '2.5.29.21'],
    ['holdInstructionCode', '2.5.29.23'],
    ['invalidityDate', '2.5.29.24'],
    ['deltaCRLIndicator', '2.5.29.27'],
    ['issuingDistributionPoint', '2.5.29.28'],
    ['certificateIssuer', '2.5.29.29'],
    ['expiredCertsOnCRL', '2.5.29.60'],
    ['ocspNoCheck', '1.3.6.1.5.5.7.48.1.5'],
    ['privateKeyUsagePeriod', '2.5.29.16'],
    ['subjectDirectoryAttributes', '2.5.29.9'],
    ['issuerAltName', '2.5.29.18'],
  ])('%s means nothing in the certificate of a person', async (_name, id) => {
    const marked = await issue({ extensions: [extension(id, nullValue(), true)] });
    expect(pathOf(marked)).toBe('CERTIFICATE_CRITICAL_EXTENSION');
    expect(pathOf(await issue({ extensions: [extension(id, nullValue())] }))).toBe(3);
  });

  it('ocspNoCheck is understood where it belongs', async () => {
    const key = await issue({
      keyUsage: { bits: ['digitalSignature'] },
      extendedKeyUsage: { purposes: ['1.3.6.1.5.5.7.3.9'] },
      extensions: [extension('1.3.6.1.5.5.7.48.1.5', nullValue(), true)],
    });
    expect(pathOf(key, base, { purpose: 'ocsp' })).toBe(3);
  });
});
