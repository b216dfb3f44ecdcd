import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AuditRecord } from '../../src/audit/record.js';
import { type AuditEvent } from '../../src/audit/event.js';
import { type AuditLog } from '../../src/audit/log.js';
import {
  createRefusalSummaries,
  type RefusalSummaries,
  summarising,
  timesOf,
} from '../../src/audit/refusal-summaries.js';
import { networkOf } from '../../src/http/kernel/network.js';
import { qaqpa } from '../support/cli-in-process.js';
import { TEST_MASTER_KEY } from '../support/test-secrets.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const REFUSED: AuditEvent = {
  type: 'login.eds.refused',
  at: NOW,
  actor: { kind: 'anonymous', id: null },
  reason: 'CHALLENGE_UNKNOWN',
  requestId: 'r1',
  address: '203.0.113.7',
};

let opened: TemporaryStorage;
let summaries: RefusalSummaries;
let audit: AuditLog;
beforeEach(async () => {
  opened = await openTemporaryStorage();
  summaries = createRefusalSummaries(networkOf);
  audit = summaries.over(opened.storage.audit);
});
afterEach(() => opened.remove());

const flush = (now: Date): Promise<void> =>
  summaries.flush((work) => opened.storage.atomically((stores) => work(stores.audit)), now);
const records = (): Promise<readonly AuditRecord[]> => opened.storage.audit.list({ limit: 1000 });
const refuse = async (times: number, change: Partial<AuditEvent> = {}): Promise<void> => {
  for (let count = 0; count < times; count += 1) await audit.append({ ...REFUSED, ...change });
};

