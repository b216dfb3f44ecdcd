import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Checkpoint, readCheckpoint } from '../../src/audit/checkpoint.js';
import { openServices } from '../../src/services.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';
import { startWriter, untilWritten } from '../support/writer-process.js';

/** `QAQPA_TEST_KILLS=200` makes it the long one (CONTRIBUTING.md). */
const KILLS = Number(process.env['QAQPA_TEST_KILLS'] ?? '6');

async function column(opened: TemporaryStorage, sql: string): Promise<unknown[]> {
  return (await opened.query(sql)).map((row) => row['value']);
}

describe('a process killed while it writes, seals and rotates the key of the log', () => {
  it(
    `loses nothing it acknowledged, and seals nothing twice or never, ${KILLS} times`,
    async () => {
      const opened = await openTemporaryStorage();
      const acknowledged = new Set<string>();
      let kept: Checkpoint | undefined;
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const writer = startWriter('log-writer.ts', opened.config.databaseUrl);
        // Each time at another place of what it does.
        await untilWritten(() => {
          const turns = writer.acknowledged.filter((line) => line === 'sealed').length;
          return turns > kill % 5 && writer.acknowledged.length - turns >= 20 + ((kill * 7) % 23);
        });
        await pause(kill % 4);
        writer.child.kill('SIGKILL');
        await writer.ended;
        for (const id of writer.acknowledged) if (id !== 'sealed') acknowledged.add(id);

        const storage = await openServices(opened.config);
        const options = kept === undefined ? {} : { kept };
        expect([kill, await storage.audit.verify(options)]).toMatchObject([kill, { intact: true }]);
        const note = await storage.audit.checkpoint();
        if (note !== null) kept = readCheckpoint(note)!;
        await storage.close();
      }
      const storage = await openServices(opened.config);
      await storage.sealing.seal('https://login.example.kz', new Date());
      const verdict = await storage.audit.verify({ kept: kept! });
      const recorded = await column(opened, 'select request_id as value from audit_records');
      expect(verdict).toMatchObject({ intact: true, unsealed: 0, size: recorded.length });
      expect([...acknowledged].filter((id) => !new Set(recorded).has(id))).toEqual([]);
      const leaves = await column(
        opened,
        'select leaf_index as value from audit_records order by leaf_index',
      );
      expect(leaves.map(Number)).toEqual(leaves.map((_, index) => index));
      const rotations = await column(
        opened,
        `select 1 as value from audit_records where type = 'audit.key-rotated'`,
      );
      expect(await storage.audit.keys()).toHaveLength(rotations.length + 1);
      expect(rotations.length).toBeGreaterThan(0);
      await storage.close();
      await opened.remove();
    },
    KILLS * 60_000,
  );
});
