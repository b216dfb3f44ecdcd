import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { type Migration } from '../../src/storage/migrations/migration.js';
import { type Schema } from '../../src/storage/tables/schema.js';
import { createSqliteDialect } from '../../src/storage/engines/sqlite.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const FIRST: Migration = {
  version: 1,
  name: 'first',
  statements: [
    `create table parents (id integer primary key, status text not null check (status in ('a')))`,
    `create table children (parent_id integer not null references parents (id) on delete cascade)`,
    `insert into parents values (1, 'a')`,
    `insert into children values (1)`,
  ],
};
const REBUILD = [
  `create table new_parents (id integer primary key, status text not null check (status in ('a', 'b')))`,
  `insert into new_parents select * from parents`,
  `drop table parents`,
  `alter table new_parents rename to parents`,
];
const rebuilt = (version: number, ...more: string[]): Migration => ({
  version,
  name: 'wider',
  statements: [{ sqlite: [...REBUILD, ...more], postgres: [] }],
});

let folder: string;
let path: string;
let database: Kysely<Schema>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-migrate-'));
  path = join(folder, 'qaqpa.db');
  database = new Kysely<Schema>({ dialect: createSqliteDialect(path, { foreignKeys: false }) });
});
afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const apply = (...migrations: Migration[]): Promise<void> => migrate(database, 'sqlite', migrations, NOW);
async function all(query: string): Promise<unknown[]> {
  return (await sql.raw(query).execute(database)).rows;
}

describe('migrating', () => {
  it('may rebuild a table others refer to', async () => {
    await apply(FIRST);
    await apply(FIRST, rebuilt(2));
    expect(await all('select parent_id from children')).toEqual([{ parent_id: 1 }]);
    await all(`insert into parents values (2, 'b')`);
  });

  it('keeps nothing of a migration that leaves a reference to nothing', async () => {
    await apply(FIRST);
    const broken = apply(FIRST, rebuilt(2, 'delete from parents'));
    await expect(broken).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    expect(await all('select version from schema_migrations')).toEqual([{ version: 1 }]);
    expect(await all('select id from parents')).toEqual([{ id: 1 }]);
  });

  it('applies one that came later with a lower number', async () => {
    await apply(FIRST, { version: 3, name: 'third', statements: ['create table thirds (id text)'] });
    await apply(FIRST, rebuilt(2), { version: 3, name: 'third', statements: [] });
    expect(await all('select version, name from schema_migrations order by version')).toEqual([
      { version: 1, name: 'first' },
      { version: 2, name: 'wider' },
      { version: 3, name: 'third' },
    ]);
  });

  it('is refused where one was applied that this program does not know, below its newest too', async () => {
    await apply(FIRST, { version: 2, name: 'theirs', statements: [] });
    const mine = apply(FIRST, { version: 3, name: 'mine', statements: [] });
    await expect(mine).rejects.toMatchObject({ code: 'STORAGE_SCHEMA_NEWER' });
    await apply(FIRST, { version: 2, name: 'theirs', statements: [] });
  });
});
