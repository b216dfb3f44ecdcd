import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { loadOrCreateMasterKey } from '../../src/storage/keys/master-key.js';
import { letGoOfLeft, openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { type OpenServices } from '../../src/services.js';
import { type CliResult, qaqpa } from '../support/cli-in-process.js';
import { nextIin } from '../support/next-number.js';
import { NOW } from '../support/sample-records.js';
import { usingStorage } from '../support/using-storage.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'qaqpa.js');
const IIN = parseIin('920101300125')!;
const FORGOTTEN_KEY = 'e'.repeat(64);

let folder: string;
let keyFile: string;
let env: Record<string, string>;
let oldKey: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-rotate-'));
  keyFile = join(folder, 'master.key');
  env = { QAQPA_DATA_DIR: folder, USER: 'aigul' };
  oldKey = Buffer.from(await loadOrCreateMasterKey(keyFile)).toString('hex');
  await using(oldKey, ({ accounts }) => accounts.addPerson({ iin: IIN, name: 'Айгүл' }, NOW));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<CliResult> => qaqpa(['storage', 'rotate-key', ...args], { env });
const keyIn = (file: string): string => readFileSync(file, 'utf8').trim();

const using = <T>(key: string, work: (storage: OpenServices) => Promise<T>): Promise<T> =>
  usingStorage(join(folder, 'qaqpa.db'), Buffer.from(key, 'hex'), work);
const nameUnder = async (key: string): Promise<string | undefined> =>
  using(key, async ({ accounts }) => (await accounts.personByIin(IIN))?.name);

describe('qaqpa storage rotate-key', () => {
  it('makes another key beside the one in the data folder, puts it in its place, and prints neither', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    const newKey = keyIn(keyFile);
    expect(newKey).not.toBe(oldKey);
    expect(await nameUnder(newKey)).toBe('Айгүл');
    await expect(nameUnder(oldKey)).rejects.toMatchObject({ code: 'MASTER_KEY_WRONG' });
    const keys = readdirSync(folder).filter((name) => name.startsWith('master.key'));
    expect(keys).toEqual(['master.key', expect.stringMatching(/^master\.key\.[0-9a-f]{8}$/)]);
    expect(keyIn(join(folder, keys[1]!))).toBe(oldKey);
    for (const name of keys) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(stdout).toContain(keys[1]!);
    for (const key of [oldKey, newKey]) expect(stdout.toLowerCase()).not.toContain(key);
    expect(await qaqpa(['storage', 'check'], { env })).toMatchObject({ code: 0 });
  }, 60_000);

  it('takes the keys of settings and files, and leaves them where they are', async () => {
    const nextFile = join(folder, 'next');
    writeFileSync(nextFile, `${FORGOTTEN_KEY}\n`, { mode: 0o600 });
    const given = { ...env, QAQPA_MASTER_KEY: oldKey };
    env = { ...given, QAQPA_NEXT_MASTER_KEY_FILE: nextFile };
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('QAQPA_MASTER_KEY');
    expect(stdout).not.toContain(FORGOTTEN_KEY);
    expect([keyIn(keyFile), keyIn(nextFile)]).toEqual([oldKey, FORGOTTEN_KEY]);
    expect(await nameUnder(FORGOTTEN_KEY)).toBe('Айгүл');
    env = given;
    const refused = await qaqpa(['storage', 'check'], { env });
    expect(refused).toMatchObject({ code: 65, stderr: expect.stringContaining('MASTER_KEY_WRONG') });
  }, 60_000);

  it.each([
    ['a key as an argument', [FORGOTTEN_KEY], {}, /takes no argument/],
    ['no new key beside one of a setting', [], { QAQPA_MASTER_KEY: FORGOTTEN_KEY }, /QAQPA_NEXT_MASTER_KEY/],
    ['a new key of a setting beside a file', [], { QAQPA_NEXT_MASTER_KEY: FORGOTTEN_KEY }, /goes with/],
    ['a new key that is none', [], { QAQPA_NEXT_MASTER_KEY: 'short' }, /QAQPA_NEXT_MASTER_KEY/],
    ['a checksum option', ['--without-checksum'], {}, /no option/],
  ])('refuses %s, and makes nothing', async (_what, args, more, words) => {
    Object.assign(env, 'QAQPA_MASTER_KEY' in more ? { QAQPA_MASTER_KEY: oldKey } : more);
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain(FORGOTTEN_KEY);
    expect(readdirSync(folder).filter((name) => name.startsWith('master.key'))).toEqual(['master.key']);
  });

  it('replaces nothing under a running gateway, says what to do, and starts neither it nor commands half-way', async () => {
    await using(oldKey, async ({ accounts }) => {
      const refused = await run();
      expect(refused).toMatchObject({
        code: 65,
        stderr: expect.stringContaining('stop every gateway first'),
      });
      expect(await accounts.personByIin(IIN)).toMatchObject({ name: 'Айгүл' });
    });
    expect(keyIn(keyFile)).toBe(oldKey);
    // Killed between announcing and replacing.
    const database = openSqlite(join(folder, 'qaqpa.db'));
    database.exec(`update key_rotation set phase = 'replacing'`);
    await database.close();
    const listed = await qaqpa(['account', 'platform', 'list'], { env });
    expect(listed).toMatchObject({ code: 65, stderr: expect.stringContaining('run it again') });
    expect(await run()).toMatchObject({ code: 0, stdout: expect.stringContaining('goes on') });
    expect(await nameUnder(keyIn(keyFile))).toBe('Айгүл');
  }, 60_000);

  it('gives gateways the new key also where a value opens under none, and names that value at every call', async () => {
    const change = async (statement: string): Promise<void> => {
      const database = openSqlite(join(folder, 'qaqpa.db'));
      database.exec(statement);
      await database.close();
    };
    await using(oldKey, ({ accounts }) =>
      accounts.addPerson({ iin: parseIin(nextIin())!, name: 'Дана' }, NOW),
    );
    await change(`update people set name_sealed = '1.AAAA' where rowid = (select max(rowid) from people)`);
    for (const call of ['first', 'second']) {
      const { code, stderr } = await run();
      expect([call, code, stderr]).toEqual([call, 65, expect.stringContaining('people.name_sealed of ')]);
      expect(keyIn(keyFile)).not.toBe(oldKey);
      expect(await nameUnder(keyIn(keyFile))).toBe('Айгүл');
    }
  }, 60_000);

  it.each(['a file', 'a setting'])(
    'ends a rotation that was left unfinished before it takes another new key, of %s',
    async (kind) => {
      expect(await run()).toMatchObject({ code: 0 });
      const database = openSqlite(join(folder, 'qaqpa.db'));
      database.exec(`update key_rotation set phase = 'proving'`);
      await database.close();
      const [newKey, next] = [keyIn(keyFile), `${keyFile}.next`];
      // Made by another rotation that was begun meanwhile and refused.
      writeFileSync(next, FORGOTTEN_KEY, { mode: 0o600 });
      if (kind === 'a setting')
        Object.assign(env, { QAQPA_MASTER_KEY: newKey, QAQPA_NEXT_MASTER_KEY: FORGOTTEN_KEY });
      const { code, stdout } = await run();
      expect(code).toBe(0);
      expect([keyIn(keyFile), keyIn(next)]).toEqual([newKey, FORGOTTEN_KEY]);
      expect(await nameUnder(newKey)).toBe('Айгүл');
      if (kind === 'a setting') expect(stdout).toContain('Call the command again');
      expect(await run()).toMatchObject({ code: 0 });
      expect(await nameUnder(FORGOTTEN_KEY)).toBe('Айгүл');
    },
    60_000,
  );

  it('says that there is no database, and makes none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'qaqpa-rotate-none-'));
    env = { QAQPA_DATA_DIR: empty };
    expect(await run()).toMatchObject({ code: 65, stderr: expect.stringContaining('there is no database') });
    expect(readdirSync(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
  });
});

/** How often it is killed: each time after one more of the steps it tells of, and a little later. */
const KILLS = 6;
const LATER_MS = 15;

describe('qaqpa storage rotate-key, killed with -9', () => {
  it('loses nothing at whatever moment, and comes to its end when it is called again', async () => {
    await using(oldKey, (storage) =>
      storage.atomically(async ({ accounts }) => {
        for (let index = 0; index < 600; index += 1) {
          await accounts.addPerson({ iin: parseIin(nextIin())!, name: `Тұрғын ${index}` }, NOW);
        }
      }),
    );
    let killed = 0;
    for (let attempt = 0; attempt < KILLS; attempt += 1) {
      // Two keys were tried side by side: only now does nothing refer to either.
      await letGoOfLeft();
      const child = start();
      // From its first word on: what comes before touches nothing.
      const ended = once(child, 'close');
      for (let step = 0; step <= attempt && child.exitCode === null; step += 1) {
        await Promise.race([once(child.stdout!, 'data'), ended]);
      }
      await pause(LATER_MS * (attempt % 3));
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      if (child.signalCode === 'SIGKILL') killed += 1;
      await proveWhole();
    }
    expect(await run()).toMatchObject({ code: 0 });
    const last = keyIn(keyFile);
    // The last ones may find it at its end.
    expect(killed).toBeGreaterThanOrEqual(2);
    expect(await using(last, async ({ accounts }) => (await accounts.personByIin(IIN))?.name)).toBe('Айгүл');
    expect(existsSync(`${keyFile}.next`)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
    const database = openSqlite(join(folder, 'qaqpa.db'), { mode: 'read' });
    expect(database.prepare('select key_id from master_keys').all()).toHaveLength(1);
    expect(database.prepare('select count(*) as people from people').all()).toEqual([{ people: 601 }]);
    expect(database.prepare('select phase from key_rotation').all()).toEqual([{ phase: 'done' }]);
    await database.close();
    expect(await qaqpa(['storage', 'check'], { env })).toMatchObject({ code: 0 });
    if (last !== oldKey) {
      await expect(nameUnder(oldKey)).rejects.toMatchObject({ code: 'MASTER_KEY_WRONG' });
    }
  }, 180_000);

  function start(): ChildProcess {
    return spawn(process.execPath, [PROGRAM, 'storage', 'rotate-key'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** One of the keys that lie in the folder opens everything, or the rotation has announced that nobody may. */
  async function proveWhole(): Promise<void> {
    const files = readdirSync(folder).filter((name) => /^master\.key(\.next)?$/.test(name));
    expect(files).toContain('master.key');
    const outcomes = await Promise.all(
      files.map(async (name) => {
        try {
          const opened = await nameUnder(keyIn(join(folder, name)));
          expect(opened).toBe('Айгүл');
          return 'opens';
        } catch (error) {
          return (error as { code: string }).code;
        }
      }),
    );
    const opening = outcomes.filter((outcome) => outcome === 'opens');
    expect([outcomes, opening.length]).toEqual([outcomes, outcomes.includes('MASTER_KEY_ROTATING') ? 0 : 1]);
  }
});
