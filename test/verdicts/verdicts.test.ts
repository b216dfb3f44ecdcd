import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSignatureInput } from '../../src/eds/asn1/signature-input.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { EXTENSION } from '../../src/eds/oid.js';
import { type CertificateInQuestion, type RevocationSource } from '../../src/eds/judgement/revocation.js';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import { createLaboratory, type LabKey, type Laboratory } from '../../src/lab/index.js';
import { type Jobs } from '../../src/jobs/jobs.js';
import { runJobs } from '../support/run-jobs.js';
import { type OpenVerdicts, openVerdicts, type VerdictOptions } from '../../src/verdicts/open.js';
import {
  type JudgeLogin,
  type LoginVerdict,
  type VerdictUnavailableCode,
} from '../../src/verdicts/verdicts.js';
import { trusted } from '../eds/support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const ISSUED = new Date(NOW.getTime() - 60_000);
const CHALLENGE = new TextEncoder().encode('QAQPA-LOGIN/1\n\nhttps://login.example.kz\n');
const DOCUMENT = new TextEncoder().encode('Договор № 1');
const ENTRY = new URL('../support/verify-worker.js', import.meta.url);
const FAULTY = new URL('../support/faulty-verify-worker.js', import.meta.url);
const GOOD = { status: 'good', source: 'ocsp', producedAt: NOW, asOf: NOW } as const;
const ALL_GOOD: RevocationSource = { statusOf: () => Promise.resolve(GOOD) };

let lab: Laboratory;
let trust: TrustSet;
let key: LabKey;
let rsaKey: LabKey;
let revoked: LabKey;
const opened: OpenVerdicts[] = [];
const running: Jobs[] = [];

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512', 'rsa-2048'] });
  trust = labTrust('lab-1');
  key = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
  rsaKey = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
  revoked = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
}, 60_000);

afterAll(async () => {
  await Promise.all(running.map((jobs) => jobs.stop()));
  await Promise.all(opened.map((verdicts) => verdicts.close(0)));
});

function labTrust(version: string, only: (name: string) => boolean = () => true): TrustSet {
  return createTrustSet(
    version,
    lab
      .trustCertificates()
      .filter(({ name }) => only(name))
      .map(({ der, role }) => trusted(der, role)),
  );
}

async function open(options: Partial<VerdictOptions> = {}): Promise<OpenVerdicts> {
  const verdicts = await openVerdicts({
    threads: 1,
    trust: () => trust,
    revocation: ALL_GOOD,
    clock: () => NOW,
    checksums: 'warn',
    onEvent: () => undefined,
    entry: ENTRY,
    ...options,
  });
  opened.push(verdicts);
  running.push(runJobs(verdicts.jobs));
  return verdicts;
}

const sign = (signer: LabKey, content: Uint8Array, options = {}): Promise<Uint8Array> =>
  lab.signCms(signer, content, options);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const document = async (signer = key): Promise<{ signature: Uint8Array; content: null }> => ({
  signature: await sign(signer, DOCUMENT),
  content: null,
});
const login = async (verdicts: OpenVerdicts, signature: string): Promise<VerificationReport> =>
  (await judgeLogin(verdicts, signature)).report;
const judgeLogin = (verdicts: OpenVerdicts, signature: string): Promise<LoginVerdict> =>
  verdicts.withPlace(signature.length, (judge) =>
    judge({ signature, challenge: CHALLENGE, challengeIssuedAt: ISSUED }),
  );
const codeOf = (attempt: Promise<unknown>): Promise<VerdictUnavailableCode | 'none' | undefined> =>
  attempt.then(
    () => 'none',
    (error: unknown) => (error as { code?: VerdictUnavailableCode }).code,
  );
const MODES = [
  ['in threads', 2],
  ['in turns', 0],
] as const;

/** A source that answers only when told to. */
function gatedSource(): RevocationSource & { open(): void; readonly asked: number } {
  let release: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  return {
    async statusOf() {
      asked += 1;
      await opened;
      return GOOD;
    },
    open: () => {
      release();
    },
    get asked() {
      return asked;
    },
  };
}

