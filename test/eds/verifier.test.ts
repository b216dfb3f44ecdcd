import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RevocationFinding, type RevocationSource } from '../../src/eds/judgement/revocation.js';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import { createLaboratory, type LabKey, type Laboratory } from '../../src/lab/index.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from './support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const ISSUED = new Date(NOW.getTime() - 60_000);
const DAY = 86_400_000;
const CHALLENGE = new TextEncoder().encode('QAQPA-LOGIN/1\n\nhttps://login.example.kz\n');
const DOCUMENT = new TextEncoder().encode('Договор № 1');

const LOGIN = {
  name: 'login',
  challenge: CHALLENGE,
  challengeIssuedAt: ISSUED,
  revocation: 'required',
  checksums: 'warn',
} as const;

const GOOD: RevocationFinding = { status: 'good', source: 'ocsp', producedAt: NOW, asOf: NOW };

/** Says "good" about everything but the given certificate. */
function sourceSaying(finding: RevocationFinding, about?: Uint8Array): RevocationSource {
  return {
    statusOf: (certificate) =>
      Promise.resolve(about === undefined || Buffer.compare(certificate.der, about) === 0 ? finding : GOOD),
  };
}

function verdictOf({ indication, subIndication, code }: VerificationReport): unknown[] {
  return [indication, subIndication, code];
}

const PASSED = ['TOTAL_PASSED', null, null];
const PERSON = {
  kind: 'individual',
  surname: 'СЕРІКОВ',
  givenName: 'АРМАН',
  patronymic: 'БОЛАТҰЛЫ',
} as const;

let lab: Laboratory;
let trust: TrustSet;
let arman: LabKey;

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
  arman = await issue({});
});

function issue(request: Partial<Parameters<Laboratory['issue']>[0]>): Promise<LabKey> {
  return lab.issue({ algorithm: 'gost2015-512', iin: '900101300018', ...PERSON, ...request });
}

async function login(
  cms: Uint8Array,
  source: RevocationSource = sourceSaying(GOOD),
  policy: Partial<typeof LOGIN> | { checksums: 'refuse' } = {},
): Promise<unknown[]> {
  return verdictOf(await verifyCms({ cms }, trust, source, { ...LOGIN, ...policy }, NOW));
}

