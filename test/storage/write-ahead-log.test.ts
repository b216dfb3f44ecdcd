import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openWriteAheadLog } from '../../src/storage/engines/write-ahead-log.js';

const REFUSED = { code: 'STORAGE_UNAVAILABLE', message: 'the disk does not keep what is written' };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-wal-'));
  path = join(folder, 'qaqpa.db');
  writeFileSync(path, '');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('a log is kept as often as it is asked for, also by several at once', async () => {
  writeFileSync(`${path}-wal`, 'frames');
  const log = openWriteAheadLog(path);
  await Promise.all([log.flush(), log.flush()]);
  await log.flush();
  expect(() => {
    log.assertKept();
  }).not.toThrow();
  log.close();
});

it('the log of a database behind a link is the one beside the database', async () => {
  const link = join(folder, 'link.db');
  symlinkSync(path, link);
  writeFileSync(`${path}-wal`, 'frames');
  const log = openWriteAheadLog(link);
  await log.flush();
  log.close();
});

it('a log that is not there is not taken for kept', async () => {
  await expect(openWriteAheadLog(path).flush()).rejects.toMatchObject(REFUSED);
});

it('a log the disk failed once is never believed again', async () => {
  // A device that cannot be synced.
  symlinkSync('/dev/null', `${path}-wal`);
  const log = openWriteAheadLog(path);
  await expect(log.flush()).rejects.toMatchObject({ ...REFUSED, cause: { code: 'EINVAL' } });
  unlinkSync(`${path}-wal`);
  writeFileSync(`${path}-wal`, 'frames');
  await expect(log.flush()).rejects.toMatchObject(REFUSED);
  expect(() => {
    log.assertKept();
  }).toThrow(REFUSED.message);
  log.close();
});
