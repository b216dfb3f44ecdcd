import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openServices } from '../../src/services.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';
import { startWriter, untilWritten } from '../support/writer-process.js';

const NOW = new Date('2026-11-23T05:00:00Z');

let opened: TemporaryStorage;
beforeEach(async () => {
  opened = await openTemporaryStorage();
});
afterEach(() => opened.remove());

describe('a process killed while it writes', () => {
  it('loses nothing it acknowledged, and leaves a whole chain and a sound file', async () => {
    const everything: string[] = [];
    for (const moment of [1, 7, 30, 80]) {
      const writer = startWriter('audit-writer.ts', opened.config.databaseUrl, '0');
      await untilWritten(() => writer.acknowledged.length >= moment);
      writer.child.kill('SIGKILL');
      await writer.ended;
      everything.push(...writer.acknowledged);

      const database = openSqlite(opened.path);
      expect(database.pragma('integrity_check')).toBe('ok');
      const recorded = new Set(
        database
          .prepare('select subject_id from audit_records')
          .all()
          .map((row) => row['subject_id']),
      );
      await database.close();
      const storage = await openServices(opened.config);
      expect(await storage.audit.verify()).toMatchObject({ intact: true, records: recorded.size });
      for (const line of everything) {
        const [token = '', id] = line.split(' ');
        expect(recorded.has(id)).toBe(true);
        expect(await storage.sessions.find(token, NOW)).toMatchObject({ id });
      }
      await storage.close();
    }
    expect(everything.length).toBeGreaterThan(100);
  }, 120_000);
});

describe('two processes on one file', () => {
  it('write one chain', async () => {
    const writers = [
      startWriter('audit-writer.ts', opened.config.databaseUrl, '150'),
      startWriter('audit-writer.ts', opened.config.databaseUrl, '150'),
    ];
    const mine: Promise<void>[] = [];
    await untilWritten(() => writers.some(({ acknowledged }) => acknowledged.length > 0));
    for (let index = 0; index < 50; index += 1) {
      mine.push(
        opened.storage.audit.append({
          type: 'gateway.started',
          at: NOW,
          actor: { kind: 'gateway', id: null },
        }),
      );
    }
    await Promise.all(mine);
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(await opened.storage.audit.verify()).toMatchObject({ intact: true, records: 350 });
    const organisation = { organisationId: 'organisation' };
    expect(await opened.storage.sessions.list(organisation, NOW)).toHaveLength(300);
  }, 120_000);
});
