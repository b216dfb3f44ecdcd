import { expect, it } from '@jest/globals';
import { issueChallenge, type IssuedChallenge, takeChallenge } from '../../src/challenge/challenge.js';
import { describeOnEveryStore } from '../support/stores.js';

const ORIGIN = 'https://login.example.kz';
const HOLDER = { kind: 'address', name: '203.0.113.7' } as const;
const NOW = new Date('2026-11-23T05:00:00.700Z');
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

/** An identifier nobody issued, of a challenge that was over at a time. */
function idOf(over: Date): string {
  const octets = Buffer.alloc(16, 7);
  octets.writeUInt32BE(Math.floor(over.getTime() / 1000), 0);
  return octets.toString('base64url');
}

describeOnEveryStore('a challenge', (storage) => {
  const issue = (
    change: { browserToken?: string | null; lifetimeMs?: number } = {},
  ): Promise<IssuedChallenge> =>
    issueChallenge(storage().challenges, {
      origin: ORIGIN,
      purpose: 'login',
      holder: HOLDER,
      now: NOW,
      ...change,
    });
  const take = (issued: IssuedChallenge, now: Date, token: string | null = issued.browserToken) =>
    takeChallenge(storage().challenges, { id: issued.id, browserToken: token }, { origin: ORIGIN }, now);

  it('comes back, byte for byte, to the browser it was issued to', async () => {
    const issued = await issue();
    const taken = await take(issued, later(10));
    expect(taken).toEqual({
      outcome: 'taken',
      challenge: {
        id: issued.id,
        purpose: 'login',
        subjectId: null,
        text: issued.text,
        bytes: issued.bytes,
        issuedAt: new Date('2026-11-23T05:00:00Z'),
        expiresAt: new Date('2026-11-23T05:05:00Z'),
      },
    });
    expect(Buffer.from(issued.bytes).toString('utf8')).toBe(issued.text);
  });

  it('is taken once', async () => {
    const issued = await issue();
    await take(issued, later(1));
    expect(await take(issued, later(2))).toEqual({ outcome: 'used' });
  });

  it('is given to one of twenty who ask at once', async () => {
    const issued = await issue();
    const takings = await Promise.all(Array.from({ length: 20 }, () => take(issued, later(1))));
    const outcomes = takings.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['taken', ...Array<string>(19).fill('used')].sort());
  });

  it('is not given to another browser, and is not used up by it', async () => {
    const issued = await issue();
    const stranger = await issue();
    expect(await take(issued, later(1), stranger.browserToken)).toEqual({ outcome: 'other-browser' });
    expect(await take(issued, later(1), null)).toEqual({ outcome: 'other-browser' });
    expect(await take(issued, later(1), issued.browserToken.toLowerCase())).toEqual({
      outcome: 'other-browser',
    });
    expect((await take(issued, later(2))).outcome).toBe('taken');
  });

  it('tells another browser nothing about its state', async () => {
    const issued = await issue();
    await take(issued, later(1));
    expect(await take(issued, later(2), 'x')).toEqual({ outcome: 'other-browser' });
    expect(await take(await issue(), later(900), 'x')).toEqual({ outcome: 'other-browser' });
  });

  it('ends with its last second', async () => {
    const issued = await issue({ lifetimeMs: 60_000 });
    expect(await take(issued, issued.expiresAt)).toEqual({ outcome: 'expired' });
    expect((await take(issued, new Date(issued.expiresAt.getTime() - 1))).outcome).toBe('taken');
  });

  it('is told to have expired for an hour, though nothing of it is kept', async () => {
    const issued = await issue();
    await storage().purge(later(301));
    expect(await take(issued, later(301))).toEqual({ outcome: 'expired' });
    expect(await take({ ...issued, id: idOf(later(-3_590)) }, later(3))).toEqual({
      outcome: 'expired',
    });
    for (const over of [later(-3_700), new Date(0), later(4)]) {
      expect(await take({ ...issued, id: idOf(over) }, later(3))).toEqual({ outcome: 'unknown' });
    }
  });

  it('is unknown where its text would be another today', async () => {
    const issued = await issue();
    const asked = { id: issued.id, browserToken: issued.browserToken };
    const elsewhere = { origin: 'https://other.example.kz' };
    expect(await takeChallenge(storage().challenges, asked, elsewhere, later(1))).toEqual({
      outcome: 'unknown',
    });
    expect(await take(issued, later(2))).toEqual({ outcome: 'used' });
  });

  it('is unknown under an identifier never issued', async () => {
    const issued = await issue();
    for (const id of ['', 'AAAAAAAAAAAAAAAAAAAAAA', `${issued.id}A`, "' or 1=1 --", '*']) {
      expect(await take({ ...issued, id }, later(1))).toEqual({ outcome: 'unknown' });
    }
  });

  it('never repeats its identifier, nonce or browser token', async () => {
    const issued = await Promise.all(Array.from({ length: 50 }, () => issue()));
    for (const field of ['id', 'text', 'browserToken'] as const) {
      expect(new Set(issued.map((challenge) => challenge[field])).size).toBe(50);
    }
  });

  it('keeps the browser token a second tab already holds', async () => {
    const first = await issue();
    const second = await issue({ browserToken: first.browserToken });
    expect(second.browserToken).toBe(first.browserToken);
    expect((await take(first, later(1))).outcome).toBe('taken');
    expect((await take(second, later(1))).outcome).toBe('taken');
  });

  it('replaces a browser token that is not one of ours', async () => {
    for (const browserToken of ['', 'short', `${'A'.repeat(42)};`, 'A'.repeat(44)]) {
      const issued = await issue({ browserToken });
      expect(issued.browserToken).not.toBe(browserToken);
      expect(issued.browserToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    }
  });

  it('is refused a life above five minutes', async () => {
    await expect(issue({ lifetimeMs: 301_000 })).rejects.toMatchObject({ code: 'CHALLENGE_TERMS_INVALID' });
  });
});
