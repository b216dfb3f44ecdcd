import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { openServices, type OpenServices, type ServicesConfig } from '../../../src/services.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.js';
import { NOW, STARTED } from '../../support/sample-records.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from '../../support/test-secrets.js';

const UNAVAILABLE = { code: 'STORAGE_UNAVAILABLE' };

describeWithPostgres('PostgreSQL', () => {
  let server: PostgresServer;
  let config: ServicesConfig;
  let storage: OpenServices;
  let name: string;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    config = {
      databaseUrl: await server.newDatabase(),
      redisUrl: null,
      masterKey: TEST_MASTER_KEY,
      passwordCost: TEST_PASSWORD_COST,
      postgres: { connections: 5, timeoutMs: 500 },
    };
    name = new URL(config.databaseUrl).pathname.slice(1);
    storage = await openServices(config);
  });
  afterEach(async () => {
    await storage.close();
  });

  async function untilItWorks(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await storage.ping();
        return;
      } catch (error) {
        if (attempt > 200) throw error;
        await pause(50);
      }
    }
  }

  it('killed under load costs only what was under way, and is used again as soon as it is back', async () => {
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    let over = false;
    const load = Array.from({ length: 8 }, async (_, worker) => {
      for (let index = 0; !over; index += 1) {
        const id = `${worker}/${index}`;
        try {
          await storage.audit.append({ ...STARTED, reason: id });
          acknowledged.push(id);
        } catch (error) {
          refused.push(error);
          await pause(20);
        }
      }
    });
    while (acknowledged.length < 50) await pause(10);
    await server.kill();
    while (refused.length < 20) await pause(10);
    await server.start();
    const before = acknowledged.length;
    while (acknowledged.length < before + 50) await pause(10);
    over = true;
    await Promise.all(load);

    for (const error of refused) expect(error).toMatchObject(UNAVAILABLE);
    expect(await storage.audit.verify()).toMatchObject({ intact: true });
    const rows = await server.query(config.databaseUrl, 'select reason from audit_records');
    const recorded = new Set(rows.map(({ reason }) => reason));
    expect(acknowledged.filter((id) => !recorded.has(id))).toEqual([]);
  });

  it('that does not answer is an error within the time limits', async () => {
    await storage.ping();
    server.freeze();
    const outcomes = await Promise.allSettled([
      storage.ping(),
      storage.audit.append(STARTED),
      storage.sessions.find('token', NOW),
    ]);
    server.thaw();
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
    await untilItWorks();
    await storage.audit.append(STARTED);
  });

  it('whose writers’ lock somebody holds refuses units in time, and readers and single records not at all', async () => {
    const unit = (): Promise<void> => storage.atomically(({ audit }) => audit.append(STARTED));
    await unit();
    const held = server.query(
      config.databaseUrl,
      `begin; select pg_advisory_xact_lock(486966128737); select pg_sleep(1.5)`,
    );
    await pause(300);
    await expect(unit()).rejects.toMatchObject({ code: 'STORAGE_CONTENDED' });
    await storage.audit.append(STARTED);
    expect(await storage.audit.latest(5)).toHaveLength(2);
    await held;
    await unit();
  });

  it('is asked over a bounded number of connections, none of which is lost', async () => {
    const work = Array.from({ length: 60 }, (_, index) =>
      index % 2 === 0
        ? storage.sessions.find('token', NOW)
        : storage.atomically(() => Promise.reject(new Error('changed its mind'))),
    );
    const outcomes = await Promise.allSettled(work);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    const connections = await server.query(
      config.databaseUrl,
      `select state from pg_stat_activity where application_name = 'qaqpa' and datname = current_database()`,
    );
    expect(connections.length).toBeLessThanOrEqual(5);
    expect(connections.every(({ state }) => state === 'idle')).toBe(true);
  });

  it('that has no connection left is unavailable until it has', async () => {
    await server.query(
      config.databaseUrl,
      `alter database ${name} connection limit 0; create role guest login`,
    );
    const url = config.databaseUrl.replace('qaqpa@', 'guest@');
    await expect(openServices({ ...config, databaseUrl: url })).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringContaining('53300'),
    });
  });

  it('that became a standby is not ready', async () => {
    await server.query(config.databaseUrl, `alter database ${name} set default_transaction_read_only = on`);
    const second = openServices(config);
    await expect(second).rejects.toMatchObject(UNAVAILABLE);
  });

  it('keeps passwords out of what it says', async () => {
    const url = new URL(config.databaseUrl);
    url.username = 'nobody';
    url.password = 'hunter2-secret';
    url.pathname = '/nowhere';
    const error = await openServices({ ...config, databaseUrl: url.href }).catch((cause: unknown) => cause);
    expect(error).toMatchObject(UNAVAILABLE);
    expect(JSON.stringify(error, everything(error)) + String(error)).not.toContain('hunter2');
  });
});

/** Names of all properties of an error and its causes, as a log would print them. */
function everything(error: unknown): string[] {
  const names = new Set<string>();
  for (
    let value = error;
    typeof value === 'object' && value !== null;
    value = (value as { cause?: unknown }).cause
  )
    for (const name of Object.getOwnPropertyNames(value)) names.add(name);
  return [...names];
}
