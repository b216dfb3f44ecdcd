import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parseIin } from '../../../src/accounts/national-number.js';
import { openServices, type OpenServices } from '../../../src/services.js';
import { qaqpa } from '../../support/cli-in-process.js';
import { nextIin } from '../../support/next-number.js';
import { describeWithPostgres, sharedPostgres } from '../../support/postgres-server.js';
import { NOW } from '../../support/sample-records.js';
import { TEST_PASSWORD_COST } from '../../support/test-secrets.js';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'bin', 'qaqpa.js');
const IIN = parseIin('920101300125')!;
const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)];

describeWithPostgres('qaqpa storage rotate-key on PostgreSQL, killed with -9', () => {
  it('leaves the database wholly under one key, and comes to its end when it is called again', async () => {
    const server = await sharedPostgres();
    const databaseUrl = await server.newDatabase();
    const using = async <T>(key: string, work: (storage: OpenServices) => Promise<T>): Promise<T> => {
      const masterKey = Buffer.from(key, 'hex');
      const config = { databaseUrl, redisUrl: null, masterKey, passwordCost: TEST_PASSWORD_COST };
      const storage = await openServices(config);
      try {
        return await work(storage);
      } finally {
        await storage.close();
      }
    };
    const nameUnder = (key: string): Promise<string> =>
      using(key, async ({ accounts }) => (await accounts.personByIin(IIN))?.name ?? 'unknown').catch(
        (error: unknown) => (error as { code: string }).code,
      );
    await using(OLD, (storage) =>
      storage.atomically(async ({ accounts }) => {
        await accounts.addPerson({ iin: IIN, name: 'Айгүл' }, NOW);
        for (let index = 0; index < 600; index += 1) {
          await accounts.addPerson({ iin: parseIin(nextIin())!, name: `Тұрғын ${index}` }, NOW);
        }
      }),
    );
    const env = {
      QAQPA_DATABASE_URL: databaseUrl,
      QAQPA_MASTER_KEY: OLD,
      QAQPA_NEXT_MASTER_KEY: NEW,
    };
    let killed = 0;
    // While keys are made ready, in the transaction that replaces them, and while tables are written anew.
    for (const word of ['made ready', 'no other process', 'in force']) {
      const child = spawn(process.execPath, [PROGRAM, 'storage', 'rotate-key'], {
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(word)) child.kill('SIGKILL');
      });
      await closed;
      // On a machine that has much to do it may have come to its end before it was killed.
      if (child.signalCode === 'SIGKILL') killed += 1;
      else expect([said, child.exitCode]).toEqual([expect.stringContaining('finished'), 0]);
      const found = [await nameUnder(OLD), await nameUnder(NEW)];
      const refused = expect.stringMatching(/^MASTER_KEY_/);
      expect([
        ['Айгүл', refused],
        [refused, 'Айгүл'],
        ['MASTER_KEY_ROTATING', 'MASTER_KEY_ROTATING'],
      ]).toContainEqual(found);
    }
    expect(killed).toBeGreaterThanOrEqual(1);
    expect(await qaqpa(['storage', 'rotate-key'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(await nameUnder(NEW)).toBe('Айгүл');
    expect(await nameUnder(OLD)).toBe('MASTER_KEY_WRONG');
    expect(await server.query(databaseUrl, 'select phase from key_rotation')).toEqual([{ phase: 'done' }]);
    expect(await server.query(databaseUrl, 'select count(*)::int as people from people')).toEqual([
      { people: 601 },
    ]);
  }, 120_000);
});
