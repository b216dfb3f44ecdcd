import { expect, it } from '@jest/globals';
import pg from 'pg';
import { onPostgres } from '../../support/on-postgres.js';
import { NOW, STARTED } from '../../support/sample-records.js';
import { openTemporaryStorage } from '../../support/temporary-storage.js';

const ORIGIN = 'https://login.example.kz';
const INSERT = `insert into audit_records (at, type, actor_kind, details, previous_hash, hash)
  values (0, 'gateway.started', 'gateway', '{}', '', '') returning sequence`;

await onPostgres('records committed in another order than numbered', () => {
  it('are sealed once each, and none is passed over by who collects them', async () => {
    const opened = await openTemporaryStorage();
    const { audit, sealing } = opened.storage;
    const slow = new pg.Client(opened.config.databaseUrl);
    const failing = new pg.Client(opened.config.databaseUrl);
    await Promise.all([slow.connect(), failing.connect()]);
    try {
      await slow.query('begin');
      await failing.query('begin');
      await slow.query(INSERT);
      await failing.query(INSERT);
      await audit.append(STARTED);
      const numbers = async (): Promise<number[]> =>
        (await audit.list({ after: 0 })).map(({ sequence }) => sequence);
      // The third is there, and who looks sees it; who collects waits for the two before.
      expect((await audit.latest(5)).map(({ sequence }) => sequence)).toEqual([3]);
      expect(await numbers()).toEqual([]);
      expect(await audit.list({ after: 0, about: ['x'] })).toEqual([]);
      expect(await sealing.seal(ORIGIN, NOW)).toBe(1);

      await failing.query('rollback');
      expect(await numbers()).toEqual([]);
      await slow.query('commit');
      expect(await numbers()).toEqual([1, 3]);
      expect(await sealing.seal(ORIGIN, NOW)).toBe(1);
      const rows = await opened.query('select sequence, leaf_index from audit_records order by sequence');
      expect(rows.map(({ sequence, leaf_index }) => [Number(sequence), Number(leaf_index)])).toEqual([
        [1, 1],
        [3, 0],
      ]);
      expect(await audit.verify()).toMatchObject({ intact: true, size: 2, unsealed: 0 });
    } finally {
      await Promise.all([slow.end(), failing.end()]);
      await opened.remove();
    }
  }, 60_000);

  it('are written without waiting for a writer that has not committed, nor for the sealer', async () => {
    const opened = await openTemporaryStorage();
    const [one, other, sealer] = [1, 2, 3].map(() => new pg.Client(opened.config.databaseUrl));
    await Promise.all([one!.connect(), other!.connect(), sealer!.connect()]);
    try {
      await opened.storage.sealing.seal(ORIGIN, NOW);
      await sealer!.query('begin; select * from audit_tree for update');
      await one!.query('begin');
      await one!.query(INSERT);
      await other!.query(`set lock_timeout = '100ms'`);
      await expect(other!.query(INSERT)).resolves.toMatchObject({ rowCount: 1 });
      // Another sealer does not wait either.
      expect(await opened.storage.sealing.seal(ORIGIN, NOW)).toBe(0);
      await one!.query('rollback');
      await sealer!.query('rollback');
      expect(await opened.storage.sealing.seal(ORIGIN, NOW)).toBe(1);
    } finally {
      await Promise.all([one!.end(), other!.end(), sealer!.end()]);
      await opened.remove();
    }
  }, 60_000);
  return Promise.resolve();
});
