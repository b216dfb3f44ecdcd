import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { issueChallenge, type IssuedChallenge, takeChallenge } from '../../src/challenge/challenge.js';
import { brokenBound, type ChallengeHolder, roomLimits } from '../../src/challenge/room.js';
import {
  OPERATION_MAX_OCTETS,
  type OperationSubject,
  type TermsSubject,
} from '../../src/challenge/subject.js';
import { createChallengeCount } from '../../src/storage/tables/sql-challenges.js';
import { type OpenServices } from '../../src/services.js';
import { describeOnEveryStore } from '../support/stores.js';
import { temporaryEngine } from '../support/temporary-storage.js';

const ORIGIN = 'https://login.example.kz';
const NOW = new Date('2026-11-23T05:00:00Z');
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const address = (number: number): ChallengeHolder => ({
  kind: 'address',
  name: `10.${number >> 8}.${number & 255}.1`,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const TEXT = `${'Шарттар. '.repeat(800)}\n`;
const TERMS: TermsSubject = {
  kind: 'terms',
  id: '2026-11-01/kk',
  documents: [{ title: 'Шарттар', sha256: sha256(TEXT), text: TEXT }],
};
const OPERATION: OperationSubject = {
  kind: 'operation',
  id: `members.change/3c9a0a52-0d6b-4a43-8f0e-1f5a6e0f0a11.${sha256('request')}`,
  kk: 'Қызметкердің рөлдерін өзгерту',
  ru: 'Изменить роли сотрудника',
  organisation: 'ТОО «Қақпа»',
  targets: ['ӘБДІРАХМАН ҒАЛЫМ'],
  values: ['accountant'],
  digest: sha256('request'),
};

interface Asked {
  readonly holder?: ChallengeHolder;
  readonly now?: Date;
  readonly subject?: TermsSubject | OperationSubject;
}

function issue(storage: OpenServices, { holder = address(1), now = NOW, subject }: Asked = {}) {
  const about =
    subject === undefined
      ? ({ purpose: 'login' } as const)
      : ({ purpose: subject.kind === 'terms' ? 'registration' : 'step-up', subject } as const);
  return issueChallenge(storage.challenges, { origin: ORIGIN, ...about, holder, now });
}

async function outcomeOf(storage: OpenServices, asked: Asked): Promise<string> {
  try {
    await issue(storage, asked);
    return 'kept';
  } catch (error) {
    return String((error as { bound?: unknown }).bound ?? error);
  }
}

function take(
  storage: OpenServices,
  { id, browserToken }: IssuedChallenge,
  termsOf: (id: string) => TermsSubject | null = () => null,
) {
  return takeChallenge(storage.challenges, { id, browserToken }, { origin: ORIGIN, termsOf }, later(1));
}

describe('the rule of the room', () => {
  const networks = ['10.0.1.0/24', '10.0.0.0/16'] as const;
  const limits = roomLimits({ ...address(1), networks }, { perAddress: 100, inAll: 1_000, widths: [4, 16] });

  it.each<[string, { own: number; around?: number[]; all: number }, string | null]>([
    ['one who has nothing in an empty store', { own: 0, all: 0 }, null],
    ['one who has nearly as many as one may', { own: 99, all: 100 }, null],
    ['one who has as many as one may', { own: 100, all: 100 }, 'own'],
    ['one who has many, when all together have three quarters', { own: 3, all: 750 }, 'all'],
    ['one who has few, when all together have three quarters', { own: 2, all: 750 }, null],
    ['one who has few, when there is a single place', { own: 2, all: 999 }, null],
    ['one who has nothing, when there is no place', { own: 0, all: 1_000 }, 'all'],
    ['one whose networks have much, when there is room', { own: 0, around: [200, 700], all: 749 }, null],
    [
      'one whose site has few, when all together have three quarters',
      { own: 0, around: [11, 47], all: 750 },
      null,
    ],
    [
      'one whose site has many, when all together have three quarters',
      { own: 0, around: [12, 12], all: 750 },
      'all',
    ],
    [
      'one whose provider has many, when all together have three quarters',
      { own: 0, around: [0, 48], all: 750 },
      'all',
    ],
  ])('answers %s', (_who, kept, broken) => {
    expect(brokenBound({ around: [0, 0], ...kept }, limits)).toBe(broken);
  });
});

describeOnEveryStore(
  'the room for challenges',
  (storage) => {
    it('is bounded for one address, whether its challenges are used or not', async () => {
      const holder = address(1);
      const now = later(0);
      const first = await issue(storage(), { holder, now });
      await take(storage(), first);
      for (let more = 1; more < 12; more += 1) {
        expect(await outcomeOf(storage(), { holder, now })).toBe('kept');
      }
      expect(await outcomeOf(storage(), { holder, now })).toBe('own');
      expect(await outcomeOf(storage(), { holder: address(2), now })).toBe('kept');
    });

    it('is there again when they are over', async () => {
      const holder = address(3);
      for (let count = 0; count < 12; count += 1) await issue(storage(), { holder, now: later(1_000) });
      expect(await outcomeOf(storage(), { holder, now: later(1_290) })).toBe('own');
      expect(await outcomeOf(storage(), { holder, now: later(1_361) })).toBe('kept');
    });

    it('is bounded in all, and a flood from some addresses leaves the last of it to the others', async () => {
      const now = later(5_000);
      const kept: Record<string, number> = { kept: 0, own: 0, all: 0 };
      for (let flooding = 0; flooding < 10; flooding += 1) {
        for (let count = 0; count < 14; count += 1) {
          const outcome = await outcomeOf(storage(), { holder: address(100 + flooding), now });
          kept[outcome] = (kept[outcome] ?? 0) + 1;
        }
      }
      expect(kept).toMatchObject({ own: expect.any(Number), all: expect.any(Number) });
      expect(kept['kept']).toBeLessThan(120);
      expect(await outcomeOf(storage(), { holder: address(200), now })).toBe('kept');
      // And nobody's flood takes more than there is.
      for (let other = 0; other < 40; other += 1)
        await outcomeOf(storage(), { holder: address(300 + other), now });
      expect(await outcomeOf(storage(), { holder: address(999), now })).toBe('all');
    });

    it('keeps the last of it from one network, however many addresses that has', async () => {
      const now = later(13_000);
      for (let flooding = 0; flooding < 90; flooding += 1) {
        expect(await outcomeOf(storage(), { holder: address(1_000 + (flooding >> 3)), now })).toBe('kept');
      }
      const of = (provider: string, site: number, host: number): ChallengeHolder => ({
        kind: 'address',
        name: `${provider}:${site}:${host}::/64`,
        networks: [`${provider}:${site}::/48`, `${provider}::/32`],
      });
      const bySite: number[] = [];
      for (let site = 0; site < 10; site += 1) {
        let kept = 0;
        for (let host = 0; host < 8; host += 1) {
          if ((await outcomeOf(storage(), { holder: of('2001:db8', site, host), now })) === 'kept') kept += 1;
        }
        bySite.push(kept);
      }
      expect(bySite).toEqual([4, 4, 4, 4, 0, 0, 0, 0, 0, 0]);
      expect(await outcomeOf(storage(), { holder: of('2001:db9', 0, 0), now })).toBe('kept');
      expect(await outcomeOf(storage(), { holder: address(200), now })).toBe('kept');
    });

    it('is not taken by challenges of a clock that was an hour ahead and was set right', async () => {
      const holder = address(4);
      for (let count = 0; count < 12; count += 1) await issue(storage(), { holder, now: later(24_600) });
      expect(await outcomeOf(storage(), { holder, now: later(24_600) })).toBe('own');
      expect(await outcomeOf(storage(), { holder, now: later(21_000) })).toBe('kept');
    });

    it('of a membership is apart from that of every address', async () => {
      const holder = { kind: 'membership', name: '10.0.1.1' } as const;
      const now = later(17_000);
      for (let count = 0; count < 12; count += 1) await issue(storage(), { now });
      for (let count = 0; count < 60; count += 1) {
        expect(await outcomeOf(storage(), { holder, now, subject: OPERATION })).toBe('kept');
      }
      expect(await outcomeOf(storage(), { holder, now, subject: OPERATION })).toBe('own');
    });
  },
  { challengeBounds: { perAddress: 12, inAll: 120, widths: [4, 16] } },
);

describe('the number of all challenges', () => {
  it('is asked once for however many want it at the same moment, and misses none that is kept meanwhile', async () => {
    const count = createChallengeCount();
    let asked = 0;
    let tell: (all: number) => void = () => undefined;
    const ask = (): Promise<number> => {
      asked += 1;
      return new Promise((resolve) => (tell = resolve));
    };
    const waiting = Array.from({ length: 50 }, () => count.at(NOW, ask));
    count.add();
    tell(7);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([8]));
    expect(asked).toBe(1);
  });

  it('is asked again after a second, when the clock was set back, and when it could not be told', async () => {
    const count = createChallengeCount();
    await expect(count.at(NOW, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await count.at(NOW, () => Promise.resolve(1))).toBe(1);
    expect(await count.at(NOW, () => Promise.resolve(2))).toBe(1);
    expect(await count.at(later(1), () => Promise.resolve(3))).toBe(3);
    expect(await count.at(later(-60), () => Promise.resolve(4))).toBe(4);
  });
});

describeOnEveryStore('what is kept of a challenge', (storage, opened) => {
  it('gives back terms of any length, word for word, as long as they are the same', async () => {
    const issued = await issue(storage(), { subject: TERMS });
    expect(issued.bytes.length).toBeGreaterThan(10_000);
    const taken = await take(storage(), issued, (id) => (id === TERMS.id ? TERMS : null));
    expect(taken).toMatchObject({
      outcome: 'taken',
      challenge: { text: issued.text, bytes: issued.bytes, subjectId: TERMS.id },
    });
  });

  it.each<[string, TermsSubject | null]>([
    ['are no longer there', null],
    ['have another text', { ...TERMS, documents: [{ title: 'Шарттар', sha256: sha256('x'), text: 'x' }] }],
    ['have another title', { ...TERMS, documents: [{ ...TERMS.documents[0]!, title: 'Ережелер' }] }],
    ['are damaged', { ...TERMS, documents: [{ ...TERMS.documents[0]!, text: 'x' }] }],
  ])('is good for nothing when the terms %s', async (_what, terms) => {
    const issued = await issue(storage(), { subject: TERMS });
    expect(await take(storage(), issued, () => terms)).toEqual({ outcome: 'unknown' });
  });

  it('gives back an operation, word for word', async () => {
    const issued = await issue(storage(), { subject: OPERATION });
    expect(await take(storage(), issued)).toMatchObject({
      outcome: 'taken',
      challenge: { text: issued.text, subjectId: OPERATION.id },
    });
  });

  it('is not written for an operation of more words than there is room for', async () => {
    const values = Array.from({ length: 60 }, () => 'ұ'.repeat(300));
    const long = { ...OPERATION, values };
    expect(Buffer.byteLength(values.join('\n'))).toBeGreaterThan(OPERATION_MAX_OCTETS);
    await expect(issue(storage(), { subject: long })).rejects.toMatchObject({
      code: 'CHALLENGE_TERMS_INVALID',
    });
  });

  it('is at most 512 octets of a row, names neither origin, address nor text, and seals the words', async () => {
    if (opened().config.redisUrl !== null) return;
    await issue(storage(), { subject: TERMS, now: later(1) });
    await issue(storage(), { now: later(1) });
    await issue(storage(), { subject: OPERATION, now: later(1) });
    const rows = await opened().query('select * from challenges');
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const row of rows) {
      const text = Object.values(row).join(' ');
      expect(text).not.toMatch(/example\.kz|10\.0\.1|ӘБДІРАХМАН|Шарттар|рөл/);
      if (row['operation_sealed'] === null) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(400);
    }
    if (temporaryEngine() === 'postgres') {
      const [size] = await opened().query(
        `select max(pg_column_size(c.*))::int as octets from challenges c where operation_sealed is null`,
      );
      expect(Number(size!['octets'])).toBeLessThanOrEqual(512);
    }
  });
});
