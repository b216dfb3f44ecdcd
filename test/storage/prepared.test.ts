import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { openDatabase } from '../../src/storage/engines/engine.js';
import { DEFAULT_POSTGRES_OPTIONS } from '../../src/storage/engines/postgres.js';
import { prepared } from '../../src/storage/tables/prepared.js';
import { type Schema } from '../../src/storage/tables/schema.js';

describe('a prepared query', () => {
  let folder: string;
  let database: Kysely<Schema>;
  let built = 0;
  const keysOf = prepared((store, asked: { ids: readonly string[]; since: number }) => {
    built += 1;
    return store
      .selectFrom('master_keys')
      .select('key_id')
      .where('key_id', 'in', asked.ids)
      .where('created_at', '>=', asked.since)
      .orderBy('key_id');
  });
  const insertKey = prepared((store, row: Schema['master_keys']) =>
    store.insertInto('master_keys').values(row),
  );
  const found = async (store: Kysely<Schema>, ids: string[], since = 0): Promise<string[]> =>
    (await keysOf(store, { ids, since })).rows.map(({ key_id }) => key_id);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-prepared-'));
    const address = { engine: 'sqlite', path: join(folder, 'qaqpa.db') } as const;
    database = await openDatabase(address, DEFAULT_POSTGRES_OPTIONS);
    for (const [index, key_id] of ['a', 'b', 'c'].entries()) {
      expect(await insertKey(database, { key_id, created_at: index })).toMatchObject({ numAffectedRows: 1n });
    }
  });
  afterAll(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is built once and answers each time what it is asked', async () => {
    built = 0;
    expect(await found(database, ['a', 'c'])).toEqual(['a', 'c']);
    expect(await found(database, ['b', 'x'])).toEqual(['b']);
    expect(await found(database, ['b', 'c'], 2)).toEqual(['c']);
    expect(built).toBe(1);
  });

  it('is another one for a list of another length', async () => {
    expect(await found(database, ['a'])).toEqual(['a']);
    expect(await found(database, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  });

  it('is the same in a transaction, and sees what that has written', async () => {
    await found(database, ['a', 'd']);
    built = 0;
    await database
      .transaction()
      .execute(async (transaction) => {
        await insertKey(transaction, { key_id: 'd', created_at: 9 });
        expect(await found(transaction, ['a', 'd'])).toEqual(['a', 'd']);
        throw new Error('taken back');
      })
      .catch((error: unknown) => {
        expect(error).toMatchObject({ message: 'taken back' });
      });
    expect(built).toBe(0);
    expect(await found(database, ['a', 'd'])).toEqual(['a']);
  });

  it('keeps values out of its text', async () => {
    const text = `'; drop table master_keys; --`;
    expect(await found(database, [text, 'a'])).toEqual(['a']);
    expect(await found(database, ['a', 'b'])).toEqual(['a', 'b']);
  });

  it.each([
    ['adds to', (value: number) => value + 1],
    ['writes into a text', (value: number) => Number(`${value}`)],
    ['compares', (value: number) => (value > 1 ? 1 : 0)],
  ])('cannot be built by what %s a value', async (_what, compute) => {
    const wrong = prepared((store, asked: { since: number }) =>
      store.selectFrom('master_keys').selectAll().where('created_at', '>', compute(asked.since)),
    );
    await expect((async () => wrong(database, { since: 1 }))()).rejects.toThrow(/not known/);
    expect((await sql`select 1 from master_keys`.execute(database)).rows).toHaveLength(3);
  });
});
