import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditQuery } from '../../src/audit/log.js';
import {
  openTemporaryStorage,
  temporaryEngine,
  type TemporaryStorage,
} from '../support/temporary-storage.js';

const AT = new Date('2026-11-23T05:00:00Z');

describe('the list of audit records', () => {
  let opened: TemporaryStorage;

  // 1 … 12: the odd ones are of organisation A, the even of B; every third was done by `anna`, every fourth to her.
  beforeAll(async () => {
    opened = await openTemporaryStorage();
    for (let n = 1; n <= 12; n += 1) {
      await opened.storage.audit.append({
        type: 'membership.changed',
        at: AT,
        actor: { kind: 'membership', id: n % 3 === 0 ? 'anna' : 'boris' },
        subject: { kind: 'membership', id: n % 4 === 0 ? 'anna' : 'clara' },
        organisationId: n % 2 === 1 ? 'A' : 'B',
      });
    }
  });
  afterAll(() => opened.remove());

  const listed = async (query: AuditQuery): Promise<number[]> =>
    (await opened.storage.audit.list(query)).map(({ sequence }) => sequence);

  it('goes forwards from a place and backwards from one', async () => {
    expect(await listed({ after: 9 })).toEqual([10, 11, 12]);
    expect(await listed({ before: 4 })).toEqual([3, 2, 1]);
    expect(await listed({ before: Infinity, limit: 2 })).toEqual([12, 11]);
    expect(await listed({ limit: 2 })).toEqual([1, 2]);
  });

  it('goes one way at a time', async () => {
    await expect(opened.storage.audit.list({ after: 1, before: 3 })).rejects.toThrow(RangeError);
  });

  it('of an organisation holds nothing of another', async () => {
    expect(await listed({ organisationId: 'A', before: Infinity })).toEqual([11, 9, 7, 5, 3, 1]);
    expect(await listed({ organisationId: 'nobody' })).toEqual([]);
  });

  it('about somebody holds what they did and what was done to them, each once', async () => {
    expect(await listed({ about: ['anna'] })).toEqual([3, 4, 6, 8, 9, 12]);
    expect(await listed({ about: ['anna'], before: 12, limit: 2 })).toEqual([9, 8]);
    expect(await listed({ about: ['anna', 'boris'] })).toHaveLength(12);
    expect(await listed({ about: ['anna'], organisationId: 'A' })).toEqual([3, 9]);
    expect(await listed({ about: [] })).toEqual([]);
  });

  describe('of a long log', () => {
    // Far apart, as after hundreds of thousands of records: 2 blocks on, 3 blocks on, 40 blocks on.
    const FAR = [2, 3, 40].map((block) => block * 65_536);
    beforeAll(async () => {
      for (const place of FAR) {
        await jumpTo(place - 1);
        for (const organisationId of ['A', 'B', 'A']) {
          await opened.storage.audit.append({
            type: 'membership.changed',
            at: AT,
            actor: { kind: 'membership', id: 'dina' },
            subject: { kind: 'membership', id: organisationId === 'A' ? 'anna' : 'clara' },
            organisationId,
          });
        }
      }
    });
    /** A record of nothing in particular far on: numbers have gaps. */
    const jumpTo = async (place: number): Promise<void> => {
      await opened.query(`insert into audit_records (sequence, at, type, actor_kind, details, previous_hash, hash)
        values (${place}, 0, 'gateway.started', 'gateway', '{}', '', '')`);
      if (temporaryEngine() === 'postgres') await opened.query(`select setval('audit_record_ids', ${place})`);
    };
    const far = (...offsets: number[]): number[] =>
      FAR.flatMap((place) => offsets.map((offset) => place + offset));

    it('holds everything of an organisation, however far apart', async () => {
      expect(await listed({ organisationId: 'A' })).toEqual([1, 3, 5, 7, 9, 11, ...far(0, 2)]);
      expect(await listed({ organisationId: 'B', before: Infinity })).toEqual([
        ...far(1).reverse(),
        ...[12, 10, 8, 6, 4, 2],
      ]);
    });

    it('goes on where a page ended, in both directions', async () => {
      const forwards = await listed({ organisationId: 'A', after: 9, limit: 4 });
      expect(forwards).toEqual([11, ...far(0, 2).slice(0, 3)]);
      expect(await listed({ organisationId: 'A', after: forwards.at(-1)! })).toEqual(far(0, 2).slice(3));
      const backwards = await listed({ organisationId: 'A', before: Infinity, limit: 5 });
      expect(backwards).toEqual(far(0, 2).reverse().slice(0, 5));
      expect(await listed({ organisationId: 'A', before: backwards.at(-1)!, limit: 3 })).toEqual([
        FAR[0],
        11,
        9,
      ]);
    });

    it('finds somebody who acted long ago and was acted upon lately', async () => {
      expect(await listed({ about: ['anna'] })).toEqual([3, 4, 6, 8, 9, 12, ...far(0, 2)]);
      expect(await listed({ about: ['dina'], before: FAR[2]! })).toEqual(far(0, 1, 2).slice(0, 6).reverse());
    });

    it('has nothing beyond its end nor before its beginning', async () => {
      expect(await listed({ organisationId: 'A', after: FAR[2]! + 2 })).toEqual([]);
      expect(await listed({ organisationId: 'A', after: 10 ** 15 })).toEqual([]);
      expect(await listed({ organisationId: 'A', before: 1 })).toEqual([]);
      expect(await listed({ about: ['anna'], before: 0 })).toEqual([]);
    });

    it('of an organisation holds what belongs to none where that is asked for, and nothing of another', async () => {
      for (const type of ['password.blocked', 'password.unblocked'] as const) {
        const [actor, subject] = [
          { kind: 'person', id: 'clara' },
          { kind: 'person', id: 'eva' },
        ] as const;
        await opened.storage.audit.append({ type, at: AT, actor, subject });
      }
      const [blocked, unblocked] = [FAR[2]! + 3, FAR[2]! + 4];
      const of = { organisationId: 'A', after: FAR[2]! };
      expect(await listed(of)).toEqual([FAR[2]! + 2]);
      expect(await listed({ ...of, alsoOfNone: ['password.blocked'] })).toEqual([FAR[2]! + 2, blocked]);
      expect(await listed({ ...of, alsoOfNone: 'every type' })).toEqual([FAR[2]! + 2, blocked, unblocked]);
      const about = { ...of, after: 0, about: ['clara'] };
      expect(await listed({ ...about, alsoOfNone: ['password.unblocked'] })).toEqual([
        ...(await listed(about)),
        unblocked,
      ]);
      // What was done to her at B stays there.
      expect(await listed({ ...about, organisationId: 'B', alsoOfNone: 'every type' })).not.toContain(1);
    });
  });
});
