import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type DocumentPolicy } from '../../src/eds/judgement/policy.js';
import { type RevocationFinding, type RevocationSource } from '../../src/eds/judgement/revocation.js';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import { type SignatureReport, type Step } from '../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import { createLaboratory, type LabKey, type Laboratory } from '../../src/lab/index.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from './support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const DAY = 86_400_000;
const DOCUMENT = new TextEncoder().encode('Договор № 1');
const ONLINE_DOCUMENT: DocumentPolicy = { ...OFFLINE_DOCUMENT, revocation: 'required' };
const LATER = new Date(NOW.getTime() + DAY);

const PERSON = { kind: 'individual', surname: 'СЕРІКОВ', givenName: 'АРМАН', iin: '900101300018' } as const;

let lab: Laboratory;
let trust: TrustSet;
let arman: LabKey;
/** As НУЦ РК made keys for signing in until 2022: digitalSignature and keyEncipherment, no nonRepudiation. */
let authentication: LabKey;
let expired: LabKey;

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
  arman = await issue({});
  authentication = await issue({
    keyUsage: { bits: ['digitalSignature', 'keyEncipherment'], critical: true },
  });
  expired = await issue({
    notBefore: new Date(NOW.getTime() - 20 * DAY),
    notAfter: new Date(NOW.getTime() - DAY),
  });
});

function issue(request: Partial<Parameters<Laboratory['issue']>[0]>): Promise<LabKey> {
  return lab.issue({ algorithm: 'gost2015-512', ...PERSON, ...request });
}

interface Case {
  readonly content?: Uint8Array;
  readonly policy?: DocumentPolicy;
  readonly source?: RevocationSource;
  readonly at?: Date;
}

async function judge(
  cms: Uint8Array,
  { content, policy = OFFLINE_DOCUMENT, source = NOBODY_TO_ASK, at = NOW }: Case = {},
): Promise<SignatureReport> {
  const evidence = content === undefined ? { cms } : { cms, content };
  const { signatures } = await verifyCms(evidence, trust, source, policy, at);
  return signatures[0]!;
}

const verdictOf = ({ indication, subIndication, code }: SignatureReport): unknown[] => [
  indication,
  subIndication,
  code,
];
const stepsOf = ({ steps }: SignatureReport): Record<string, Step['result']> =>
  Object.fromEntries(steps.map(({ name, result }) => [name, result]));

const GOOD: RevocationFinding = { status: 'good', source: 'ocsp', producedAt: NOW, asOf: NOW };
const SILENT: RevocationFinding = { status: 'unavailable', source: 'none', code: 'REVOCATION_UNAVAILABLE' };
const revokedAt = (date: Date): RevocationFinding => ({
  status: 'revoked',
  source: 'crl',
  producedAt: NOW,
  asOf: NOW,
  revokedAt: date,
});

/** Says `finding` about every certificate the choice fits and "good" about the rest. */
function saying(
  finding: RevocationFinding,
  about: (subject: string) => boolean = () => true,
): RevocationSource {
  return {
    statusOf: (certificate) =>
      Promise.resolve(about(Buffer.from(certificate.der).toString('latin1')) ? finding : GOOD),
  };
}
const aboutTheStamp = (der: string): boolean => der.includes('TIME-STAMPING AUTHORITY');

describe('a key that is not meant for documents', () => {
  it('is told as such, with the signature computed and its holder named', async () => {
    const report = await judge(await lab.signCms(authentication, DOCUMENT));
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE', 'CERTIFICATE_USAGE']);
    expect(report).toMatchObject({
      contentVerified: true,
      signer: { iin: '900101300018', name: 'СЕРІКОВ АРМАН' },
    });
    expect(stepsOf(report)).toMatchObject({
      signature: 'passed',
      path: 'indeterminate',
      identity: 'not-run',
    });
    expect(report.path).toHaveLength(3);
  });

  it('names nobody where the signature is wrong as well', async () => {
    const report = await judge(await lab.signCms(authentication, DOCUMENT, { spoilSignature: true }));
    expect(verdictOf(report)).toEqual(['TOTAL_FAILED', 'SIG_CRYPTO_FAILURE', 'SIGNATURE_INVALID']);
    expect(report).toMatchObject({ signer: null, contentVerified: false, signedContent: null });
  });

  it('asks no authority about a key whose use decides already', async () => {
    const cms = await lab.signCms(authentication, DOCUMENT, { timestamp: {} });
    const report = await judge(cms, { policy: ONLINE_DOCUMENT, source: NOBODY_TO_ASK });
    expect(report.code).toBe('CERTIFICATE_USAGE');
  });

  it('is never computed with when it is a stranger’s', async () => {
    const stranger = await issue({ signedBy: 'stranger' });
    const report = await judge(await lab.signCms(stranger, DOCUMENT));
    expect(report).toMatchObject({ signer: null, contentVerified: false, signedContent: null, path: [] });
    expect(stepsOf(report)).toMatchObject({ signature: 'not-run', path: 'indeterminate' });
  });
});

