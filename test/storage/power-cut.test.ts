import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openServices } from '../../src/services.js';
import { openSqlite, type SqliteConnection } from '../../src/storage/engines/sqlite-connection.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const SUPPORT = join(import.meta.dirname, '..', 'support');

function compilerPresent(): boolean {
  const present = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;
  if (!present && process.env['CI'] === 'true') throw new Error('cc is not installed');
  return present;
}

function describeWithCompiler(name: string, suite: () => void): void {
  if (compilerPresent()) describe(name, suite);
  else describe.skip(`${name} (cc is not installed, or this is not Linux)`, suite);
}

/** The sessions that have a record. */
function recordedIn(database: SqliteConnection): Set<unknown> {
  return new Set(
    database
      .prepare('select subject_id from audit_records')
      .all()
      .map((row) => row['subject_id']),
  );
}

describeWithCompiler('the embedded database on its disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-power-cut-'));
  const library = join(folder, 'power-cut.so');
  const kept = join(folder, 'kept');
  const failing = join(folder, 'the disk fails');
  beforeAll(() => {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, join(SUPPORT, 'power-cut.c'), '-ldl']);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  let opened: TemporaryStorage;
  beforeEach(async () => {
    opened = await openTemporaryStorage();
    await opened.storage.close();
    rmSync(kept, { recursive: true, force: true });
    mkdirSync(kept);
    copyFileSync(opened.path, join(kept, 'qaqpa.db'));
  });
  let running: ChildProcess | null = null;
  afterEach(async () => {
    running?.kill('SIGKILL');
    await opened.remove();
  });

  /** Writes until `enough` units were acknowledged and `then` was called, and ends; what it acknowledged and what it complained of. */
  async function write(
    enough: number,
    then: (kill: () => void) => void,
  ): Promise<{ readonly acknowledged: string[]; readonly complaint: string }> {
    const child = spawn(
      process.execPath,
      [
        ...['--import', join(SUPPORT, 'typescript-hooks.js'), join(SUPPORT, 'audit-writer.ts')],
        ...[opened.config.databaseUrl, '0'],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          LD_PRELOAD: library,
          FOLDER_WATCHED: dirname(opened.path),
          FOLDER_KEPT: kept,
          SYNC_FAILS: failing,
        },
      },
    );
    running = child;
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === enough) then(() => child.kill('SIGKILL'));
    }
    await ended;
    return { acknowledged, complaint };
  }

  it.each([3, 40, 700])(
    'has everything it acknowledged when the power goes after %d units',
    async (units) => {
      const { acknowledged } = await write(units, (kill) => {
        kill();
      });
      const path = join(kept, 'qaqpa.db');
      const database = openSqlite(path);
      expect(database.pragma('integrity_check')).toBe('ok');
      const recorded = recordedIn(database);
      await database.close();
      expect(acknowledged.length).toBeGreaterThanOrEqual(units);
      for (const line of acknowledged) expect(recorded.has(line.split(' ')[1])).toBe(true);
      const after = await openServices({ ...opened.config, databaseUrl: `sqlite:${path}` });
      expect(await after.audit.verify()).toMatchObject({ intact: true, records: recorded.size });
      await after.close();
    },
  );

  it('acknowledges nothing more when the disk stops keeping what it is given', async () => {
    const { acknowledged, complaint } = await write(20, () => {
      writeFileSync(failing, '');
    });
    expect(complaint).toContain('the disk does not keep what is written');
    expect(existsSync(failing)).toBe(true);
    rmSync(failing);
    const database = openSqlite(join(kept, 'qaqpa.db'));
    const recorded = recordedIn(database);
    await database.close();
    for (const line of acknowledged) expect(recorded.has(line.split(' ')[1])).toBe(true);
  });
});