describe('refusals at the door', () => {
  it('are written once at once, and then counted', async () => {
    await refuse(1);
    await refuse(41, { at: later(20), requestId: 'r2' });
    await refuse(1, { at: later(50) });
    expect(await records()).toMatchObject([{ ...REFUSED, details: {} }]);
    await flush(later(60));
    const all = await records();
    expect(all.map(timesOf)).toEqual([1, 42]);
    expect(all[1]).toMatchObject({
      type: REFUSED.type,
      at: later(60),
      actor: REFUSED.actor,
      subject: null,
      reason: REFUSED.reason,
      requestId: null,
      address: REFUSED.address,
      details: { times: 42, since: later(20).toISOString(), until: later(50).toISOString() },
    });
    expect(await opened.storage.audit.verify()).toMatchObject({ intact: true, records: 2 });
  });

  it('are shown with their number at the command line', async () => {
    await refuse(4);
    await flush(later(60));
    const env = {
      QAQPA_DATABASE_URL: opened.config.databaseUrl,
      QAQPA_MASTER_KEY: Buffer.from(TEST_MASTER_KEY).toString('base64'),
      QAQPA_DATA_DIR: dirname(opened.path),
    };
    const { stdout } = await qaqpa(['audit', 'list'], { env });
    expect(stdout.split('\n').map((line) => line.split('  ')[2])).toEqual([
      'login.eds.refused',
      'login.eds.refused ×3',
      undefined,
    ]);
    const json = await qaqpa(['audit', 'list', '--json'], { env });
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; times: number })
        .filter(({ type }) => type === 'login.eds.refused')
        .map(({ times }) => times),
    ).toEqual([1, 3]);
  });

  it('are counted minute after minute while they go on, and begin anew after a minute without any', async () => {
    await refuse(2);
    await flush(later(60));
    await refuse(3, { at: later(70) });
    await flush(later(120));
    await flush(later(180));
    await flush(later(240));
    await refuse(1, { at: later(250) });
    expect((await records()).map(timesOf)).toEqual([1, 1, 3, 1]);
  });

  it('are told apart by type, reason, address and certificate', async () => {
    const kinds: Partial<AuditEvent>[] = [
      {},
      { type: 'registration.refused' },
      { reason: 'CHALLENGE_USED' },
      { address: '203.0.113.8' },
      { address: null },
      { details: { certificateSha256: 'ab'.repeat(32) } },
    ];
    for (const kind of kinds) await refuse(2, kind);
    expect(await records()).toHaveLength(kinds.length);
    await flush(later(60));
    const all = await records();
    expect(all.map(timesOf)).toEqual(kinds.flatMap(() => 1).concat(kinds.flatMap(() => 1)));
    expect(all.at(-1)?.details).toMatchObject({ times: 1, certificateSha256: 'ab'.repeat(32) });
  });

  it.each<[string, Partial<AuditEvent>]>([
    ['a known person', { type: 'login.password.refused', subject: { kind: 'person', id: 'p1' } }],
    ['a member', { subject: { kind: 'membership', id: 'm1' }, organisationId: 'o1' }],
    ['somebody known', { type: 'registration.refused', actor: { kind: 'person', id: 'p1' } }],
    ['an invitation', { type: 'invitation.refused', organisationId: 'o1' }],
    ['a session', { type: 'step-up.refused', actor: { kind: 'membership', id: 'm1' } }],
    ['a document', { type: 'document.refused', actor: { kind: 'client', id: 'c1' } }],
    ['the gateway itself', { type: 'trust.refused', actor: { kind: 'gateway', id: null } }],
  ])('are none of those of %s, which are records of their own', async (_whom, change) => {
    await refuse(5, change);
    await flush(later(60));
    expect((await records()).map(timesOf)).toEqual([1, 1, 1, 1, 1]);
  });

  it('of ten thousand addresses take a bounded number of records, and none is lost from the count', async () => {
    for (let number = 0; number < 10_000; number += 1) {
      await refuse(1, { address: `10.${number >> 8}.${number & 255}.9` });
    }
    await refuse(500, { address: '2001:db8:1:2::7' });
    await flush(later(60));
    const all = await records();
    expect(all.length).toBeLessThanOrEqual(256 + 64 + 1);
    expect(all.reduce((sum, record) => sum + timesOf(record), 0)).toBe(10_500);
    expect(all[256]?.address).toBe('10.1.0.0/24');
    expect(all.at(-1)).toMatchObject({ address: null, details: { times: 10_500 - 256 - 64 } });
    // A minute later there is room again for addresses that were not heard of since.
    await flush(later(120));
    await flush(later(180));
    await refuse(1, { address: '198.51.100.1' });
    expect((await records()).at(-1)).toMatchObject({ address: '198.51.100.1', details: {} });
  });

  it('that cannot be written stay counted', async () => {
    await refuse(8);
    const down = summaries.flush(() => Promise.reject(new Error('away')), later(60));
    await expect(down).rejects.toThrow('away');
    await refuse(2, { at: later(70) });
    await flush(later(120));
    expect((await records()).map(timesOf)).toEqual([1, 9]);
  });

  it('are not answered as written when the first of them cannot be', async () => {
    const away = { ...opened.storage.audit, append: () => Promise.reject(new Error('away')) };
    await expect(summaries.over(away).append(REFUSED)).rejects.toThrow('away');
    await refuse(1);
    expect(await records()).toHaveLength(1);
  });

  it('are counted within units of work as well', async () => {
    const storage = summarising(opened.storage, summaries);
    for (let count = 0; count < 3; count += 1) {
      await storage.atomically((stores) => stores.audit.append(REFUSED));
    }
    await storage.audit.append(REFUSED);
    expect(await records()).toHaveLength(1);
    await flush(later(60));
    expect((await records()).map(timesOf)).toEqual([1, 3]);
  });

  it('are neither written nor counted by a unit of work that is not kept', async () => {
    const storage = summarising(opened.storage, summaries);
    const lost = (times: number): Promise<void> =>
      storage.atomically(async (stores) => {
        for (let count = 0; count < times; count += 1) await stores.audit.append(REFUSED);
        throw new Error('the disk is full');
      });
    await expect(lost(1)).rejects.toThrow('full');
    await expect(lost(3)).rejects.toThrow('full');
    await storage.audit.append(REFUSED);
    await expect(lost(2)).rejects.toThrow('full');
    expect(await records()).toMatchObject([{ requestId: 'r1', details: {} }]);
    await flush(later(60));
    expect((await records()).map(timesOf)).toEqual([1]);
  });

  it('of a wrong password cost the disk as much as those of a known person', async () => {
    let touched = 0;
    const watched = summaries.over({
      ...opened.storage.audit,
      touch: () => {
        touched += 1;
        return opened.storage.audit.touch();
      },
    });
    for (let count = 0; count < 4; count += 1) {
      await watched.append({ ...REFUSED, type: 'login.password.refused', reason: 'PASSWORD_WRONG' });
    }
    expect(touched).toBe(3);
    expect(await opened.storage.audit.verify()).toMatchObject({ intact: true, records: 1 });
  });
});