describe('what a report says was signed', () => {
  const digest = createHash('sha256').update(DOCUMENT).digest('hex');

  it.each([
    ['attached', {}],
    ['in pieces', { indefiniteLength: true }],
    ['without signed attributes', { signedAttributes: false }],
  ])('is the digest of exactly the content, %s', async (_name, options) => {
    expect((await judge(await lab.signCms(arman, DOCUMENT, options))).signedContent).toEqual({
      sha256: digest,
      octets: DOCUMENT.length,
      scope: 'whole',
      element: null,
    });
  });

  it('is the digest of the given content of a detached signature, and of an empty one', async () => {
    const detached = await lab.signCms(arman, DOCUMENT, { detached: true });
    expect((await judge(detached, { content: DOCUMENT })).signedContent?.sha256).toBe(digest);
    const empty = await lab.signCms(arman, new Uint8Array(0));
    expect((await judge(empty)).signedContent).toMatchObject({
      sha256: createHash('sha256').digest('hex'),
      octets: 0,
    });
  });

  it('is nothing where the content is another', async () => {
    const detached = await lab.signCms(arman, DOCUMENT, { detached: true });
    expect((await judge(detached, { content: Uint8Array.of(1) })).signedContent).toBeNull();
  });
});

describe('a time-stamp that proves nothing', () => {
  it.each([
    ['over something else', { imprint: 'wrong' }, 'TIMESTAMP_IMPRINT_MISMATCH'],
    ['with a wrong signature', { spoilSignature: true }, 'TIMESTAMP_INVALID'],
    ['without a certificate', { certificates: 'none' }, 'TIMESTAMP_INVALID'],
  ] as const)('%s is told and harms nothing', async (_name, timestamp, code) => {
    const report = await judge(await lab.signCms(arman, DOCUMENT, { timestamp }));
    expect(verdictOf(report)).toEqual(['TOTAL_PASSED', null, null]);
    expect(report.timestamps).toMatchObject([{ valid: false, code }]);
    expect(report.warnings).toContain(code);
    expect(report.bestSignatureTime).toBe(NOW.toISOString());
    expect(stepsOf(report)['timestamp']).toBe('not-run');
  });

  it('does not keep an expired certificate alive', async () => {
    const at = new Date(NOW.getTime() - 10 * DAY);
    const report = await judge(
      await lab.signCms(expired, DOCUMENT, { timestamp: { at, spoilSignature: true } }),
    );
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE', 'CERTIFICATE_EXPIRED']);
  });

  it('because its authority was revoked, whenever that was', async () => {
    const cms = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    for (const when of [new Date(NOW.getTime() - DAY), NOW]) {
      const source = saying(revokedAt(when), aboutTheStamp);
      const report = await judge(cms, { policy: ONLINE_DOCUMENT, source });
      expect(verdictOf(report)).toEqual(['TOTAL_PASSED', null, null]);
      expect(report.timestamps).toMatchObject([{ valid: false, code: 'TIMESTAMP_UNTRUSTED' }]);
    }
  });

  it('yet, because its authority cannot be asked about, leaves an expired certificate undecided', async () => {
    const at = new Date(NOW.getTime() - 10 * DAY);
    const cms = await lab.signCms(expired, DOCUMENT, { timestamp: { at } });
    const report = await judge(cms, { policy: ONLINE_DOCUMENT, source: saying(SILENT, aboutTheStamp) });
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'TRY_LATER', 'REVOCATION_UNAVAILABLE']);
    const valid = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    const passed = await judge(valid, { policy: ONLINE_DOCUMENT, source: saying(SILENT, aboutTheStamp) });
    expect(passed).toMatchObject({
      indication: 'TOTAL_PASSED',
      timestamps: [{ valid: false, code: 'REVOCATION_UNAVAILABLE' }],
    });
  });

  it('takes nothing from a good one beside it', async () => {
    const at = new Date(NOW.getTime() - 10 * DAY);
    const report = await judge(await lab.signCms(expired, DOCUMENT, { timestamp: { at } }));
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', bestSignatureTime: at.toISOString() });
    expect(stepsOf(report)['timestamp']).toBe('passed');
  });
});

