import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { createSqliteDialect } from '../../src/storage/engines/sqlite.js';
import { openServices } from '../../src/services.js';
import { STARTED } from '../support/sample-records.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

let opened: TemporaryStorage;
beforeEach(async () => {
  opened = await openTemporaryStorage();
});
afterEach(() => opened.remove());

describe('the embedded database', () => {
  it('is refused for a file that is something else', async () => {
    const path = `${opened.path}.txt`;
    writeFileSync(path, 'not a database '.repeat(100));
    const config = { ...opened.config, databaseUrl: `sqlite:${path}` };
    await expect(openServices(config)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  });

  it('is refused where it can have no log beside it', () => {
    const [before, elsewhere] = [process.cwd(), mkdtempSync(join(tmpdir(), 'qaqpa-no-log-'))];
    process.chdir(elsewhere);
    try {
      expect(() => createSqliteDialect(':memory:')).toThrow('must lie on a local disk');
    } finally {
      process.chdir(before);
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('is for its owner only, with its log', () => {
    for (const file of [opened.path, `${opened.path}-wal`, `${opened.path}-shm`])
      expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('a store that cannot be used', () => {
  it('is waited for while another program writes, and nothing else stands still meanwhile', async () => {
    const other = openSqlite(opened.path);
    other.exec('begin immediate');
    const appended = opened.storage.audit.append(STARTED);
    // This timer could not fire if the wait held up the event loop.
    await new Promise((resolve) => setTimeout(resolve, 100));
    other.exec('commit');
    await other.close();
    await appended;
    expect(await opened.storage.audit.verify()).toMatchObject({ intact: true, records: 1 });
  });

  it('says so when the other program does not finish', async () => {
    const other = openSqlite(opened.path);
    other.exec('begin immediate');
    await expect(opened.storage.audit.append(STARTED)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    other.exec('rollback');
    await other.close();
    await opened.storage.audit.append(STARTED);
  });
});
