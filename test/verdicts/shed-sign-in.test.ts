import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTrustSet } from '../../src/eds/trust-set.js';
import { createLaboratory, type LabKey, type Laboratory } from '../../src/lab/index.js';
import { proveChallenge, type ProofParts } from '../../src/sign-in/proof.js';
import { issueChallenge } from '../../src/challenge/challenge.js';
import { type OpenVerdicts, openVerdicts } from '../../src/verdicts/open.js';
import { trusted } from '../eds/support.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const ORIGIN = 'https://login.example.kz';

describe('a sign-in for which there is no place', () => {
  let lab: Laboratory;
  let key: LabKey;
  let store: TemporaryStorage;
  let verdicts: OpenVerdicts;
  let parts: ProofParts;

  beforeAll(async () => {
    lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
    key = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
    store = await openTemporaryStorage();
    const entries = lab.trustCertificates().map(({ der, role }) => trusted(der, role));
    const trust = createTrustSet('lab', entries);
    verdicts = await openVerdicts({
      threads: 0,
      trust: () => trust,
      revocation: {
        statusOf: () => Promise.resolve({ status: 'good', source: 'ocsp', producedAt: NOW, asOf: NOW }),
      },
      clock: () => NOW,
      checksums: 'warn',
      onEvent: () => undefined,
      limits: { login: { tasks: 1, octets: 1e6 }, document: { tasks: 1, octets: 1e6 } },
    });
    parts = { storage: store.storage, verdicts, clock: () => NOW, origin: ORIGIN };
  }, 60_000);
  afterAll(async () => {
    await verdicts.close(0);
    await store.remove();
  });

  it('keeps its challenge, so that the same answer is good a moment later, and only once', async () => {
    const challenge = await issueChallenge(store.storage.challenges, {
      origin: ORIGIN,
      purpose: 'login',
      holder: { kind: 'address', name: '203.0.113.7' },
      now: NOW,
      lifetimeMs: 60_000,
      browserToken: null,
    });
    const signature = Buffer.from(await lab.signCms(key, challenge.bytes)).toString('base64');
    const attempt = { challengeId: challenge.id, signature, purpose: 'login' } as const;
    const prove = (): ReturnType<typeof proveChallenge> =>
      proveChallenge(parts, attempt, { browserToken: challenge.browserToken });

    let leave = (): void => undefined;
    const holding = verdicts.withPlace(
      1,
      () =>
        new Promise<void>((resolve) => {
          leave = resolve;
        }),
    );
    await expect(prove()).rejects.toMatchObject({ code: 'VERIFIER_BUSY' });
    leave();
    await holding;
    expect(await prove()).toMatchObject({ outcome: 'proved' });
    expect(await prove()).toMatchObject({ outcome: 'refused', code: 'CHALLENGE_USED' });
  });
});