describe('a policy that requires a time-stamp', () => {
  const strict = { ...OFFLINE_DOCUMENT, requireTimestamp: true };
  const required = ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE', 'TIMESTAMP_REQUIRED'];

  it('is met by one good time-stamp', async () => {
    const cms = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    expect(verdictOf(await judge(cms, { policy: strict }))).toEqual(['TOTAL_PASSED', null, null]);
  });

  it('is not met by none, by a bad one or by one whose authority was revoked', async () => {
    expect(verdictOf(await judge(await lab.signCms(arman, DOCUMENT), { policy: strict }))).toEqual(required);
    const bad = await lab.signCms(arman, DOCUMENT, { timestamp: { imprint: 'wrong' } });
    expect(verdictOf(await judge(bad, { policy: strict }))).toEqual(required);
    const stamped = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    const policy = { ...ONLINE_DOCUMENT, requireTimestamp: true };
    const revoked = await judge(stamped, { policy, source: saying(revokedAt(NOW), aboutTheStamp) });
    expect(verdictOf(revoked)).toEqual(required);
  });

  it('is undecided while the authority of the time-stamp cannot be asked about', async () => {
    const stamped = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    const policy = { ...ONLINE_DOCUMENT, requireTimestamp: true };
    const report = await judge(stamped, { policy, source: saying(SILENT, aboutTheStamp) });
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'TRY_LATER', 'REVOCATION_UNAVAILABLE']);
  });
});

describe('an expired certificate without a time-stamp', () => {
  it('is told apart where an authority still says that it was not revoked', async () => {
    const cms = await lab.signCms(expired, DOCUMENT);
    const report = await judge(cms, { policy: ONLINE_DOCUMENT, source: saying(GOOD) });
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'OUT_OF_BOUNDS_NOT_REVOKED', 'CERTIFICATE_EXPIRED']);
    expect(report.revocation.map(({ status }) => status)).toContain('good');
  });

  it.each([
    ['says nothing', SILENT],
    ['revoked it', revokedAt(new Date(NOW.getTime() - 5 * DAY))],
    ['does not know it', { status: 'unknown', source: 'ocsp', producedAt: NOW, asOf: NOW } as const],
  ])('is out of bounds where the authority %s', async (_name, finding) => {
    const cms = await lab.signCms(expired, DOCUMENT);
    const report = await judge(cms, { policy: ONLINE_DOCUMENT, source: saying(finding) });
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE', 'CERTIFICATE_EXPIRED']);
  });
});

describe('a revocation', () => {
  const REVOKED = ['INDETERMINATE', 'REVOKED_NO_POE', 'CERTIFICATE_REVOKED'];

  it.each([
    ['a minute ago', new Date(NOW.getTime() - 60_000)],
    ['now', NOW],
    ['tomorrow', LATER],
    ['in a hundred years', new Date(NOW.getTime() + 36_500 * DAY)],
  ])('dated %s decides where nothing proves that the signature is older', async (_name, date) => {
    const source = saying(revokedAt(date), (der) => der.includes('900101300018'));
    const bare = await lab.signCms(arman, DOCUMENT);
    expect(verdictOf(await judge(bare, { policy: ONLINE_DOCUMENT, source }))).toEqual(REVOKED);
    const badStamp = await lab.signCms(arman, DOCUMENT, { timestamp: { imprint: 'wrong' } });
    expect(verdictOf(await judge(badStamp, { policy: ONLINE_DOCUMENT, source }))).toEqual(REVOKED);
  });

  it('after a proved time does not reach the signature, one before or at it does', async () => {
    const stamped = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    const judged = (date: Date): Promise<SignatureReport> =>
      judge(stamped, {
        policy: ONLINE_DOCUMENT,
        at: LATER,
        source: saying(revokedAt(date), (der) => der.includes('900101300018')),
      });
    expect((await judged(new Date(NOW.getTime() + 1000))).indication).toBe('TOTAL_PASSED');
    expect((await judged(new Date(NOW.getTime() - 1000))).code).toBe('CERTIFICATE_REVOKED');
    expect((await judged(NOW)).code).toBe('CERTIFICATE_REVOKED');
  });

  it('is undecided while a time-stamp that may prove an earlier time cannot be looked into', async () => {
    const stamped = await lab.signCms(arman, DOCUMENT, { timestamp: { at: NOW } });
    const source: RevocationSource = {
      statusOf: ({ der }) => {
        const text = Buffer.from(der).toString('latin1');
        return Promise.resolve(
          aboutTheStamp(text) ? SILENT : text.includes('900101300018') ? revokedAt(LATER) : GOOD,
        );
      },
    };
    const report = await judge(stamped, { policy: ONLINE_DOCUMENT, source, at: LATER });
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'TRY_LATER', 'REVOCATION_UNAVAILABLE']);
  });
});