describe('a login', () => {
  it('passes with the challenge attached or detached, in DER and in BER with indefinite lengths', async () => {
    for (const options of [{}, { detached: true }, { indefiniteLength: true }, { signingTime: null }]) {
      expect(await login(await lab.signCms(arman, CHALLENGE, options))).toEqual(PASSED);
    }
  });

  it('names the person, the path and who was asked', async () => {
    const cms = await lab.signCms(arman, CHALLENGE);
    const report = await verifyCms({ cms }, trust, sourceSaying(GOOD), LOGIN, NOW);
    expect(report.signatures[0]).toMatchObject({
      format: 'CAdES-B',
      contentVerified: true,
      signer: { kind: 'individual', name: 'СЕРІКОВ АРМАН БОЛАТҰЛЫ', bin: null, roles: ['individual'] },
      bestSignatureTime: NOW.toISOString(),
      revocation: [{ status: 'good' }, { status: 'good' }],
    });
    expect(report.signatures[0]?.steps.map(({ result }) => result)).toEqual([
      ...['passed', 'passed', 'passed', 'passed', 'passed'],
      ...['not-run', 'passed', 'passed'],
    ]);
  });

  it('is refused over other text, altered text and another digest', async () => {
    const mismatch = ['TOTAL_FAILED', 'HASH_FAILURE', 'SIGNATURE_CONTENT_MISMATCH'];
    const other = new TextEncoder().encode('QAQPA-LOGIN/1\n\nhttps://evil.example\n');
    for (const cms of [
      await lab.signCms(arman, other),
      await lab.signCms(arman, other, { detached: true }),
      await lab.signCms(arman, CHALLENGE, { encapsulated: other }),
      await lab.signCms(arman, other, { encapsulated: CHALLENGE }),
      await lab.signCms(arman, CHALLENGE, { messageDigestOf: other }),
      await lab.signCms(arman, new Uint8Array(0)),
    ]) {
      expect(await login(cms)).toEqual(mismatch);
    }
  });

  it.each([
    [
      'two signers',
      { alsoSignedBy: 'arman' },
      ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE', 'SIGNATURE_MULTIPLE'],
    ],
    ['no signer', { noSigners: true }, ['TOTAL_FAILED', 'FORMAT_FAILURE', 'SIGNATURE_NONE']],
    [
      'no certificate',
      { certificates: 'none' },
      ['INDETERMINATE', 'NO_SIGNING_CERTIFICATE_FOUND', 'SIGNATURE_CERTIFICATE_MISSING'],
    ],
    [
      'the ESS attribute of another certificate',
      { signingCertificate: 'wrong' },
      ['INDETERMINATE', 'NO_SIGNING_CERTIFICATE_FOUND', 'SIGNATURE_CERTIFICATE_MISMATCH'],
    ],
    [
      'no signed attributes',
      { signedAttributes: false },
      ['TOTAL_FAILED', 'FORMAT_FAILURE', 'SIGNATURE_ATTRIBUTES_INVALID'],
    ],
    [
      'a spoilt signature',
      { spoilSignature: true },
      ['TOTAL_FAILED', 'SIG_CRYPTO_FAILURE', 'SIGNATURE_INVALID'],
    ],
    [
      'content of another type',
      { eContentType: '1.2.840.113549.1.7.5' },
      ['TOTAL_FAILED', 'FORMAT_FAILURE', 'SIGNATURE_CONTENT_UNEXPECTED'],
    ],
    [
      'content of the type of a time-stamp',
      { eContentType: '1.2.840.113549.1.9.16.1.4' },
      ['TOTAL_FAILED', 'FORMAT_FAILURE', 'FORMAT_NOT_A_SIGNATURE'],
    ],
  ] as const)('is refused with %s', async (_defect, options, verdict) => {
    const given = 'alsoSignedBy' in options ? { alsoSignedBy: [arman] } : options;
    expect(await login(await lab.signCms(arman, CHALLENGE, given))).toEqual(verdict);
  });

  it('is refused with somebody else’s certificate in place of the signer’s', async () => {
    const foreign = await issue({ iin: '850505400014' });
    const cms = await lab.signCms(arman, CHALLENGE, { certificates: { foreign } });
    expect(await login(cms)).toEqual([
      'INDETERMINATE',
      'NO_SIGNING_CERTIFICATE_FOUND',
      'SIGNATURE_CERTIFICATE_MISSING',
    ]);
  });

  it('is refused where the certificate is exchanged for another one of the same key and number', async () => {
    const serialNumber = new Uint8Array(Buffer.from(arman.id, 'hex'));
    const twin = await issue({ privateKey: arman.privateKey, serialNumber });
    const cms = await lab.signCms(arman, CHALLENGE, { certificates: { foreign: twin } });
    expect(await login(cms)).toEqual([
      'INDETERMINATE',
      'NO_SIGNING_CERTIFICATE_FOUND',
      'SIGNATURE_CERTIFICATE_MISMATCH',
    ]);
  });

  it.each([
    ['a self-signed stranger', { signedBy: 'self' }, 'NO_CERTIFICATE_CHAIN_FOUND', 'PATH_SELF_SIGNED'],
    [
      'a stranger under our CA’s name',
      { signedBy: 'stranger' },
      'NO_CERTIFICATE_CHAIN_FOUND',
      'PATH_ISSUER_MISMATCH',
    ],
    [
      'an information system',
      { kind: 'information-system', bin: '123456789021' },
      'SIG_CONSTRAINTS_FAILURE',
      'IDENTITY_NOT_A_PERSON',
    ],
    ['an IIN of eleven digits', { iin: '12345678901' }, 'SIG_CONSTRAINTS_FAILURE', 'IDENTITY_IIN_MALFORMED'],
    [
      'a BIN of thirteen digits',
      { bin: '1234567890212' },
      'SIG_CONSTRAINTS_FAILURE',
      'IDENTITY_BIN_MALFORMED',
    ],
    [
      'two IINs',
      { extraSubject: [['2.5.4.5', 'IIN850505400014']] },
      'SIG_CONSTRAINTS_FAILURE',
      'IDENTITY_IIN_REPEATED',
    ],
    [
      'a usage that does not sign',
      { keyUsage: { bits: ['keyEncipherment'], critical: true } },
      'CHAIN_CONSTRAINTS_FAILURE',
      'CERTIFICATE_USAGE',
    ],
    [
      'a time-stamping certificate',
      { extendedKeyUsage: { purposes: ['1.3.6.1.5.5.7.3.8'], critical: true } },
      'CHAIN_CONSTRAINTS_FAILURE',
      'CERTIFICATE_USAGE',
    ],
  ] as const)('is refused from %s', async (_who, request, subIndication, code) => {
    const key = await issue(request);
    const cms = await lab.signCms(key, CHALLENGE);
    expect(await login(cms)).toEqual(['INDETERMINATE', subIndication, code]);
  });

  it('is refused from a certificate that expired or has not begun, and says which', async () => {
    const expired = await issue({
      notBefore: new Date(NOW.getTime() - 2 * DAY),
      notAfter: new Date(NOW.getTime() - DAY),
    });
    const early = await issue({ notBefore: new Date(NOW.getTime() + DAY) });
    const lastMinute = await issue({ notAfter: new Date(NOW.getTime() - 30_000) });
    expect(await login(await lab.signCms(expired, CHALLENGE))).toEqual([
      'TOTAL_FAILED',
      'EXPIRED',
      'CERTIFICATE_EXPIRED',
    ]);
    expect(await login(await lab.signCms(lastMinute, CHALLENGE))).toEqual([
      'INDETERMINATE',
      'OUT_OF_BOUNDS_NO_POE',
      'CERTIFICATE_EXPIRED',
    ]);
    expect(await login(await lab.signCms(early, CHALLENGE))).toEqual([
      'TOTAL_FAILED',
      'NOT_YET_VALID',
      'CERTIFICATE_NOT_YET_VALID',
    ]);
  });

  it('is refused where a person’s key issued the certificate, though that person is trusted by mistake', async () => {
    const key = await issue({ issuer: arman, iin: '850505400014' });
    const cms = await lab.signCms(key, CHALLENGE);
    expect(await login(cms)).toEqual(['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND', 'PATH_UNTRUSTED']);
    const careless = createTrustSet('careless', [
      ...trust.entries,
      trusted(arman.certificate, 'intermediate'),
    ]);
    const report = await verifyCms({ cms }, careless, sourceSaying(GOOD), LOGIN, NOW);
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE', 'PATH_NOT_A_CA']);
  });

  it('is refused by control digits only where the policy says so', async () => {
    const cms = await lab.signCms(await issue({ iin: '123456789011' }), CHALLENGE);
    expect(await login(cms)).toEqual(PASSED);
    expect(await login(cms, sourceSaying(GOOD), { checksums: 'refuse' })).toEqual([
      'INDETERMINATE',
      'SIG_CONSTRAINTS_FAILURE',
      'IDENTITY_IIN_CHECKSUM',
    ]);
  });

  it.each([
    [
      {
        status: 'revoked',
        revokedAt: new Date(ISSUED.getTime() - 1),
        source: 'ocsp',
        producedAt: NOW,
        asOf: NOW,
      },
      ['TOTAL_FAILED', 'REVOKED', 'CERTIFICATE_REVOKED'],
    ],
    [
      { status: 'revoked', revokedAt: NOW, source: 'crl', producedAt: NOW, asOf: NOW },
      ['INDETERMINATE', 'REVOKED_NO_POE', 'CERTIFICATE_REVOKED'],
    ],
    [
      {
        status: 'revoked',
        revokedAt: new Date(NOW.getTime() + DAY),
        source: 'crl',
        producedAt: NOW,
        asOf: NOW,
      },
      ['INDETERMINATE', 'REVOKED_NO_POE', 'CERTIFICATE_REVOKED'],
    ],
    [
      { status: 'not-issued', source: 'ocsp', producedAt: NOW, asOf: NOW },
      ['TOTAL_FAILED', 'REVOKED', 'CERTIFICATE_NOT_ISSUED'],
    ],
    [
      { status: 'unknown', source: 'ocsp', producedAt: NOW, asOf: NOW },
      ['INDETERMINATE', 'TRY_LATER', 'REVOCATION_UNKNOWN'],
    ],
    [
      { status: 'unavailable', source: 'none', code: 'OCSP_STALE' },
      ['INDETERMINATE', 'TRY_LATER', 'OCSP_STALE'],
    ],
    [{ status: 'not-checked', source: 'none' }, ['INDETERMINATE', 'TRY_LATER', 'REVOCATION_UNAVAILABLE']],
  ] as const)('is refused where the answer about the certificate is %j', async (finding, verdict) => {
    const cms = await lab.signCms(arman, CHALLENGE);
    expect(await login(cms, sourceSaying(finding, arman.certificate))).toEqual(verdict);
  });

  it('is refused where the issuing CA is revoked or nobody knows about it', async () => {
    const cms = await lab.signCms(arman, CHALLENGE);
    const [issuing] = lab.trustCertificates().filter(({ role }) => role === 'intermediate');
    const revoked = {
      status: 'revoked',
      revokedAt: ISSUED,
      source: 'crl',
      producedAt: NOW,
      asOf: NOW,
    } as const;
    const silent = { status: 'unavailable', source: 'none', code: 'REVOCATION_UNAVAILABLE' } as const;
    expect(await login(cms, sourceSaying(revoked, issuing!.der))).toEqual([
      'INDETERMINATE',
      'REVOKED_CA_NO_POE',
      'CERTIFICATE_REVOKED',
    ]);
    expect(await login(cms, sourceSaying(silent, issuing!.der))).toEqual([
      'INDETERMINATE',
      'TRY_LATER',
      'REVOCATION_UNAVAILABLE',
    ]);
  });

  it('asks nobody about a stranger or about a signature that is not good', async () => {
    const stranger = await issue({ signedBy: 'stranger' });
    await login(await lab.signCms(stranger, CHALLENGE), NOBODY_TO_ASK);
    await login(await lab.signCms(arman, CHALLENGE, { spoilSignature: true }), NOBODY_TO_ASK);
    await expect(login(await lab.signCms(arman, CHALLENGE), NOBODY_TO_ASK)).rejects.toThrow('nobody');
  });

  it('is judged now, whatever its time-stamp says, and tells what is wrong with one', async () => {
    expect(await login(await lab.signCms(arman, CHALLENGE, { timestamp: {} }))).toEqual(PASSED);
    for (const [timestamp, code] of [
      [{ imprint: 'wrong' }, 'TIMESTAMP_IMPRINT_MISMATCH'],
      [{ over: CHALLENGE }, 'TIMESTAMP_IMPRINT_MISMATCH'],
      [{ spoilSignature: true }, 'TIMESTAMP_INVALID'],
      [{ signingCertificate: false }, 'TIMESTAMP_INVALID'],
      [{ signingCertificate: 'wrong' }, 'TIMESTAMP_INVALID'],
      [{ certificates: 'none' }, 'TIMESTAMP_INVALID'],
      [{ signer: arman }, 'TIMESTAMP_UNTRUSTED'],
    ] as const) {
      const cms = await lab.signCms(arman, CHALLENGE, { timestamp });
      const { signatures } = await verifyCms({ cms }, trust, sourceSaying(GOOD), LOGIN, NOW);
      const [signature] = signatures;
      expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', timestamps: [{ valid: false, code }] });
      expect(signature?.warnings).toContain(code);
    }
  });
});

