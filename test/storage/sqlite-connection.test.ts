import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqlite, type SqliteConnection } from '../../src/storage/engines/sqlite-connection.js';
import { isBusy, translateSqliteFailure } from '../../src/storage/engines/sqlite-failure.js';

let folder: string;
let path: string;
const opened: SqliteConnection[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-sqlite-'));
  path = join(folder, 'x.db');
});
afterEach(async () => {
  for (const connection of opened.splice(0)) await connection.close().catch(() => undefined);
  rmSync(folder, { recursive: true });
});
const open: typeof openSqlite = (...parameters) => {
  const connection = openSqlite(...parameters);
  opened.push(connection);
  return connection;
};

function made(): SqliteConnection {
  const connection = open(path);
  connection.pragma('journal_mode = WAL');
  connection.exec('create table t (id integer primary key, name text not null unique)');
  connection.prepare('insert into t (name) values (?)').run(['first']);
  return connection;
}

function failure(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('a connection to SQLite', () => {
  it('lets go of the file when it is closed, whatever was prepared, and leaves one file', async () => {
    const connection = made();
    for (let index = 0; index < 300; index += 1) connection.prepare(`select ${index}`).all();
    expect(readdirSync(folder)).toContain('x.db-wal');
    await connection.close();
    expect(readdirSync(folder)).toEqual(['x.db']);
    const again = open(path, { mode: 'read' });
    expect(again.prepare('select name from t').all()).toEqual([{ name: 'first' }]);
  });

  it('tells what gives rows, also of a change, and how many rows were changed', () => {
    const connection = made();
    expect(connection.prepare('select 1 where false').givesRows).toBe(true);
    const change = connection.prepare('update t set name = ? returning id');
    expect([change.givesRows, change.all(['second'])]).toEqual([true, [{ id: 1 }]]);
    const insert = connection.prepare('insert into t (name) values (?), (?)');
    expect([insert.givesRows, insert.run(['a', 'b'])]).toEqual([false, 2]);
    expect(connection.pragma('user_version')).toBe(0);
    expect(connection.pragma('table_info(missing)')).toBeUndefined();
  });

  it.each(['write', 'read'] as const)('makes no file where there is none, to %s', (mode) => {
    const error = failure(() => open(path, { mode }).pragma('user_version'));
    expect(translateSqliteFailure(error)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(existsSync(path)).toBe(false);
  });

  it('opens the very file that is named, whatever signs are in its name', async () => {
    const odd = join(folder, 'a?mode=memory#%20 ғ.db');
    const connection = open(odd);
    connection.exec('create table t (a)');
    await connection.close();
    expect(existsSync(odd)).toBe(true);
    expect(open(odd, { mode: 'write' }).prepare('select * from t').all()).toEqual([]);
  });

  it('changes nothing through a connection that reads', () => {
    made();
    const reader = open(path, { mode: 'read' });
    for (const sql of [`insert into t (name) values ('x')`, `delete from t returning id`]) {
      const statement = reader.prepare(sql);
      const error = failure(() => (statement.givesRows ? statement.all() : statement.run()));
      expect(translateSqliteFailure(error)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    }
  });
});

describe('a failure of SQLite', () => {
  it.each(['all', 'run'] as const)('is known as busy where another writes, by %s', (way) => {
    const first = made();
    const second = open(path);
    first.exec('begin immediate');
    const sql = way === 'all' ? `insert into t (name) values ('x') returning id` : 'begin immediate';
    const error = failure(() => second.prepare(sql)[way]());
    expect(isBusy(error)).toBe(true);
    expect(translateSqliteFailure(error)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('is known as damage where a page is not what it was', async () => {
    const connection = made();
    for (let index = 0; index < 2_000; index += 1)
      connection.prepare('insert into t (name) values (?)').run([`name ${index} ${'x'.repeat(50)}`]);
    await connection.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 8_192, bytes.length - 8_192);
    const damaged = join(folder, 'damaged.db');
    copyFileSync(path, damaged);
    writeFileSync(damaged, bytes);
    const reader = open(damaged, { mode: 'read' });
    const error = failure(() => reader.prepare('select * from t').all());
    expect(translateSqliteFailure(error)).toMatchObject({ code: 'STORAGE_CORRUPT' });
  });

  it('is known as damage where the file is something else', () => {
    writeFileSync(path, 'not a database '.repeat(100));
    const error = failure(() => open(path).pragma('user_version'));
    expect(translateSqliteFailure(error)).toMatchObject({ code: 'STORAGE_CORRUPT' });
  });

  it('is known as an outage where the connection was closed', async () => {
    const connection = made();
    await connection.close();
    const error = failure(() => connection.prepare('select 1'));
    expect(translateSqliteFailure(error)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it.each([
    ['a rule of the table', `insert into t (name) values ('first')`],
    ['a number that is too large to be exact', 'select 9007199254740993'],
    ['an unknown table', 'select * from missing'],
  ])('stays as it is when it is about %s', (_what, sql) => {
    const connection = made();
    const error = failure(() => connection.prepare(sql).all());
    expect(translateSqliteFailure(error)).toBe(error);
    expect(isBusy(error)).toBe(false);
  });

  it.each([
    [null],
    [undefined],
    ['database is locked'],
    [{ message: 'database is locked' }],
    [new Error('x')],
  ])('is not seen in %p', (thrown) => {
    expect(isBusy(thrown)).toBe(false);
  });
});
