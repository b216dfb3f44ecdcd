import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openServices } from '../../src/services.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const SUPPORT = join(import.meta.dirname, '..', 'support');
const NOW = new Date('2026-11-23T05:00:00Z');

let opened: TemporaryStorage;
beforeEach(async () => {
  opened = await openTemporaryStorage();
});
afterEach(() => opened.remove());

interface Writer {
  readonly child: ChildProcess;
  /** Acknowledged units of work: session token and identifier. */
  readonly acknowledged: string[];
  readonly ended: Promise<number | null>;
}

function startWriter(count: number): Writer {
  const child = spawn(
    process.execPath,
    [
      '--import',
      join(SUPPORT, 'typescript-hooks.js'),
      join(SUPPORT, 'audit-writer.ts'),
      opened.config.databaseUrl,
      String(count),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  const acknowledged: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (text + chunk.toString()).split('\n');
    // The last piece has no line end yet: it was not acknowledged.
    text = lines.pop() ?? '';
    acknowledged.push(...lines);
  });
  return { child, acknowledged, ended: new Promise((resolve) => child.once('close', resolve)) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 30_000) throw new Error('the writer does not write');
    await pause(10);
  }
}

describe('a process killed while it writes', () => {
  it('loses nothing it acknowledged, and leaves a whole chain and a sound file', async () => {
    const everything: string[] = [];
    for (const moment of [1, 7, 30, 80]) {
      const writer = startWriter(0);
      await until(() => writer.acknowledged.length >= moment);
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
    const writers = [startWriter(150), startWriter(150)];
    const mine: Promise<void>[] = [];
    await until(() => writers.some(({ acknowledged }) => acknowledged.length > 0));
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
