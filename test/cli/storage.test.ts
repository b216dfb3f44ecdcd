import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { type OpenServices } from '../../src/services.js';
import { qaqpa } from '../support/cli-in-process.js';
import { NEW_SESSION, NOW, STARTED } from '../support/sample-records.js';
import { TEST_MASTER_KEY } from '../support/test-secrets.js';
import { usingStorage } from '../support/using-storage.js';

let folder: string;
let path: string;
let copy: string;
let env: Record<string, string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-backup-'));
  path = join(folder, 'qaqpa.db');
  copy = join(folder, 'copy.db');
  env = { QAQPA_DATA_DIR: folder, QAQPA_MASTER_KEY: Buffer.from(TEST_MASTER_KEY).toString('hex') };
  await using(async (storage) => {
    for (let index = 0; index < 3; index += 1) await storage.audit.append(STARTED);
    await storage.sessions.create(NEW_SESSION, NOW);
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const using = <T>(work: (storage: OpenServices) => Promise<T>): Promise<T> =>
  usingStorage(path, TEST_MASTER_KEY, work);
const records = (): Promise<number> => using(async ({ audit }) => (await audit.list({ limit: 100 })).length);
const run = (...args: string[]) => qaqpa(['storage', ...args], { env });
async function inFile(file: string, statement: string): Promise<void> {
  const database = openSqlite(file);
  database.exec(statement);
  await database.close();
}

describe('qaqpa storage', () => {
  it('backs up while a gateway writes, and restores what was there then', async () => {
    // The modules of the command are loaded by now: what is looked at is the backup.
    await run('check');
    await using(async (storage) => {
      const writing = Promise.all(Array.from({ length: 50 }, () => storage.audit.append(STARTED)));
      expect(await run('backup', copy)).toMatchObject({ code: 0 });
      await writing;
    });
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
    // One of them tells of the copy.
    expect(await records()).toBe(54);
    const reads = (await using(({ audit }) => audit.latest(54))).filter(
      ({ type }) => type === 'records.read',
    );
    expect(reads).toMatchObject([{ actor: { kind: 'operator' }, details: { operation: 'storage backup' } }]);

    const { code, stdout } = await run('restore', copy);
    expect(code).toBe(0);
    const restored = await records();
    expect(restored).toBeGreaterThanOrEqual(3);
    expect(restored).toBeLessThanOrEqual(53);
    const aside = /What was there is (.+)/.exec(stdout)?.[1] ?? '';
    expect(existsSync(aside)).toBe(true);
    expect(await run('check')).toMatchObject({ code: 0, stdout: expect.stringContaining('sound') });
  });

  it('brings no session back to life', async () => {
    await run('backup', copy);
    expect(await run('restore', copy)).toMatchObject({ code: 0 });
    expect(await using(({ sessions }) => sessions.list({ personId: 'person' }, NOW))).toEqual([]);
  });

  it('restores where there is nothing, and where what is there is damaged', async () => {
    await run('backup', copy);
    truncateSync(path, 5_000);
    expect(await run('check')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('STORAGE_CORRUPT'),
    });
    expect(await run('restore', copy)).toMatchObject({ code: 0 });
    expect(await records()).toBe(3);
    rmSync(path);
    expect(await run('restore', copy)).toMatchObject({ code: 0 });
    expect(await records()).toBe(3);
  });

  it('does not restore under a running gateway, nor replace a file with a backup', async () => {
    await run('backup', copy);
    await using(async (storage) => {
      expect(await run('restore', copy)).toMatchObject({
        code: 65,
        stderr: expect.stringContaining('in use'),
      });
      await storage.audit.append(STARTED);
    });
    expect(await records()).toBe(5);
    expect(await run('backup', copy)).toMatchObject({ code: 65, stderr: expect.stringContaining('EEXIST') });
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each([
    [
      'another master key',
      `update master_keys set key_id = 'x'; update subject_keys set master_key_id = 'x'`,
      'MASTER_KEY_WRONG',
    ],
    ['a newer schema', `insert into schema_migrations values (999, 'later', 0)`, 'STORAGE_SCHEMA_NEWER'],
    ['a changed record', `drop trigger audit_records_keep; update audit_records set at = 1`, 'record 1'],
    [
      'a reference to nothing',
      `insert into organisation_bins (bin, organisation_id) values ('1', 'x')`,
      'STORAGE_CORRUPT',
    ],
    ['other tables', `drop table schema_migrations`, 'STORAGE_CORRUPT'],
  ])('refuses %s, to restore and to back up', async (_what, statement, words) => {
    // What is not sealed yet nothing proves.
    await using(({ sealing }) => sealing.seal('https://login.example.kz', NOW));
    copyFileSync(path, copy);
    await inFile(copy, `pragma foreign_keys = off; ${statement}`);
    const refused = { code: 65, stderr: expect.stringContaining(words) };
    expect(await run('restore', copy, '--without-checksum')).toMatchObject(refused);
    expect(await records()).toBe(3);
    await inFile(path, `pragma foreign_keys = off; ${statement}`);
    const target = join(folder, 'other.db');
    expect(await run('backup', target)).toMatchObject({ code: 65, stderr: expect.stringContaining(words) });
    expect(existsSync(target)).toBe(false);
  });

  it('takes no backup in which a bit is turned, wherever it is', async () => {
    await run('backup', copy);
    const sound = readFileSync(copy);
    expect(await run('check', copy)).toMatchObject({ code: 0, stdout: expect.stringContaining('sound') });
    const spots = [0, 20, 100, 4_097, ...[1, 2, 3, 4].map((part) => Math.floor((sound.length * part) / 5))];
    for (const at of [...spots, sound.length - 2, sound.length - 70, sound.length - 140]) {
      const turned = Buffer.from(sound);
      turned[at]! ^= 1;
      writeFileSync(copy, turned);
      for (const word of ['check', 'restore']) {
        expect([at, await run(word, copy)]).toMatchObject([at, { code: 65 }]);
      }
    }
    // Three, and the one that tells of the copy.
    expect(await records()).toBe(4);
    writeFileSync(copy, sound);
    expect(await run('restore', copy)).toMatchObject({ code: 0 });
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  }, 120_000);

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['cut off by its last page', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4_300)],
    ['with something behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
    ['with nothing in it', () => Buffer.alloc(0)],
  ])('takes no backup %s', async (_what, change) => {
    await run('backup', copy);
    writeFileSync(copy, change(readFileSync(copy)));
    expect(await run('restore', copy)).toMatchObject({
      code: 65,
      stderr: expect.stringMatching(/STORAGE_CORRUPT.*checksum/),
    });
    // Three, and the one that tells of the copy.
    expect(await records()).toBe(4);
  });

  it('takes a file without a checksum only when told to', async () => {
    copyFileSync(path, copy);
    const refused = { code: 65, stderr: expect.stringContaining('--without-checksum') };
    expect(await run('restore', copy)).toMatchObject(refused);
    expect(await run('check', copy)).toMatchObject(refused);
    expect(await run('restore', '--without-checksum', copy)).toMatchObject({ code: 0 });
    expect(await records()).toBe(3);
  });

  it('does not take the seal of another master key for its own', async () => {
    await run('backup', copy);
    env['QAQPA_MASTER_KEY'] = 'f'.repeat(64);
    expect(await run('check', copy)).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('MASTER_KEY_WRONG'),
    });
  });

  it('says what is wrong with a path', async () => {
    expect(await run('restore', join(folder, 'none.db'))).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('no such file'),
    });
    expect(await run('backup', join(folder, 'none', 'copy.db'))).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('no such file or folder'),
    });
    expect(await run('restore', folder)).toMatchObject({ code: 65 });
    writeFileSync(copy, '');
    expect(await run('backup', copy)).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('choose another, nothing is replaced'),
    });
  });

  it('says what to use for PostgreSQL', async () => {
    env['QAQPA_DATABASE_URL'] = 'postgres://user:secret@127.0.0.1/qaqpa';
    const { code, stderr } = await run('backup', copy);
    expect(code).toBe(64);
    expect(stderr).toContain('pg_dump');
    expect(stderr).not.toContain('secret');
  });

  it('neither proves nor copies a database that is not there, and makes none', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    env = { QAQPA_DATA_DIR: empty };
    for (const args of [['check'], ['backup', copy]]) {
      expect(await run(...args)).toMatchObject({
        code: 65,
        stderr: expect.stringContaining('there is no database'),
      });
    }
    expect(readdirSync(empty)).toEqual([]);
    expect(existsSync(copy)).toBe(false);
  });

  it.each([
    [[]],
    [['backup']],
    [['check', 'x', 'y']],
    [['backup', 'x', '--without-checksum']],
    [['restore', 'a', 'b']],
    [['erase']],
  ])('refuses %j', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 64 });
  });
});
