import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Certificate, parseCertificate } from '../../src/eds/certificate/certificate.js';
import { type RevocationFinding } from '../../src/eds/judgement/revocation.js';
import {
  createLaboratory,
  startCrlPoint,
  startOcspResponder,
  type CrlMode,
  type CrlPoint,
  type LabKey,
  type Laboratory,
  type OcspMode,
  type OcspResponder,
} from '../../src/lab/index.js';
import {
  createRevocationLadder,
  createTransport,
  hostOf,
  type RevocationConfiguration,
  type RevocationEvent,
  type RevocationLadder,
} from '../../src/revocation/index.js';
import { type Job, ToldFailure } from '../../src/jobs/job.js';
import { refreshAll } from '../support/refresh-all.js';

const START = new Date('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let now = START;
let lab: Laboratory;
let ocsp: OcspResponder;
let secondOcsp: OcspResponder;
let crl: CrlPoint;
let person: LabKey;
let events: RevocationEvent[];
const ladders: RevocationLadder[] = [];

beforeAll(async () => {
  lab = await createLaboratory({ now: () => now, algorithms: ['gost2015-512', 'rsa-2048'] });
  person = await lab.issue({
    kind: 'employee',
    algorithm: 'gost2015-512',
    notBefore: new Date('2026-01-01T00:00:00Z'),
  });
});

beforeEach(async () => {
  now = START;
  events = [];
  [ocsp, secondOcsp, crl] = await Promise.all([
    startOcspResponder(lab, { slowMs: 2_000 }),
    startOcspResponder(lab),
    startCrlPoint(lab, { slowMs: 2_000 }),
  ]);
});

afterEach(async () => {
  for (const ladder of ladders.splice(0)) await ladder.close();
  await Promise.all([ocsp.close(), secondOcsp.close(), crl.close()]);
});

const certificateOf = (key: LabKey): Certificate => parseCertificate(key.certificate);
const issuing = (): LabKey => lab.hierarchy('gost2015-512').issuing;
const root = (): LabKey => lab.hierarchy('gost2015-512').root;

function crlPoint(issuer: LabKey = issuing()): { url: string; deltaUrl: string } {
  const { url, deltaUrl } = crl.addresses.find((address) => address.issuer === issuer)!;
  return { url, deltaUrl };
}

function build(
  more: Partial<RevocationConfiguration> = {},
  failuresToOpen = 100,
  designated?: (at: Date) => readonly Certificate[],
  standing?: () => unknown,
): RevocationLadder {
  const transport = createTransport({
    allowedHosts: [ocsp.url, secondOcsp.url, crl.url].map(hostOf),
    failuresToOpen,
    onEvent: (event) => events.push(event),
  });
  const ladder = createRevocationLadder(
    {
      ocsp: [{ url: ocsp.url }],
      crls: [],
      folder: null,
      ...more,
      windows: { ocspTimeoutMs: 1_000, crlWaitMs: 3_000, crlTimeoutMs: 1_200, ...more.windows },
    },
    {
      transport,
      clock: () => now,
      random: (length) => new Uint8Array(randomBytes(length)),
      issuers: () => lab.trustCertificates().map(({ der }) => parseCertificate(der)),
      onEvent: (event) => events.push(event),
      ...(designated === undefined ? {} : { designated }),
      ...(standing === undefined ? {} : { standing }),
    },
  );
  ladders.push(ladder);
  return ladder;
}

const ask = (
  ladder: RevocationLadder,
  key: LabKey = person,
  issuer: LabKey = issuing(),
): Promise<RevocationFinding> => ladder.statusOf(certificateOf(key), certificateOf(issuer), now);

const codeOf = (finding: RevocationFinding): string =>
  finding.status === 'unavailable' ? finding.code : finding.status;

const rungs = (): string[] =>
  events.flatMap((event) => (event.kind === 'rung' ? [`${event.rung} ${event.code ?? event.outcome}`] : []));

describe('the construction of the ladder', () => {
  it('refuses a ladder that could never answer', () => {
    expect(() => build({ ocsp: [], crls: [] })).toThrow(/at least one/);
  });

  it.each(['ldap://host/crl', 'not a url', 'http://user:secret@host/'])('refuses the address %s', (url) => {
    expect(() => build({ ocsp: [{ url }] })).toThrow(/http or https/);
    expect(() => build({ crls: [{ url }] })).toThrow(/http or https/);
    expect(() => build({ crls: [{ ...crlPoint(), deltaUrl: url }] })).toThrow(/http or https/);
  });

  it('refuses a window that is no number', () => {
    expect(() => build({ windows: { ocspMaxAgeMs: NaN } })).toThrow(/milliseconds/);
    expect(() => build({ windows: { clockSkewMs: -1 } })).toThrow(/milliseconds/);
  });
});

describe('a fresh OCSP answer', () => {
  it.each<[OcspMode, string]>([
    ['honest', 'good'],
    ['by-ca-key', 'good'],
    ['revoked', 'revoked'],
    ['unknown', 'unknown'],
    ['never-issued', 'not-issued'],
    ['stale', 'OCSP_STALE'],
    ['future', 'OCSP_STALE'],
    ['next-update-passed', 'OCSP_STALE'],
    ['wrong-cert-id', 'OCSP_CERT_ID_MISMATCH'],
    ['wrong-issuer', 'OCSP_CERT_ID_MISMATCH'],
    ['unauthorised-responder', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['foreign-responder', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['expired-responder', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['no-certificate', 'OCSP_RESPONDER_UNAUTHORISED'],
    ['bad-signature', 'OCSP_SIGNATURE_INVALID'],
    ['no-nonce', 'OCSP_NONCE_MISMATCH'],
    ['wrong-nonce', 'OCSP_NONCE_MISMATCH'],
    ['try-later', 'OCSP_TRY_LATER'],
    ['malformed-request', 'OCSP_UNUSABLE'],
    ['internal-error', 'OCSP_UNUSABLE'],
    ['unauthorized', 'OCSP_UNUSABLE'],
    ['garbage', 'OCSP_UNUSABLE'],
    ['empty', 'OCSP_UNUSABLE'],
    ['truncated', 'OCSP_UNUSABLE'],
    ['silent', 'REVOCATION_UNAVAILABLE'],
    ['slow', 'REVOCATION_UNAVAILABLE'],
    ['reset', 'REVOCATION_UNAVAILABLE'],
    ['huge', 'REVOCATION_UNAVAILABLE'],
    ['redirect', 'REVOCATION_UNAVAILABLE'],
    ['http-error', 'REVOCATION_UNAVAILABLE'],
  ])('from a responder that is %s: %s', async (mode, expected) => {
    ocsp.behave(mode);
    const ocspTimeoutMs = mode === 'silent' || mode === 'slow' ? 250 : 10_000;
    expect(codeOf(await ask(build({ windows: { ocspTimeoutMs } })))).toBe(expected);
  });

  it('about a certificate nobody issued is "not issued", not "revoked"', async () => {
    const ghost = await lab.issue({ kind: 'employee', algorithm: 'gost2015-512', registered: false });
    expect(codeOf(await ask(build(), ghost))).toBe('not-issued');
  });

  it('comes from an RSA responder as well, and with SHA-1 in the CertID', async () => {
    const rsaPerson = await lab.issue({ kind: 'employee', algorithm: 'rsa-2048' });
    const ladder = build({ certIdHash: 'sha1' });
    expect(codeOf(await ask(ladder, rsaPerson, lab.hierarchy('rsa-2048').issuing))).toBe('good');
  });

  it('is asked from the next responder when one fails, but not when one has answered', async () => {
    const ladder = build({ ocsp: [{ url: ocsp.url }, { url: secondOcsp.url }] });
    ocsp.behave('try-later');
    expect(codeOf(await ask(ladder))).toBe('good');
    ocsp.behave('unknown');
    expect(codeOf(await ask(ladder))).toBe('unknown');
    expect(secondOcsp.requests).toBe(1);
  });

  it('is asked only from responders that speak for the issuer', async () => {
    const ladder = build({
      ocsp: [
        { url: ocsp.url, issuers: ['00'] },
        { url: secondOcsp.url, issuers: [certificateOf(issuing()).sha256] },
      ],
    });
    expect(codeOf(await ask(ladder))).toBe('good');
    expect(ocsp.requests).toBe(0);
  });

  it('carries a new nonce of 32 octets each time', async () => {
    const lengths: number[] = [];
    const transport = createTransport({ allowedHosts: [hostOf(ocsp.url)] });
    const ladder = createRevocationLadder(
      { ocsp: [{ url: ocsp.url }], crls: [], folder: null },
      {
        transport,
        clock: () => now,
        issuers: () => [],
        random: (length) => {
          lengths.push(length);
          return new Uint8Array(randomBytes(length));
        },
      },
    );
    ladders.push(ladder);
    await ask(ladder);
    await ask(ladder);
    expect(lengths).toEqual([32, 32]);
  });

  it('is shared by those who ask at the same moment', async () => {
    const ladder = build();
    const findings = await Promise.all(Array.from({ length: 20 }, () => ask(ladder)));
    expect(findings.map(codeOf)).toEqual(Array.from({ length: 20 }, () => 'good'));
    expect(ocsp.requests).toBe(1);
    await ask(ladder);
    expect(ocsp.requests).toBe(2);
  });

  it('is judged now when the question is about the past, and then when it is about the future', async () => {
    const ladder = build();
    const [certificate, issuer] = [certificateOf(person), certificateOf(issuing())];
    const past = new Date(START.getTime() - 30 * 24 * HOUR);
    expect(codeOf(await ladder.statusOf(certificate, issuer, past))).toBe('good');
    const future = new Date(START.getTime() + HOUR);
    expect(codeOf(await ladder.statusOf(certificate, issuer, future))).toBe('OCSP_STALE');
  });
});

describe('an answer kept from before', () => {
  it('stands in within its window when no responder is to be had, and not a moment longer', async () => {
    const ladder = build({ windows: { ocspCacheMs: 10 * MINUTE } });
    expect(codeOf(await ask(ladder))).toBe('good');
    ocsp.behave('reset');
    now = new Date(START.getTime() + 10 * MINUTE - 1);
    expect(codeOf(await ask(ladder))).toBe('good');
    expect(rungs()).toEqual(['ocsp good', 'ocsp TRANSPORT_UNREACHABLE', 'ocsp-cache good']);
    now = new Date(START.getTime() + 10 * MINUTE);
    expect(codeOf(await ask(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('does not stand in before it was given', async () => {
    const ladder = build();
    await ask(ladder);
    ocsp.behave('reset');
    now = new Date(START.getTime() - 1);
    expect(codeOf(await ask(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('stands in when it was a revocation, never when it was "unknown"', async () => {
    const ladder = build();
    ocsp.behave('revoked');
    await ask(ladder);
    ocsp.behave('reset');
    expect(codeOf(await ask(ladder))).toBe('revoked');
    ocsp.behave('unknown');
    await ask(ladder);
    ocsp.behave('reset');
    expect(codeOf(await ask(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('gives way to every fresh answer', async () => {
    const ladder = build();
    await ask(ladder);
    ocsp.behave('revoked');
    expect(codeOf(await ask(ladder))).toBe('revoked');
    ocsp.behave('silent');
    expect(codeOf(await ask(ladder))).toBe('revoked');
  });

  it('about one certificate says nothing about another', async () => {
    const neighbour = await lab.issue({ kind: 'head', algorithm: 'gost2015-512' });
    const ladder = build();
    await ask(ladder);
    ocsp.behave('reset');
    expect(codeOf(await ask(ladder, neighbour))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('can be switched off', async () => {
    const ladder = build({ windows: { ocspCacheMs: 0 } });
    await ask(ladder);
    ocsp.behave('reset');
    expect(codeOf(await ask(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });
});

describe('a CA designated for OCSP', () => {
  let elsewhere: Laboratory;
  let stranger: LabKey;
  let designated: readonly Certificate[];
  let asked: Date[];

  beforeAll(async () => {
    elsewhere = await createLaboratory({ now: () => now, algorithms: ['gost2015-512'] });
    stranger = await elsewhere.issue({ kind: 'employee', algorithm: 'gost2015-512' });
  });
  beforeEach(async () => {
    await ocsp.close();
    const foreign = [{ certificate: elsewhere.hierarchy('gost2015-512').issuing.certificate }];
    ocsp = await startOcspResponder(lab, { foreign });
    designated = [];
    asked = [];
  });

  const askAboutStranger = (ladder: RevocationLadder): Promise<RevocationFinding> =>
    ask(ladder, stranger, elsewhere.hierarchy('gost2015-512').issuing);
  const open = (): RevocationLadder =>
    build({}, 100, (at) => {
      asked.push(at);
      return designated;
    });

  it('is believed about others from the moment it is designated until it no longer is', async () => {
    const ladder = open();
    expect(codeOf(await askAboutStranger(ladder))).toBe('OCSP_RESPONDER_UNAUTHORISED');
    designated = [certificateOf(issuing())];
    expect(codeOf(await askAboutStranger(ladder))).toBe('good');
    designated = [certificateOf(root())];
    expect(codeOf(await askAboutStranger(ladder))).toBe('OCSP_RESPONDER_UNAUTHORISED');
    expect(asked).toContainEqual(START);
  });

  it('lends its answers no longer than it is designated, not even from memory', async () => {
    const ladder = open();
    designated = [certificateOf(issuing())];
    expect(codeOf(await askAboutStranger(ladder))).toBe('good');
    ocsp.behave('http-error');
    expect(codeOf(await askAboutStranger(ladder))).toBe('good');
    designated = [];
    expect(codeOf(await askAboutStranger(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('is nobody to a ladder that was told of none', async () => {
    expect(codeOf(await askAboutStranger(build()))).toBe('OCSP_RESPONDER_UNAUTHORISED');
  });
});

describe('the CRL when OCSP has no answer', () => {
  const withLists = (more: Partial<RevocationConfiguration> = {}): RevocationLadder =>
    build({ crls: [crlPoint()], ...more, windows: { ocspCacheMs: 0, ...more.windows } });

  it('answers from the full list and its delta', async () => {
    ocsp.behave('silent');
    const revoked = await lab.issue({ kind: 'hr', algorithm: 'gost2015-512' });
    const ladder = withLists();
    lab.revoke(revoked, START, 'certificateHold');
    expect(await ask(ladder, revoked)).toMatchObject({ status: 'on-hold', source: 'crl', revokedAt: START });
    expect(await ask(ladder)).toMatchObject({ status: 'good', source: 'crl' });
    expect(rungs().at(-1)).toBe('crl good');
  });

  it('never overrules an answer of OCSP', async () => {
    const ladder = withLists();
    for (const [mode, expected] of [
      ['revoked', 'revoked'],
      ['unknown', 'unknown'],
      ['never-issued', 'not-issued'],
    ] as const) {
      ocsp.behave(mode);
      expect(codeOf(await ask(ladder))).toBe(expected);
    }
    expect(crl.requests).toBe(0);
  });

  it.each<OcspMode>([
    'stale',
    'wrong-nonce',
    'unauthorised-responder',
    'bad-signature',
    'garbage',
    'try-later',
    'huge',
  ])('answers when OCSP is %s', async (mode) => {
    ocsp.behave(mode);
    expect(await ask(withLists())).toMatchObject({ status: 'good', source: 'crl' });
  });

  it.each<[CrlMode, string]>([
    ['stale', 'CRL_STALE'],
    ['future', 'CRL_STALE'],
    ['no-next-update', 'CRL_STALE'],
    ['bad-signature', 'CRL_SIGNATURE_INVALID'],
    ['missing', 'TRANSPORT_STATUS'],
    ['garbage', 'CRL_UNUSABLE'],
    ['empty', 'CRL_UNUSABLE'],
    ['truncated', 'CRL_UNUSABLE'],
    ['silent', 'TRANSPORT_TIMEOUT'],
    ['slow', 'TRANSPORT_TIMEOUT'],
    ['redirect', 'TRANSPORT_REDIRECT'],
    ['http-error', 'TRANSPORT_STATUS'],
    ['reset', 'TRANSPORT_UNREACHABLE'],
    ['huge', 'CRL_UNUSABLE'],
  ])('is unavailable when the list is %s: %s', async (mode, code) => {
    ocsp.behave('silent');
    crl.behave(mode);
    expect(codeOf(await ask(withLists()))).toBe('REVOCATION_UNAVAILABLE');
    const refresh = events.find((event) => event.kind === 'crl-refresh');
    expect(refresh).toMatchObject({ part: 'full', outcome: 'kept', code, entries: 0 });
  });

  it('names what OCSP said rather than that the list is missing', async () => {
    ocsp.behave('wrong-nonce');
    crl.behave('missing');
    expect(codeOf(await ask(withLists()))).toBe('OCSP_NONCE_MISMATCH');
  });

  it('is refused when an authority nobody trusts signed it', async () => {
    ocsp.behave('silent');
    crl.behave('wrong-issuer');
    expect(codeOf(await ask(withLists()))).toBe('REVOCATION_UNAVAILABLE');
  });

  it.each<CrlMode>([
    'stale',
    'bad-signature',
    'base-too-new',
    'number-below-base',
    'missing',
    'garbage',
    'no-number',
  ])('does without a delta that is %s', async (mode) => {
    ocsp.behave('silent');
    const held = await lab.issue({ kind: 'hr', algorithm: 'gost2015-512' });
    lab.revoke(held, START);
    crl.publish();
    lab.restore(held);
    crl.behave(mode, 'delta');
    expect(codeOf(await ask(withLists(), held))).toBe('revoked');
  });

  it('lifts a hold that the delta removes', async () => {
    ocsp.behave('silent');
    const held = await lab.issue({ kind: 'hr', algorithm: 'gost2015-512' });
    lab.revoke(held, START, 'certificateHold');
    crl.publish();
    lab.restore(held);
    expect(codeOf(await ask(withLists(), held))).toBe('good');
  });

  it('is fetched once by all who wait for it', async () => {
    ocsp.behave('reset');
    const ladder = withLists();
    const findings = await Promise.all(Array.from({ length: 10 }, () => ask(ladder)));
    expect(findings.map(codeOf)).toEqual(Array.from({ length: 10 }, () => 'good'));
    expect(crl.requests).toBe(2);
  });

  it('stays in force while a later fetch fails, until its nextUpdate', async () => {
    ocsp.behave('reset');
    const ladder = withLists();
    expect(codeOf(await ask(ladder))).toBe('good');
    crl.behave('garbage');
    now = new Date(START.getTime() + 26 * HOUR);
    expect(codeOf(await ask(ladder))).toBe('good');
    now = new Date(START.getTime() + 28 * HOUR);
    expect(codeOf(await ask(ladder))).toBe('CRL_STALE');
    crl.behave('honest');
    now = new Date(START.getTime() + 29 * HOUR);
    expect(codeOf(await ask(ladder))).toBe('good');
  });

  it('is not fetched again and again from a point that fails', async () => {
    ocsp.behave('reset');
    crl.behave('missing');
    const ladder = withLists();
    for (let i = 0; i < 5; i += 1) await ask(ladder);
    expect(crl.requests).toBe(1);
    crl.behave('honest');
    now = new Date(START.getTime() + MINUTE);
    expect(codeOf(await ask(ladder))).toBe('good');
  });

  it('is never replaced by an older one', async () => {
    ocsp.behave('reset');
    const ladder = withLists();
    await ask(ladder);
    now = new Date(START.getTime() + 28 * HOUR);
    crl.behave('stale');
    expect(codeOf(await ask(ladder))).toBe('CRL_STALE');
    expect(events.filter((event) => event.kind === 'crl-refresh').at(-1)).toMatchObject({ outcome: 'kept' });
  });
});

describe('a certificate of a CA', () => {
  const chain = (): [LabKey, LabKey] => [issuing(), root()];

  it('is looked up in the CRL of the root first, because roots run no OCSP', async () => {
    const ladder = build({ crls: [crlPoint(root())] });
    expect(await ask(ladder, ...chain())).toMatchObject({ status: 'good', source: 'crl' });
    expect(ocsp.requests).toBe(0);
  });

  it('is asked about by OCSP where no CRL speaks, and the answer reused for a while', async () => {
    const ladder = build({ windows: { authorityReuseMs: 10 * MINUTE } });
    for (let i = 0; i < 3; i += 1) expect(codeOf(await ask(ladder, ...chain()))).toBe('good');
    expect(ocsp.requests).toBe(1);
    now = new Date(START.getTime() + 10 * MINUTE);
    await ask(ladder, ...chain());
    expect(ocsp.requests).toBe(2);
  });

  it('can be configured to be asked about by OCSP first', async () => {
    const ladder = build({ crls: [crlPoint(root())], authoritiesFirst: 'ocsp' });
    expect(await ask(ladder, ...chain())).toMatchObject({ status: 'good', source: 'ocsp' });
  });

  it('finds its list among those of other issuers', async () => {
    ocsp.behave('reset');
    const ladder = build({ crls: crl.addresses.map(({ url, deltaUrl }) => ({ url, deltaUrl })) });
    expect(await ask(ladder, ...chain())).toMatchObject({ status: 'good', source: 'crl' });
    expect(await ask(ladder)).toMatchObject({ status: 'good', source: 'crl' });
  });
});

describe('an answer reused', () => {
  it('is none by default: every sign-in is asked about', async () => {
    const ladder = build({ windows: { ocspTimeoutMs: 10_000 } });
    for (let i = 0; i < 3; i += 1) expect(codeOf(await ask(ladder))).toBe('good');
    expect(ocsp.requests).toBe(3);
  });

  it('spares the question for as long as the policy says', async () => {
    const ladder = build({ windows: { reuseMs: 2 * MINUTE, ocspTimeoutMs: 10_000 } });
    for (let i = 0; i < 3; i += 1) expect(codeOf(await ask(ladder))).toBe('good');
    expect(ocsp.requests).toBe(1);
    now = new Date(START.getTime() + 2 * MINUTE);
    expect(codeOf(await ask(ladder))).toBe('good');
    expect(ocsp.requests).toBe(2);
  });

  it('goes on saying revoked when the responder has fallen silent', async () => {
    const ladder = build({ windows: { reuseMs: 10 * MINUTE, ocspTimeoutMs: 10_000 } });
    ocsp.behave('revoked');
    expect(codeOf(await ask(ladder))).toBe('revoked');
    ocsp.behave('good');
    expect(codeOf(await ask(ladder))).toBe('revoked');
    expect(ocsp.requests).toBe(1);
  });

  it('is never one that said unknown, or none at all', async () => {
    const ladder = build({ windows: { reuseMs: 10 * MINUTE, ocspTimeoutMs: 10_000 } });
    ocsp.behave('unknown');
    expect(codeOf(await ask(ladder))).toBe('unknown');
    ocsp.behave('try-later');
    expect(codeOf(await ask(ladder))).toBe('OCSP_TRY_LATER');
    ocsp.behave('honest');
    expect(codeOf(await ask(ladder))).toBe('good');
    expect(ocsp.requests).toBe(3);
  });

  it('is forgotten when trust changes', async () => {
    let trust = {};
    const ladder = build(
      { windows: { reuseMs: 10 * MINUTE, ocspTimeoutMs: 10_000 } },
      100,
      undefined,
      () => trust,
    );
    await ask(ladder);
    await ask(ladder);
    expect(ocsp.requests).toBe(1);
    trust = {};
    await ask(ladder);
    expect(ocsp.requests).toBe(2);
    // Nor may it stand in for a responder that cannot be reached.
    trust = {};
    ocsp.behave('reset');
    expect(codeOf(await ask(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });
});

describe('the circuit of a responder', () => {
  it('spares sign-ins the wait for a host that keeps silent', async () => {
    ocsp.behave('silent');
    const ladder = build({ crls: [crlPoint()] }, 2);
    for (let i = 0; i < 5; i += 1) expect(codeOf(await ask(ladder))).toBe('good');
    expect(ocsp.requests).toBe(2);
    expect(events).toContainEqual({ kind: 'circuit', host: hostOf(ocsp.url), state: 'open' });
    expect(rungs()).toContain('ocsp TRANSPORT_CIRCUIT_OPEN');
  });
});

describe('lists kept in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qaqpa-crl-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const keeping = (): RevocationLadder => {
    ocsp.behave('reset');
    return build({ crls: [crlPoint()], folder, windows: { ocspCacheMs: 0 } });
  };
  const kept = (): Promise<string[]> => readdir(folder);

  it('answer after a restart without any network', async () => {
    await ask(keeping());
    expect(await kept()).toHaveLength(2);
    crl.behave('reset');
    const restarted = keeping();
    await restarted.restore();
    expect(codeOf(await ask(restarted))).toBe('good');
  });

  it('are verified again: one that was cut short or has run out is not believed', async () => {
    await ask(keeping());
    crl.behave('reset');
    for (const name of await kept()) await truncate(join(folder, name), 200);
    const cut = keeping();
    await cut.restore();
    expect(codeOf(await ask(cut))).toBe('REVOCATION_UNAVAILABLE');
    expect(events).toContainEqual(
      expect.objectContaining({ origin: 'folder', outcome: 'kept', code: 'CRL_UNUSABLE' }),
    );

    crl.behave('honest');
    now = new Date(START.getTime() + HOUR);
    await ask(cut);
    crl.behave('reset');
    now = new Date(START.getTime() + 40 * HOUR);
    const late = keeping();
    await late.restore();
    expect(codeOf(await ask(late))).toBe('REVOCATION_UNAVAILABLE');
  });

  it('leave nothing half-written behind', async () => {
    crl.behave('truncated');
    await ask(keeping());
    expect(await kept()).toEqual([]);
  });

  it('are in force though the folder cannot be written', async () => {
    ocsp.behave('reset');
    await writeFile(join(folder, 'file'), '');
    const ladder = build({ crls: [crlPoint()], folder: join(folder, 'file', 'below') });
    expect(codeOf(await ask(ladder))).toBe('good');
    expect(events).toContainEqual(expect.objectContaining({ outcome: 'replaced', code: 'FOLDER_FAILED' }));
  });

  it('are fetched in the background from the start', async () => {
    const ladder = keeping();
    await ladder.restore();
    for (const { pace } of ladder.jobs) expect('due' in pace && pace.due()).toEqual(START);
    await refreshAll(ladder);
    expect((await kept()).filter((name) => name.endsWith('.crl'))).toHaveLength(2);
    for (const { pace } of ladder.jobs) {
      expect('due' in pace && pace.due().getTime()).toBeGreaterThan(START.getTime() + MINUTE - 1);
    }
    crl.behave('reset');
    expect(codeOf(await ask(ladder))).toBe('good');
  });
});

describe('what the observer is told', () => {
  it('holds hosts, codes and durations and nothing out of a certificate', async () => {
    const ladder = build({ crls: [crlPoint()] });
    await ask(ladder);
    ocsp.behave('wrong-cert-id');
    await ask(ladder);
    const told = JSON.stringify(events).toLowerCase();
    expect(events.length).toBeGreaterThan(2);
    expect(told).not.toContain(certificateOf(person).serialNumber);
    expect(told).not.toContain(certificateOf(person).sha256);
    expect(told).not.toMatch(/iin|bin\d/);
  });
});

describe('the refreshing of a list', () => {
  const refreshing = (): Job => build({ crls: [{ url: crlPoint().url }] }).jobs[0]!;
  const dueIn = ({ pace }: Job): number =>
    'due' in pace ? pace.due().getTime() - now.getTime() : Number.NaN;

  it('is due at once while there is none, half a minute after a failure, and later after each one more', async () => {
    const job = refreshing();
    expect(dueIn(job)).toBe(0);
    crl.behave('reset');
    const pauses = [];
    for (let failures = 0; failures < 3; failures += 1) {
      await expect(job.run(new AbortController().signal)).rejects.toThrow(ToldFailure);
      pauses.push(dueIn(job));
    }
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(0.75 * 30_000 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1.25 * 30_000 * 2 ** index);
    }
    expect(events.filter(({ kind }) => kind === 'crl-refresh')).toHaveLength(3);
  });

  it('is planned anew by whoever needed the list before it was due', async () => {
    const ladder = build({ ocsp: [], crls: [{ url: crlPoint().url }] });
    await ask(ladder);
    expect(dueIn(ladder.jobs[0]!)).toBeGreaterThanOrEqual(MINUTE);
  });

  it('ends when it is told to, though the server is silent', async () => {
    crl.behave('silent');
    const stop = new AbortController();
    const running = refreshing().run(stop.signal);
    stop.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a closed ladder', () => {
  it('gives up what is under way and answers nothing any more', async () => {
    ocsp.behave('silent');
    const ladder = build({ windows: { ocspTimeoutMs: 20_000 } });
    const pending = ask(ladder);
    setTimeout(() => void ladder.close(), 20);
    expect(codeOf(await pending)).toBe('REVOCATION_UNAVAILABLE');
    expect(codeOf(await ask(ladder))).toBe('REVOCATION_UNAVAILABLE');
  });
});

afterAll(() => {
  expect(ladders).toHaveLength(0);
});
