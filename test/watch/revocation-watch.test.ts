/** Sessions end with their certificate: the watch against real responders and lists, on every store, by a clock of our own. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Account } from '../../src/accounts/account.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { createMemos } from '../../src/eds/path/memo.js';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import {
  createLaboratory,
  type CrlPoint,
  type LabKey,
  type Laboratory,
  makeBin,
  type OcspResponder,
  startCrlPoint,
  startOcspResponder,
} from '../../src/lab/index.js';
import {
  createRevocationLadder,
  createTransport,
  hostOf,
  type RevocationLadder,
} from '../../src/revocation/index.js';
import { type OpenServices } from '../../src/services.js';
import { type WatchEvent } from '../../src/watch/event.js';
import { createRevocationWatch, type RevocationWatch } from '../../src/watch/revocation-watch.js';
import { trusted } from '../eds/support.js';
import { nextIin } from '../support/lab-gateway.js';
import { addMember } from '../support/members.js';
import { refreshAll } from '../support/refresh-all.js';
import { describeOnEveryStore } from '../support/stores.js';

const START = new Date('2026-11-23T05:00:00Z');
const MINUTE = 60_000;

let now = START;
let lab: Laboratory;
let trust: TrustSet;

beforeAll(async () => {
  lab = await createLaboratory({ now: () => now, algorithms: ['gost2015-512'] });
  trust = everyCa();
}, 60_000);

function everyCa(): TrustSet {
  return createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der }) => trusted(der)),
  );
}

describeOnEveryStore('the revocation watch', (storage) => {
  let ocsp: OcspResponder;
  let crl: CrlPoint;
  let ladder: RevocationLadder;
  let events: WatchEvent[];
  let inForce: TrustSet;

  beforeEach(async () => {
    now = new Date(now.getTime() + 60 * MINUTE);
    events = [];
    inForce = trust;
    [ocsp, crl] = await Promise.all([startOcspResponder(lab), startCrlPoint(lab)]);
    ladder = openLadder('ocsp');
  });
  afterEach(async () => {
    await ladder.close();
    await Promise.all([ocsp.close(), crl.close()]);
  });

  function openLadder(kind: 'ocsp' | 'crl' | 'both'): RevocationLadder {
    const transport = createTransport({
      allowedHosts: [ocsp.url, crl.url].map(hostOf),
      failuresToOpen: 1000,
      onEvent: () => undefined,
    });
    const { root } = lab.hierarchy('gost2015-512');
    const crls = crl.addresses.filter(({ issuer }) => kind !== 'ocsp' || issuer === root);
    return createRevocationLadder(
      {
        ocsp: kind === 'crl' ? [] : [{ url: ocsp.url }],
        crls: crls.map(({ url, deltaUrl }) => ({ url, deltaUrl })),
        folder: null,
        windows: { ocspTimeoutMs: 1_500, crlWaitMs: 3_000 },
      },
      {
        transport,
        clock: () => now,
        random: (length) => new Uint8Array(randomBytes(length)),
        issuers: () => trust.entries.map(({ certificate }) => certificate),
        onEvent: () => undefined,
      },
    );
  }

  function openWatch(store: OpenServices = storage()): RevocationWatch {
    return createRevocationWatch({
      storage: store,
      trust: { current: () => inForce },
      memoUnder: createMemos(),
      revocation: ladder,
      lists: ladder,
      hasResponders: true,
      clock: () => now,
      settings: { everyMs: MINUTE, concurrency: 4, perSecond: 1000 },
      onEvent: (event) => events.push(event),
    });
  }

  const bin = makeBin({ registered: '2015-03' });
  async function signedIn(key?: LabKey): Promise<{ token: string; key: LabKey; account: Account }> {
    const accounts = storage().accounts;
    const organisation =
      (await accounts.organisationByBin(parseBin(bin)!)) ??
      (await accounts.addOrganisation({ name: 'ТОО «Лаборатория»', bin: parseBin(bin)! }, now));
    const iin = parseIin(nextIin())!;
    const held = key ?? (await lab.issue({ kind: 'employee', algorithm: 'gost2015-512', iin, bin }));
    await addMember(accounts, { organisationId: organisation.id, iin, name: 'КҮЗЕТ ТЕСТ', roles: [] }, now);
    const account = (await accounts.accountsOf(iin))[0]!;
    const certificate = parseCertificate(held.certificate);
    const { sha256, serialNumber, notAfter } = certificate;
    await accounts.bindCertificate(account, { sha256, serialNumber, notAfter, der: held.certificate }, now);
    const { token } = await storage().sessions.create(
      {
        personId: account.person.id,
        organisationId: organisation.id,
        membershipId: account.membership.id,
        method: 'eds',
        certificateSha256: sha256,
        device: null,
        address: null,
      },
      now,
    );
    return { token, key: held, account };
  }
  const lives = async (token: string): Promise<boolean> =>
    (await storage().sessions.find(token, now)) !== null;
  const outcomes = (): string[] =>
    events.flatMap((event) =>
      event.kind === 'certificate' ? [`${event.outcome} ${event.code ?? ''}`.trim()] : [],
    );
  const minutes = async (count: number, watch: RevocationWatch): Promise<void> => {
    for (let minute = 0; minute < count; minute += 1) {
      now = new Date(now.getTime() + MINUTE);
      await watch.sweep();
    }
  };

  it('ends every session of a revoked certificate within five minutes, each with a record, and no other', async () => {
    const watch = openWatch();
    const [leaver, stayer] = [await signedIn(), await signedIn()];
    const elsewhere = await signedIn(leaver.key);
    await minutes(4, watch);
    expect(await Promise.all([leaver, stayer, elsewhere].map(({ token }) => lives(token)))).toEqual([
      true,
      true,
      true,
    ]);
    lab.revoke(leaver.key, now);
    await minutes(4, watch);
    expect(await Promise.all([leaver, stayer, elsewhere].map(({ token }) => lives(token)))).toEqual([
      false,
      true,
      false,
    ]);
    const ended = (await storage().audit.latest(20)).filter(
      ({ reason, details }) =>
        reason === 'CERTIFICATE_REVOKED' &&
        details['certificateSha256'] === parseCertificate(leaver.key.certificate).sha256,
    );
    expect(ended).toHaveLength(2);
    expect(ended[0]).toMatchObject({ type: 'session.ended', actor: { kind: 'gateway' } });
    expect(ended[0]!.details).toMatchObject({ source: 'ocsp' });
    expect(events).toContainEqual({ kind: 'ended', code: 'CERTIFICATE_REVOKED', sessions: 2 });
  });

  it('asks about each certificate anew in time, and not more often than that', async () => {
    const watch = openWatch();
    const old = await signedIn();
    await minutes(3, watch);
    // A crowd of newcomers keeps nobody waiting who is due.
    for (let i = 0; i < 6; i += 1) await signedIn();
    await minutes(4, watch);
    const sweeps = events.filter((event) => event.kind === 'sweep');
    // The first ones find what the clock's leap between tests left behind.
    for (const { oldestMs } of sweeps.slice(2)) expect(oldestMs).toBeLessThanOrEqual(4 * MINUTE);
    expect(outcomes().length).toBeGreaterThanOrEqual(8);
    const before = outcomes().length;
    await watch.sweep();
    expect(outcomes()).toHaveLength(before);
    expect(await lives(old.token)).toBe(true);
  });

  it.each([
    ['lies about who it is', 'bad-signature', 'OCSP_SIGNATURE_INVALID'],
    ['speaks about another certificate', 'wrong-cert-id', 'OCSP_CERT_ID_MISMATCH'],
    ['gives an old answer', 'stale', 'OCSP_STALE'],
    ['does not know it any more', 'unknown', 'REVOCATION_UNKNOWN'],
    ['never answers', 'silent', 'REVOCATION_UNAVAILABLE'],
  ] as const)('ends nothing while the responder %s, and says so', async (_what, mode, code) => {
    const watch = openWatch();
    const { token, key } = await signedIn();
    ocsp.behave(mode);
    await minutes(6, watch);
    expect(await lives(token)).toBe(true);
    expect(outcomes()).toContain(`open ${code}`);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'sweep', open: expect.any(Number) }));
    // And it goes on asking: what was published meanwhile is noticed when the responder is itself again.
    lab.revoke(key, now);
    ocsp.behave('honest');
    await minutes(4, watch);
    expect(await lives(token)).toBe(false);
  });

  it('believes a list that names the certificate, whatever the responder would say', async () => {
    const { token, key } = await signedIn();
    lab.revoke(key, now);
    await ladder.close();
    ladder = openLadder('crl');
    const watch = openWatch();
    await minutes(4, watch);
    expect(await lives(token)).toBe(false);
  });

  it('ends the sessions of a certificate that is suspended, and says that it is no more than that', async () => {
    const watch = openWatch();
    const { token, key } = await signedIn();
    lab.revoke(key, now, 'certificateHold');
    await minutes(4, watch);
    expect(await lives(token)).toBe(false);
    expect(outcomes()).toContain('bad CERTIFICATE_ON_HOLD');
    expect(events).toContainEqual({ kind: 'ended', code: 'CERTIFICATE_ON_HOLD', sessions: 1 });
  });

  it('leaves a session alone whose certificate an older list holds and the responder no longer does', async () => {
    const { token, key } = await signedIn();
    lab.revoke(key, now, 'certificateHold');
    await ladder.close();
    ladder = openLadder('both');
    crl.publish();
    now = new Date(now.getTime() + MINUTE);
    await refreshAll(ladder);
    const [certificate, issuer] = [key, lab.hierarchy('gost2015-512').issuing].map((one) =>
      parseCertificate(one.certificate),
    );
    expect((await ladder.listed(certificate!, issuer!, now)).status).toBe('on-hold');
    lab.restore(key);
    const watch = openWatch();
    await minutes(4, watch);
    expect(await lives(token)).toBe(true);
    expect(outcomes()).toContain('good');
    ocsp.behave('reset');
    lab.revoke(key, now, 'certificateHold');
    await ladder.close();
    ladder = openLadder('both');
    await minutes(4, openWatch());
    expect(await lives(token)).toBe(false);
  });

  it('ends the sessions of a certificate that was never issued', async () => {
    const watch = openWatch();
    const { token } = await signedIn();
    ocsp.behave('never-issued');
    await minutes(4, watch);
    expect(await lives(token)).toBe(false);
    expect(outcomes()).toContain('bad CERTIFICATE_NOT_ISSUED');
  });

  it('ends the sessions of an authority that is trusted no longer', async () => {
    const watch = openWatch();
    const { token } = await signedIn();
    const { issuing } = lab.hierarchy('gost2015-512');
    const gone = parseCertificate(issuing.certificate).sha256;
    inForce = createTrustSet(
      'without',
      trust.entries.filter(({ certificate }) => certificate.sha256 !== gone),
    );
    await minutes(4, watch);
    expect(await lives(token)).toBe(false);
    expect(outcomes()).toContain('bad PATH_UNTRUSTED');
  });

  it('is not held up by a certificate that was not kept', async () => {
    const watch = openWatch();
    const { key, account } = await signedIn();
    const { token } = await storage().sessions.create(
      {
        personId: account.person.id,
        organisationId: account.organisation.id,
        membershipId: account.membership.id,
        method: 'eds',
        certificateSha256: '00'.repeat(32),
        device: null,
        address: null,
      },
      now,
    );
    const other = await signedIn();
    lab.revoke(other.key, now);
    await minutes(4, watch);
    expect([await lives(token), await lives(other.token)]).toEqual([true, false]);
    expect(outcomes()).toContain('open CERTIFICATE_NOT_KEPT');
    expect(key.id).not.toBe(other.key.id);
    await storage().sessions.end(token);
  });

  it('shares the work between instances, and takes over what one of them left undone', async () => {
    const [a, b] = [openWatch(), openWatch()];
    const { key, token } = await signedIn();
    const sha256 = parseCertificate(key.certificate).sha256;
    await Promise.all([a.sweep(), b.sweep()]);
    await Promise.all([a.sweep(), b.sweep()]);
    await Promise.all([a.sweep(), b.sweep()]);
    // An instance takes it and dies.
    now = new Date(now.getTime() + 3 * MINUTE);
    const taken = await storage().certificateChecks.claim([sha256], {
      now,
      dueBefore: now,
      until: new Date(now.getTime() + MINUTE),
    });
    expect(taken).toEqual([sha256]);
    lab.revoke(key, now);
    await minutes(4, b);
    expect(await lives(token)).toBe(false);
  });
});
