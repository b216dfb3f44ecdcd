import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { qaqpa as qaqpaProcess } from '../support/cli.js';
import { qaqpa } from '../support/cli-in-process.js';
import { describeWithPostgres, freePort, sharedPostgres } from '../support/postgres-server.js';
import { describeWithRedis, startRedis } from '../support/redis-server.js';
import { selfSigned } from '../support/self-signed.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';
import { TEST_MASTER_KEY } from '../support/test-secrets.js';

const MASTER_KEY = Buffer.from(TEST_MASTER_KEY).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');
/** Nobody listens there, and nothing leaves this machine. */
const NOWHERE = { QAQPA_OCSP_URL: 'http://127.0.0.1:9', QAQPA_CRL_URLS: 'http://127.0.0.1:9/a.crl' };

const folder = mkdtempSync(join(tmpdir(), 'qaqpa-doctor-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function findings(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await qaqpa(['doctor'], {
    env: { ...NOWHERE, QAQPA_DATA_DIR: folder, QAQPA_MASTER_KEY: MASTER_KEY, ...env },
  });
  return stdout;
}

describe('the doctor, about the embedded database', () => {
  let opened: TemporaryStorage;
  beforeAll(async () => {
    opened = await openTemporaryStorage();
  });
  afterAll(() => opened.remove());

  it('says what is not there yet and makes none of it', async () => {
    const said = await findings({ QAQPA_MASTER_KEY: '' });
    expect(said).toMatch(/^warning +database: there is none yet/m);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });

  it('names engine, schema, master key and audit chain', async () => {
    const said = await findings({ QAQPA_DATABASE_URL: opened.config.databaseUrl });
    expect(said).toMatch(/^ok +database: SQLite 3\./m);
    expect(said).toMatch(/^ok +schema: version \d+, the newest/m);
    expect(said).toMatch(/^ok +master key: the one/m);
    expect(said).toMatch(/^ok +audit: the log is whole/m);
    expect(said).not.toContain('redis');
  });

  it('finds another master key', async () => {
    const said = await findings({
      QAQPA_DATABASE_URL: opened.config.databaseUrl,
      QAQPA_MASTER_KEY: OTHER_KEY,
    });
    expect(said).toMatch(/^failed +master key: not the one/m);
  });

  it('misses the master key of a database that was made with one', async () => {
    const said = await findings({ QAQPA_DATABASE_URL: opened.config.databaseUrl, QAQPA_MASTER_KEY: '' });
    expect(said).toMatch(/^failed +master key: there is none/m);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('points out secrets of API clients that are in use and end soon, and no secret', async () => {
    const { apiClients } = opened.storage;
    // Commands of these tests run at 5:00 on this day.
    const now = new Date('2026-11-23T05:00:00Z');
    const { client, secret, secretId } = await apiClients.add('flow', now, 20 * 24 * 60 * 60_000);
    const env = { QAQPA_DATABASE_URL: opened.config.databaseUrl };
    expect(await findings(env)).not.toContain(client.id);
    await apiClients.authenticate(client.id, secret, now);
    const said = await findings(env);
    expect(said).toContain(
      `warning  API client: secret ${secretId} of client ${client.id} is in use and expires in 20 days`,
    );
    expect(said).not.toContain(secret);
  });

  it.each([
    ['preparing', 'warning', 'the key of before counts'],
    ['replacing', 'failed', 'no gateway can start'],
    ['proving', 'warning', 'the new key counts'],
    ['done', null, ''],
  ])('says what a rotation of the master key has come to: %s', async (phase, state, words) => {
    await opened.query(`delete from key_rotation;
      insert into key_rotation values (1, 'one', 'another', '${phase}', 0)`);
    const said = await findings({ QAQPA_DATABASE_URL: opened.config.databaseUrl });
    await opened.query('delete from key_rotation');
    const found = said.split('\n').filter((line) => line.includes('rotate-key'));
    expect(found).toEqual(
      state === null ? [] : [expect.stringMatching(new RegExp(`^${state} +master key: .*${words}`))],
    );
  });

  it('leaves an older schema as it is, and one of a newer program unread', async () => {
    await opened.query(
      'update schema_migrations set version = 999 where version = (select max(version) from schema_migrations)',
    );
    expect(await findings({ QAQPA_DATABASE_URL: opened.config.databaseUrl })).toMatch(
      /^failed +schema: version 999 is of a newer program/m,
    );
    await opened.query('delete from schema_migrations where version = 999');
    const said = await findings({ QAQPA_DATABASE_URL: opened.config.databaseUrl });
    expect(said).toMatch(/^warning +schema: version \d+; the gateway brings it to/m);
    expect(said).toMatch(/^warning +audit: not looked at/m);
  });
});

describeWithPostgres('the doctor, about PostgreSQL', () => {
  it('tells an empty database from one in use', async () => {
    const server = await sharedPostgres();
    const url = await server.newDatabase();
    const empty = await findings({ QAQPA_DATABASE_URL: url });
    expect(empty).toMatch(/^ok +database: PostgreSQL \d/m);
    expect(empty).toMatch(/^warning +schema: there are no tables yet/m);
    expect(await server.query(url, `select 1 from pg_tables where schemaname = 'public'`)).toEqual([]);

    const opened = await openTemporaryStorage({ databaseUrl: url });
    const used = await findings({ QAQPA_DATABASE_URL: url });
    await opened.remove();
    expect(used).toMatch(/^ok +schema: version \d+, the newest/m);
    expect(used).toMatch(/^ok +master key: the one/m);
    expect(used).toMatch(/^ok +audit: /m);
  });

  it('finds a server that only reads, and a pool larger than the server can feed', async () => {
    const server = await sharedPostgres();
    const url = await server.newDatabase();
    expect(await findings({ QAQPA_DATABASE_URL: url, QAQPA_DATABASE_POOL: '90' })).toMatch(
      /^warning +database: .*QAQPA_DATABASE_POOL/m,
    );
    const name = new URL(url).pathname.slice(1);
    await server.query(url, `alter database ${name} set default_transaction_read_only = on`);
    expect(await findings({ QAQPA_DATABASE_URL: url })).toMatch(/^failed +database: .*only reads/m);
  });

  it('says why it cannot be used, and nothing of what is secret', async () => {
    const server = await sharedPostgres();
    const { port } = new URL(await server.newDatabase());
    const missing = await findings({
      QAQPA_DATABASE_URL: `postgres://qaqpa:hunter2-hunter2@127.0.0.1:${port}/nowhere`,
    });
    expect(missing).toMatch(/^failed +database: .*there is no such database/m);
    const silent = await findings({
      QAQPA_DATABASE_URL: 'postgres://qaqpa:hunter2-hunter2@127.0.0.1:9/qaqpa',
    });
    expect(silent).toMatch(/^failed +database: .*nothing listens there/m);
    expect(missing + silent).not.toContain('hunter2');
  });
});

describeWithRedis('the doctor, about Redis', () => {
  it('says that it answers, that it would end sessions early, and that it does not answer', async () => {
    const server = await startRedis();
    expect(await findings({ QAQPA_REDIS_URL: server.url })).toMatch(/^ok +redis: Redis \d/m);
    const { Redis } = await import('ioredis');
    const client = new Redis(server.url.replace('unix:', ''));
    await client.config('SET', 'maxmemory', '100mb');
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await findings({ QAQPA_REDIS_URL: server.url })).toMatch(/^warning +redis: .*noeviction/m);
    await client.config('SET', 'requirepass', 'hunter2-hunter2');
    client.disconnect();
    expect(await findings({ QAQPA_REDIS_URL: server.url })).toMatch(/^failed +redis: .*NOAUTH/m);
    await server.stop();
    const away = await findings({ QAQPA_REDIS_URL: `redis://:hunter2-hunter2@127.0.0.1:9` });
    expect(away).toMatch(/^failed +redis: .*nothing listens there/m);
    expect(away).not.toContain('hunter2');
  });

  it('asks a Redis with TLS to prove its name to an authority the process trusts', async () => {
    const [port, identity] = [await freePort(), selfSigned(folder, 'redis', 'IP:127.0.0.1')];
    const server = await startRedis({ tls: { port, identity } });
    const doctor = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const url = `rediss://127.0.0.1:${port}`;
      const all = { ...NOWHERE, QAQPA_DATA_DIR: folder, QAQPA_REDIS_URL: url, ...env };
      return (await qaqpaProcess(['doctor'], { env: all })).stdout;
    };
    const untrusted = /^failed +redis: .*of no authority this process trusts/m;
    expect(await doctor({})).toMatch(untrusted);
    const stranger = selfSigned(folder, 'stranger', 'IP:127.0.0.1').certificateFile;
    expect(await doctor({ NODE_EXTRA_CA_CERTS: stranger })).toMatch(untrusted);
    expect(await doctor({ NODE_EXTRA_CA_CERTS: identity.certificateFile })).toMatch(/^ok +redis: Redis \d/m);
    await server.stop();
  });
});
