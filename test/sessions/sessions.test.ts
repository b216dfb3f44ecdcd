import { describe, expect, it } from '@jest/globals';
import { type NewSession } from '../../src/sessions/session.js';
import { createSessions } from '../../src/sessions/sessions.js';
import { describeOnEveryStore } from '../support/stores.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const after = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

let people = 0;
/** Somebody who has no sessions yet. */
function somebody(change: Partial<NewSession> = {}): NewSession {
  people += 1;
  return {
    personId: `person-${people}`,
    organisationId: `organisation-${people}`,
    membershipId: `membership-${people}`,
    method: 'eds',
    certificateSha256: 'ab'.repeat(32),
    device: 'Mozilla/5.0',
    address: '192.0.2.1',
    ...change,
  };
}

describeOnEveryStore('a session', (storage) => {
  it('is found by its token, with everything it was opened with', async () => {
    const details = somebody();
    const { token, session } = await storage().sessions.create(details, NOW);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await storage().sessions.find(token, NOW)).toEqual(session);
    expect(session).toMatchObject({
      ...details,
      acr: 'urn:qaqpa:acr:eds',
      createdAt: NOW,
      authenticatedAt: NOW,
      lastSeenAt: NOW,
      idleMs: 30 * 60_000,
      obligations: [],
      stepUp: null,
      idleExpiresAt: after(30),
      expiresAt: after(12 * 60),
    });
  });

  it('keeps absent facts absent', async () => {
    const details = somebody({ method: 'password', certificateSha256: null, device: null, address: null });
    const { token } = await storage().sessions.create(details, NOW);
    expect(await storage().sessions.find(token, NOW)).toMatchObject({
      ...details,
      acr: 'urn:qaqpa:acr:password',
    });
  });

  it('is opened by nothing but its token', async () => {
    const { token, session } = await storage().sessions.create(somebody(), NOW);
    for (const wrong of ['', session.id, token.toLowerCase(), `${token}A`, token.slice(1)]) {
      expect(await storage().sessions.find(wrong, NOW)).toBeNull();
    }
  });

  it('ends when it is not used', async () => {
    const { token } = await storage().sessions.create(somebody(), NOW);
    expect(await storage().sessions.find(token, after(30))).toBeNull();
  });

  it('lives on while it is used, up to its absolute end', async () => {
    const { token } = await storage().sessions.create(somebody(), NOW);
    for (let minute = 29; minute < 12 * 60; minute += 29) {
      expect(await storage().sessions.find(token, after(minute))).toMatchObject({
        lastSeenAt: after(minute),
      });
    }
    expect(await storage().sessions.find(token, after(12 * 60))).toBeNull();
  });

  it('notes its use at most once a minute', async () => {
    const { token } = await storage().sessions.create(somebody(), NOW);
    expect(await storage().sessions.find(token, after(0.9))).toMatchObject({ lastSeenAt: NOW });
    expect(await storage().sessions.find(token, after(1))).toMatchObject({ lastSeenAt: after(1) });
    expect(await storage().sessions.find(token, after(1.5))).toMatchObject({ lastSeenAt: after(1) });
  });

  it('is ended once', async () => {
    const { token } = await storage().sessions.create(somebody(), NOW);
    expect(await storage().sessions.end(token)).toBe(true);
    expect(await storage().sessions.end(token)).toBe(false);
    expect(await storage().sessions.find(token, NOW)).toBeNull();
  });

  it('is not brought back by a use that was under way when it ended', async () => {
    const owner = somebody();
    const { token } = await storage().sessions.create(owner, NOW);
    await Promise.all([storage().sessions.find(token, after(2)), storage().sessions.end(token)]);
    expect(await storage().sessions.find(token, after(2))).toBeNull();
    expect(await storage().sessions.list({ personId: owner.personId }, after(2))).toEqual([]);
  });

  it('changes its token, and the old one is dead at once', async () => {
    const owner = somebody();
    const { token, session } = await storage().sessions.create(owner, NOW);
    const rotated = await storage().sessions.rotate(token, NOW);
    expect(rotated?.session).toEqual(session);
    expect(rotated?.token).not.toBe(token);
    expect(await storage().sessions.find(token, NOW)).toBeNull();
    expect(await storage().sessions.find(rotated!.token, NOW)).toEqual(session);
    expect(await storage().sessions.endAllOf({ personId: owner.personId })).toBe(1);
    expect(await storage().sessions.find(rotated!.token, NOW)).toBeNull();
  });

  it('gives its new token to one of those who rotate it at once', async () => {
    const { token } = await storage().sessions.create(somebody(), NOW);
    const rotations = await Promise.all(
      Array.from({ length: 10 }, () => storage().sessions.rotate(token, NOW)),
    );
    expect(rotations.filter((rotation) => rotation !== null)).toHaveLength(1);
  });

  it('is not rotated when it is over', async () => {
    const { token } = await storage().sessions.create(somebody(), NOW);
    expect(await storage().sessions.rotate(token, after(31))).toBeNull();
    expect(await storage().sessions.rotate('unknown', NOW)).toBeNull();
  });

  it.each(['personId', 'membershipId', 'organisationId'] as const)(
    'ends with all of its %s and with nobody else’s',
    async (column) => {
      const [mine, other] = [somebody(), somebody()];
      const opened = await Promise.all(
        [mine, mine, mine].map((owner) => storage().sessions.create(owner, NOW)),
      );
      const stranger = await storage().sessions.create(other, NOW);
      const owner = { [column]: mine[column] } as { personId: string };
      expect(await storage().sessions.endAllOf(owner)).toBe(3);
      expect(await storage().sessions.endAllOf(owner)).toBe(0);
      for (const { token } of opened) expect(await storage().sessions.find(token, NOW)).toBeNull();
      expect(await storage().sessions.find(stranger.token, NOW)).not.toBeNull();
    },
  );

  it('survives the end of all others', async () => {
    const owner = somebody();
    const [first, kept, third] = await Promise.all(
      [owner, owner, owner].map((details) => storage().sessions.create(details, NOW)),
    );
    expect(await storage().sessions.endAllOf({ personId: owner.personId }, kept!.session.id)).toBe(2);
    expect(await storage().sessions.find(kept!.token, NOW)).toEqual(kept!.session);
    expect(await storage().sessions.find(first!.token, NOW)).toBeNull();
    expect(await storage().sessions.find(third!.token, NOW)).toBeNull();
  });

  it('is ended by its identifier only by its owner', async () => {
    const [mine, other] = [somebody(), somebody()];
    const { token, session } = await storage().sessions.create(mine, NOW);
    await storage().sessions.create(mine, NOW);
    expect(await storage().sessions.endOne({ personId: other.personId }, session.id)).toBe(false);
    expect(await storage().sessions.find(token, NOW)).not.toBeNull();
    expect(await storage().sessions.endOne({ personId: mine.personId }, session.id)).toBe(true);
    expect(await storage().sessions.find(token, NOW)).toBeNull();
    expect(await storage().sessions.list({ personId: mine.personId }, NOW)).toHaveLength(1);
  });

  it('is listed for its owner, newest first, while it lives', async () => {
    const owner = somebody();
    const opened = [];
    for (const minute of [0, 10, 20]) opened.push(await storage().sessions.create(owner, after(minute)));
    const ids = opened.map(({ session }) => session.id).reverse();
    const listed = async (at: Date): Promise<string[]> =>
      (await storage().sessions.list({ personId: owner.personId }, at)).map(({ id }) => id);
    expect(await listed(after(20))).toEqual(ids);
    expect(await listed(after(35))).toEqual(ids.slice(0, 2));
    expect(await listed(after(60))).toEqual([]);
  });

  it('keeps what it still owes until it is fulfilled, and changes its token with each', async () => {
    const { token } = await storage().sessions.create(
      somebody({ obligations: ['accept-terms', 'change-password'] }),
      NOW,
    );
    const first = await storage().sessions.fulfil(token, 'accept-terms', NOW);
    expect(first?.session.obligations).toEqual(['change-password']);
    expect(await storage().sessions.find(token, NOW)).toBeNull();
    const second = await storage().sessions.fulfil(first!.token, 'change-password', NOW);
    expect(await storage().sessions.find(second!.token, NOW)).toMatchObject({ obligations: [] });
    expect(await storage().sessions.fulfil(first!.token, 'change-password', NOW)).toBeNull();
  });

  it('keeps what it owes through every other change of its token', async () => {
    const { token } = await storage().sessions.create(somebody({ obligations: ['accept-terms'] }), NOW);
    const rotated = await storage().sessions.rotate(token, NOW);
    const fulfilled = await storage().sessions.fulfil(rotated!.token, 'change-password', NOW);
    expect(await storage().sessions.find(fulfilled!.token, after(2))).toMatchObject({
      obligations: ['accept-terms'],
    });
  });

  it('notes the one operation that was signed last, under a new token', async () => {
    const { token, session } = await storage().sessions.create(somebody(), NOW);
    const noted = { digest: 'a'.repeat(64), evidence: 'evidence', until: after(5) };
    const first = await storage().sessions.stepUp(token, { operation: 'roles.change', ...noted }, NOW);
    expect(await storage().sessions.find(token, NOW)).toBeNull();
    const stepUp = { ...noted, operation: 'members.change', until: after(6) } as const;
    const second = await storage().sessions.stepUp(first!.token, stepUp, NOW);
    expect(await storage().sessions.find(second!.token, NOW)).toEqual({ ...session, stepUp });
  });

  it('ends with the certificate that opened it', async () => {
    const { token, session } = await storage().sessions.create(
      somebody({ certificateNotAfter: after(20) }),
      NOW,
    );
    expect([session.idleExpiresAt, session.expiresAt]).toEqual([after(20), after(20)]);
    expect(await storage().sessions.find(token, after(19))).not.toBeNull();
    expect(await storage().sessions.find(token, after(20))).toBeNull();
  });

  it('obeys an organisation that wants it shorter, and none that wants it longer', async () => {
    const short = { idleMs: 5 * 60_000, lifetimeMs: 60 * 60_000, maxConcurrent: 10 };
    const { token, session } = await storage().sessions.create(somebody({ limits: short }), NOW);
    expect([session.idleExpiresAt, session.expiresAt]).toEqual([after(5), after(60)]);
    expect(await storage().sessions.find(token, after(4))).toMatchObject({ idleExpiresAt: after(9) });
    expect(await storage().sessions.find(token, after(9))).toBeNull();
    const long = { idleMs: 24 * 60 * 60_000, lifetimeMs: 48 * 60 * 60_000, maxConcurrent: 1000 };
    expect((await storage().sessions.create(somebody({ limits: long }), NOW)).session).toMatchObject({
      idleExpiresAt: after(30),
      expiresAt: after(12 * 60),
    });
  });

  it('makes room for one more by ending the oldest of its membership', async () => {
    const limits = { idleMs: 60_000, lifetimeMs: 60_000, maxConcurrent: 3 };
    const owner = somebody({ limits });
    const elsewhere = somebody({ personId: owner.personId });
    await storage().sessions.create(elsewhere, NOW);
    const opened = [];
    for (const second of [0, 1, 2, 3]) {
      opened.push(await storage().sessions.create(owner, after(second / 60)));
    }
    expect(opened.map(({ ended }) => ended.map(({ id }) => id))).toEqual([
      [],
      [],
      [],
      [opened[0]!.session.id],
    ]);
    expect(await storage().sessions.find(opened[0]!.token, after(0.1))).toBeNull();
    const { personId } = owner;
    expect(await storage().sessions.list({ personId }, after(0.1))).toHaveLength(4);
  });

  it('ends every session above a limit that has become lower, and counts none that is over', async () => {
    const limits = { idleMs: 60_000, lifetimeMs: 60_000, maxConcurrent: 2 };
    const owner = somebody({ limits });
    for (const second of [0, 1, 2]) {
      await storage().sessions.create({ ...owner, limits: null }, after(second / 60));
    }
    const { ended } = await storage().sessions.create(owner, after(0.1));
    expect(ended.map(({ createdAt }) => createdAt)).toEqual([after(0), after(1 / 60)]);
    expect((await storage().sessions.create(owner, after(60))).ended).toEqual([]);
  });

  it('ends with all of its certificate, everywhere or at one membership', async () => {
    const certificateSha256 = 'c1'.repeat(32);
    const [mine, other] = [somebody({ certificateSha256 }), somebody({ certificateSha256 })];
    const renewed = await storage().sessions.create({ ...mine, certificateSha256: 'c2'.repeat(32) }, NOW);
    await storage().sessions.create(mine, NOW);
    const { token } = await storage().sessions.create(other, NOW);
    const here = { certificateSha256, membershipId: mine.membershipId };
    expect(await storage().sessions.list(here, NOW)).toHaveLength(1);
    expect(await storage().sessions.endAllOf(here)).toBe(1);
    expect(await storage().sessions.find(token, NOW)).not.toBeNull();
    expect(await storage().sessions.endAllOf({ certificateSha256 })).toBe(1);
    expect(await storage().sessions.find(token, NOW)).toBeNull();
    expect(await storage().sessions.find(renewed.token, NOW)).not.toBeNull();
  });

  it('names its certificate among the live ones, once and in order, until the last of them ends', async () => {
    const live = async (): Promise<string[]> => {
      const found: string[] = [];
      for (let last: string | null = 'd'; ;) {
        const page: readonly string[] = await storage().sessions.liveCertificates(last, 2, NOW);
        found.push(...page);
        if (page.length < 2) return found;
        last = page[1]!;
      }
    };
    const names = ['d5', 'd1', 'd3', 'd4', 'd2'].map((name) => name.repeat(32));
    const opened = [];
    for (const certificateSha256 of [...names, names[0]!]) {
      opened.push(await storage().sessions.create(somebody({ certificateSha256 }), NOW));
    }
    await storage().sessions.create(somebody({ method: 'password', certificateSha256: null }), NOW);
    expect(await live()).toEqual(names.sort());
    const [first, d1, d3, d4] = opened;
    for (const { token } of [first!, d1!, d3!, d4!]) await storage().sessions.end(token);
    expect(await live()).toEqual(['d2'.repeat(32), 'd5'.repeat(32)]);
    await storage().sessions.rotate(opened[4]!.token, NOW);
    await storage().sessions.end(opened[5]!.token);
    expect(await live()).toEqual(['d2'.repeat(32)]);
  });

  it('cuts a device description that is too long', async () => {
    const { session } = await storage().sessions.create(somebody({ device: 'x'.repeat(10_000) }), NOW);
    expect(session.device).toHaveLength(200);
  });

  it('is not kept when the unit of work that opened it fails', async () => {
    const owner = somebody();
    const work = storage().atomically(async ({ sessions }) => {
      await sessions.create(owner, NOW);
      throw new Error('the audit record could not be written');
    });
    await expect(work).rejects.toThrow('the audit record could not be written');
    expect(await storage().sessions.list({ personId: owner.personId }, NOW)).toEqual([]);
  });
});

describe('session limits', () => {
  it.each([
    ['no idle time', { idleMs: 0, lifetimeMs: 1000, maxConcurrent: 1 }],
    ['an idle time above the absolute one', { idleMs: 2000, lifetimeMs: 1000, maxConcurrent: 1 }],
    ['no number', { idleMs: Number.NaN, lifetimeMs: 1000, maxConcurrent: 1 }],
    ['no session at all', { idleMs: 1000, lifetimeMs: 1000, maxConcurrent: 0 }],
    ['half a session', { idleMs: 1000, lifetimeMs: 1000, maxConcurrent: 1.5 }],
  ])('refuse %s', (_what, limits) => {
    const unused = {} as Parameters<typeof createSessions>[0];
    expect(() => createSessions(unused, limits)).toThrow(RangeError);
  });
});