describe('a document', () => {
  const judge = async (
    cms: Uint8Array,
    content?: Uint8Array,
    at = NOW,
    source = NOBODY_TO_ASK,
  ): Promise<unknown[]> => {
    const evidence = content === undefined ? { cms } : { cms, content };
    const policy =
      source === NOBODY_TO_ASK ? OFFLINE_DOCUMENT : { ...OFFLINE_DOCUMENT, revocation: 'required' as const };
    return verdictOf(await verifyCms(evidence, trust, source, policy, at));
  };

  it('is never what was signed to log in', async () => {
    expect(await judge(await lab.signCms(arman, CHALLENGE))).toEqual([
      'INDETERMINATE',
      'SIG_CONSTRAINTS_FAILURE',
      'SIGNATURE_IS_A_LOGIN',
    ]);
  });

  it('may have several signers; the worst decides', async () => {
    const stranger = await issue({ signedBy: 'stranger' });
    const both = await lab.signCms(arman, DOCUMENT, { alsoSignedBy: [await issue({ iin: '850505400014' })] });
    expect(await judge(both)).toEqual(PASSED);
    const mixed = await lab.signCms(arman, DOCUMENT, { alsoSignedBy: [stranger] });
    expect(await judge(mixed)).toEqual([
      'INDETERMINATE',
      'NO_CERTIFICATE_CHAIN_FOUND',
      'PATH_ISSUER_MISMATCH',
    ]);
  });

  it('may be signed without signed attributes, unless it reads as the attributes of another signature', async () => {
    expect(await judge(await lab.signCms(arman, DOCUMENT, { signedAttributes: false }))).toEqual(PASSED);
    const attributes = Uint8Array.of(
      0x31,
      0x0d,
      0x30,
      0x0b,
      0x06,
      0x09,
      0x2a,
      0x86,
      0x48,
      0x86,
      0xf7,
      0x0d,
      0x01,
      0x09,
      0x04,
    );
    expect(await judge(await lab.signCms(arman, attributes, { signedAttributes: false }))).toEqual([
      'TOTAL_FAILED',
      'FORMAT_FAILURE',
      'SIGNATURE_ATTRIBUTES_INVALID',
    ]);
  });

  it('outlives its certificate and its revocation where a time-stamp proves that it was there before', async () => {
    const signedAt = new Date(NOW.getTime() - 10 * DAY);
    const short = await issue({
      notBefore: new Date(NOW.getTime() - 20 * DAY),
      notAfter: new Date(NOW.getTime() - DAY),
    });
    const stamped = await lab.signCms(short, DOCUMENT, { timestamp: { at: signedAt } });
    const bare = await lab.signCms(short, DOCUMENT);
    const noProof = ['INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE', 'CERTIFICATE_EXPIRED'];
    expect(await judge(bare)).toEqual(noProof);
    expect(await judge(stamped)).toEqual(PASSED);
    const revoked = { status: 'revoked', source: 'crl', producedAt: NOW, asOf: NOW } as const;
    const later = sourceSaying({ ...revoked, revokedAt: new Date(NOW.getTime() + 1) }, arman.certificate);
    const earlier = sourceSaying({ ...revoked, revokedAt: new Date(NOW.getTime() - 1) }, arman.certificate);
    const stampedNow = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    const at = new Date(NOW.getTime() + DAY);
    expect(await judge(stampedNow, undefined, at, later)).toEqual(PASSED);
    expect(await judge(stampedNow, undefined, at, earlier)).toEqual([
      'INDETERMINATE',
      'REVOKED_NO_POE',
      'CERTIFICATE_REVOKED',
    ]);
    expect(await judge(await lab.signCms(arman, DOCUMENT), undefined, at, later)).toEqual([
      'INDETERMINATE',
      'REVOKED_NO_POE',
      'CERTIFICATE_REVOKED',
    ]);
  });
});