/** Gives the event loop turns until something has come about. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5000 && !condition(); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(condition()).toBe(true);
}

describe.each(MODES)('a verdict given %s', (_mode, threads) => {
  const source: RevocationSource = {
    statusOf: (certificate) =>
      Promise.resolve(
        certificate.sha256 === revokedSha() ? { ...GOOD, status: 'revoked', revokedAt: ISSUED } : GOOD,
      ),
  };
  const revokedSha = (): string => createHash('sha256').update(revoked.certificate).digest('hex');
  let verdicts: OpenVerdicts;
  beforeAll(async () => {
    verdicts = await open({ threads, revocation: source });
  }, 60_000);

  const cases: readonly (readonly [
    string,
    () => Promise<{ signature: Uint8Array; content: Uint8Array | null }>,
  ])[] = [
    ['a good signature', () => document()],
    ['a good RSA signature', () => document(rsaKey)],
    [
      'a detached one',
      async () => ({ signature: await sign(key, DOCUMENT, { detached: true }), content: DOCUMENT }),
    ],
    [
      'one over other content',
      async () => ({ signature: await sign(key, DOCUMENT, { detached: true }), content: CHALLENGE }),
    ],
    [
      'one without its content',
      async () => ({ signature: await sign(key, DOCUMENT, { detached: true }), content: null }),
    ],
    [
      'a spoilt one',
      async () => ({ signature: await sign(key, DOCUMENT, { spoilSignature: true }), content: null }),
    ],
    ['one by a revoked key', () => document(revoked)],
    [
      'two signers',
      async () => ({ signature: await sign(key, DOCUMENT, { alsoSignedBy: [rsaKey] }), content: null }),
    ],
    ['no signer', async () => ({ signature: await sign(key, DOCUMENT, { noSigners: true }), content: null })],
    [
      'a time-stamped one',
      async () => ({ signature: await sign(key, DOCUMENT, { timestamp: {} }), content: null }),
    ],
    ['the answer to a challenge', async () => ({ signature: await sign(key, CHALLENGE), content: null })],
    ['half a message', async () => ({ signature: (await sign(key, DOCUMENT)).slice(0, 300), content: null })],
    ['an empty SEQUENCE', () => Promise.resolve({ signature: Uint8Array.of(0x30, 0), content: null })],
  ];

  it.each(cases)('on %s is the verdict of the library, to the letter', async (_what, make) => {
    const question = await make();
    const policy = { name: 'document', revocation: 'required', checksums: 'warn' } as const;
    const evidence = {
      cms: question.signature,
      ...(question.content === null ? {} : { content: question.content }),
    };
    const expected = await verifyCms(evidence, trust, source, policy, NOW);
    expect(await verdicts.document(question)).toEqual(expected);
    // And again, when much is remembered.
    expect(await verdicts.document(question)).toEqual(expected);
  });

  it('on a sign-in is that of the library too', async () => {
    const signature = base64(await sign(key, CHALLENGE));
    const expected = await verifyCms(
      { cms: readSignatureInput(signature) },
      trust,
      source,
      {
        name: 'login',
        challenge: CHALLENGE,
        challengeIssuedAt: ISSUED,
        revocation: 'required',
        checksums: 'warn',
      },
      NOW,
    );
    expect(expected.indication).toBe('TOTAL_PASSED');
    expect(await login(verdicts, signature)).toEqual(expected);
    expect(await login(verdicts, base64(await sign(key, DOCUMENT)))).toMatchObject({
      indication: 'TOTAL_FAILED',
      code: 'SIGNATURE_CONTENT_MISMATCH',
    });
  });

  it('on a sign-in comes with the certificate that signed, and with none where anything was wrong', async () => {
    const { report, certificate } = await judgeLogin(verdicts, base64(await sign(key, CHALLENGE)));
    expect(Buffer.from(certificate!)).toEqual(Buffer.from(key.certificate));
    expect(createHash('sha256').update(certificate!).digest('hex')).toBe(
      report.signatures[0]?.certificate?.sha256,
    );
    const wrong = [
      base64(await sign(key, DOCUMENT)),
      base64(await sign(revoked, CHALLENGE)),
      base64(await sign(key, CHALLENGE, { spoilSignature: true })),
      'not a signature!',
    ];
    for (const signature of wrong) expect((await judgeLogin(verdicts, signature)).certificate).toBeNull();
  });

  it('asks about each certificate of the path once, with what a source has to know of it', async () => {
    const questions: CertificateInQuestion[] = [];
    const asking: RevocationSource = {
      statusOf(certificate) {
        questions.push(certificate);
        return Promise.resolve(GOOD);
      },
    };
    await login(await open({ threads, revocation: asking }), base64(await sign(key, CHALLENGE)));
    const read = parseCertificate(key.certificate);
    expect(questions).toHaveLength(2);
    const [asked] = questions.filter(({ sha256 }) => sha256 === read.sha256);
    const { serialNumber, notAfter, basicConstraints } = read;
    expect(asked).toMatchObject({ serialNumber, notAfter, basicConstraints });
    expect(Buffer.from(asked!.der)).toEqual(Buffer.from(key.certificate));
    expect(Buffer.from(asked!.issuer.der)).toEqual(Buffer.from(read.issuer.der));
    const points = ({ extensions }: Pick<CertificateInQuestion, 'extensions'>): string[] =>
      extensions
        .filter(({ oid }) => oid === EXTENSION.cRLDistributionPoints)
        .map(({ value }) => Buffer.from(value).toString('hex'));
    expect(points(asked!)).toEqual(points(read));
  });

  it('on what is no signature is a report that says so and names the trust', async () => {
    for (const signature of ['not a signature!', '', '-----BEGIN CMS-----', base64(DOCUMENT)]) {
      expect(await login(verdicts, signature)).toMatchObject({
        indication: 'TOTAL_FAILED',
        subIndication: 'FORMAT_FAILURE',
        trust: { version: 'lab-1' },
        signatures: [],
      });
    }
  });

  it('is about its own question, however many are asked at once', async () => {
    const keys = await Promise.all(
      Array.from({ length: 6 }, () => lab.issue({ kind: 'individual', algorithm: 'gost2015-512' })),
    );
    const signatures = await Promise.all(keys.map((each) => sign(each, DOCUMENT)));
    const serials = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const report = await verdicts.document({ signature: signatures[i % 6]!, content: null });
        return report.signatures[0]?.certificate?.serialNumber;
      }),
    );
    expect(serials).toEqual(Array.from({ length: 60 }, (_, i) => keys[i % 6]!.id));
  });

  it('takes a document of many megabytes', async () => {
    const content = new Uint8Array(12 * 1024 * 1024).fill(65);
    const signature = await sign(rsaKey, content, { detached: true });
    expect(await verdicts.document({ signature, content })).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(await verdicts.document({ signature, content: content.subarray(1) })).toMatchObject({
      code: 'SIGNATURE_CONTENT_MISMATCH',
    });
  });
});

describe.each(MODES)('what cannot be judged %s', (_mode, threads) => {
  it('is no verdict, when the source of revocation throws, and the next one is', async () => {
    let failing = true;
    const revocation: RevocationSource = {
      statusOf: () => (failing ? Promise.reject(new Error('out of order')) : Promise.resolve(GOOD)),
    };
    const verdicts = await open({ threads, revocation });
    const error = await verdicts.document(await document()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'VerdictUnavailable',
      code: 'VERIFIER_FAILED',
      cause: { message: 'out of order' },
    });
    failing = false;
    expect(await verdicts.document(await document())).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  it('is given up when its time is over, and its place is free again', async () => {
    const revocation = gatedSource();
    const limits = { login: { tasks: 1, octets: 1e6 }, document: { tasks: 1, octets: 1e6 } };
    const verdicts = await open({ threads, revocation, deadlineMs: 2500, limits });
    expect(await codeOf(verdicts.document(await document()))).toBe('VERIFIER_TIMEOUT');
    revocation.open();
    expect(await codeOf(verdicts.document(await document()))).toBe('none');
  });

  it('is sent away at once when the queue is full, before anything is used up for it', async () => {
    const revocation = gatedSource();
    const limits = { login: { tasks: 2, octets: 1e6 }, document: { tasks: 9, octets: 20_000 } };
    const verdicts = await open({ threads, revocation, limits });
    const signature = base64(await sign(key, CHALLENGE));
    const running = [login(verdicts, signature), login(verdicts, signature)];
    let usedUp = false;
    const third = verdicts.withPlace(10, () => {
      usedUp = true;
      return Promise.resolve();
    });
    expect([await codeOf(third), usedUp]).toEqual(['VERIFIER_BUSY', false]);

    // Documents have a lane of their own, bounded by octets as well.
    const documents = [verdicts.document({ signature: new Uint8Array(19_000), content: null })];
    expect(await codeOf(verdicts.document({ signature: new Uint8Array(2_000), content: null }))).toBe(
      'VERIFIER_BUSY',
    );
    await Promise.all(documents);

    revocation.open();
    expect((await Promise.all(running)).map(({ indication }) => indication)).toEqual([
      'TOTAL_PASSED',
      'TOTAL_PASSED',
    ]);
    expect(await codeOf(login(verdicts, signature))).toBe('none');
  });

  it('may be larger than a lane, if it is alone', async () => {
    const limits = { login: { tasks: 1, octets: 10 }, document: { tasks: 5, octets: 10 } };
    const verdicts = await open({ threads, limits });
    const question = await document();
    const codes = await Promise.all([question, question].map((each) => codeOf(verdicts.document(each))));
    expect(codes).toEqual(['none', 'VERIFIER_BUSY']);
  });

  it('is sent away when the gateway stops, while what runs is finished', async () => {
    const revocation = gatedSource();
    const verdicts = await open({ threads, revocation });
    const running = verdicts.document(await document());
    await until(() => revocation.asked > 0);
    let closing: Promise<void> | null = null;
    const proceeding = verdicts.withPlace(1, async (judge: JudgeLogin) => {
      await until(() => closing !== null);
      return judge({ signature: '', challenge: CHALLENGE, challengeIssuedAt: ISSUED });
    });
    closing = verdicts.close(10_000);
    expect(await codeOf(proceeding)).toBe('VERIFIER_STOPPED');
    expect(await codeOf(verdicts.document(await document()))).toBe('VERIFIER_STOPPED');
    revocation.open();
    expect(await running).toMatchObject({ indication: 'TOTAL_PASSED' });
    await closing;
  });
});

describe.each(MODES)('trust that changes while verdicts are given %s', (_mode, threads) => {
  it('is followed by all of them, and no verdict stands on two sets', async () => {
    let current = labTrust('lab-1');
    const revocation = gatedSource();
    const verdicts = await open({ threads, revocation, trust: () => current });
    const question = await document();
    const running = Array.from({ length: 8 }, () => verdicts.document(question));
    await until(() => revocation.asked > 0);
    // GOST is trusted no longer: what was proved about the certificates under the old set must not help it.
    current = labTrust('lab-2', (name) => name.includes('rsa'));
    revocation.open();
    for (const report of await Promise.all(running)) {
      expect(report).toMatchObject({ trust: { version: 'lab-2' }, code: 'PATH_UNTRUSTED' });
    }
    expect(await verdicts.document(await document(rsaKey))).toMatchObject({
      trust: { version: 'lab-2' },
      indication: 'TOTAL_PASSED',
    });
    current = labTrust('lab-3');
    expect(await verdicts.document(question)).toMatchObject({
      trust: { version: 'lab-3' },
      indication: 'TOTAL_PASSED',
    });
  });

  it('is not chased for ever', async () => {
    let version = 0;
    let current = labTrust('lab-0');
    const revocation: RevocationSource = {
      statusOf() {
        version += 1;
        current = labTrust(`lab-${version}`);
        return Promise.resolve(GOOD);
      },
    };
    const verdicts = await open({ threads, revocation, trust: () => current });
    expect(await codeOf(verdicts.document(await document()))).toBe('VERIFIER_BUSY');
  });
});

describe.each(MODES)('a flood of documents judged %s', (_mode, threads) => {
  it('lets sign-ins pass, and sign-ins let documents pass', async () => {
    const verdicts = await open({ threads: Math.min(threads, 1) });
    const question = await document();
    const signature = base64(await sign(key, CHALLENGE));
    const order: string[] = [];
    const flood = Array.from({ length: 60 }, async () => {
      await verdicts.document(question);
      order.push('document');
    });
    const signIns = Array.from({ length: 30 }, async () => {
      await login(verdicts, signature);
      order.push('login');
    });
    await Promise.all([...flood, ...signIns]);
    const lastLogin = order.lastIndexOf('login');
    // All sign-ins were done while most of the documents still waited, though they came later.
    expect(order.slice(0, lastLogin).filter((each) => each === 'document').length).toBeLessThan(20);
    expect(order.indexOf('document')).toBeLessThan(12);
  });
});

describe('a thread', () => {
  const order = (word: string): { signature: string; content: null } => ({ signature: word, content: null });

  const ends: readonly (readonly [string, string, VerdictUnavailableCode, number])[] = [
    ['is killed', 'exit', 'VERIFIER_CRASHED', 60_000],
    ['throws outside of a task', 'throw', 'VERIFIER_CRASHED', 60_000],
    ['computes without end', 'spin', 'VERIFIER_TIMEOUT', 4000],
  ];
  it.each(ends)(
    'that %s takes only its own tasks along, and is replaced',
    async (_what, word, code, stuckMs) => {
      const events: string[] = [];
      const verdicts = await open({
        entry: FAULTY,
        stuckMs,
        onEvent: ({ kind }) => {
          events.push(kind);
        },
      });
      const questions = [order(word), ...(await Promise.all(Array.from({ length: 6 }, () => document())))];
      const codes = await Promise.all(questions.map((question) => codeOf(verdicts.document(question))));
      expect(codes[0]).toBe(code);
      // One more may already have lain in front of the thread; the others waited and found the next one.
      expect(codes.slice(2)).toEqual(Array(5).fill('none'));
      expect(await verdicts.document(await document())).toMatchObject({ indication: 'TOTAL_PASSED' });
      expect(verdicts.status()).toMatchObject({ threads: 1, alive: 1, restarts: 1 });
      expect(events).toEqual(expect.arrayContaining(['thread-ended', 'thread-replaced']));
    },
    60_000,
  );

  it('that ends does not disturb the tasks of another', async () => {
    const verdicts = await open({ entry: FAULTY, threads: 2 });
    const revolving = Array.from({ length: 20 }, async () => codeOf(verdicts.document(await document())));
    const fatal = codeOf(verdicts.document(order('exit')));
    const codes = await Promise.all(revolving);
    expect(await fatal).toBe('VERIFIER_CRASHED');
    expect(codes.filter((code) => code !== 'none').length).toBeLessThanOrEqual(2);
  }, 60_000);

  it('that does not start prevents the start', async () => {
    const entry = new URL('../support/no-such-worker.js', import.meta.url);
    await expect(open({ entry })).rejects.toThrow('a thread for verdicts does not start');
  });

  it('knows nothing of the environment, where the master key may be', async () => {
    process.env['QAQPA_TEST_SECRET'] = 'secret';
    const entry = new URL('../support/telling-worker.js', import.meta.url);
    await expect(open({ entry })).rejects.toMatchObject({ cause: { message: 'environment: none' } });
  });
});
