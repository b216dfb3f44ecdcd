/** One gateway process dies in the middle of its work; the other goes on, and what was acknowledged is kept. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openServices } from '../../src/services.js';
import { MIGRATIONS } from '../../src/storage/migrations/index.js';
import { startLoad } from '../support/cluster-load.js';
import {
  type Cluster,
  describeCluster,
  said,
  SESSION,
  startCluster,
  until,
  wholeLog,
} from '../support/cluster.js';
import { signIn } from '../support/lab-gateway.js';

describeCluster('two gateways', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 120_000);
  afterAll(() => cluster.close());

  it('lose nothing they acknowledged when one is killed under load, and the other does not notice', async () => {
    const { world, doors } = cluster;
    const member = await world.admit('КЕНЕТ');
    const [killed, other] = doors;
    const newcomers = 3;
    const load = startLoad(cluster, { member, holders: [], dead: [], newcomers }, doors);
    const through = (door: typeof killed): number =>
      load.acknowledged.filter((one) => one.door === door).length;
    await until('sign-ins through both', () => through(killed) >= 5 && through(other) >= 5);
    await killed.kill('SIGKILL');
    const before = through(other);
    await until('sign-ins through the other', () => through(other) >= before + 5);
    await load.stop();
    expect(new Set(load.answers)).toEqual(new Set(['newcomer: 200', 'newcomer: no answer']));

    const again = await cluster.openDoor();
    for (const { token, sessionId } of load.acknowledged) {
      for (const door of [again, other]) {
        const browser = cluster.browser();
        browser.setCookie(SESSION, token);
        const response = await browser.at(door).fetch('/v1/session');
        expect(await response.json()).toMatchObject({ session: { id: sessionId } });
      }
    }
    expect(await said(await signIn(world, cluster.browser().at(again), member.key))).toBe('200');

    const { audit, sessions } = world.storage;
    expect(await audit.verify()).toMatchObject({ intact: true });
    const log = await wholeLog(world.storage);
    const opened = log.flatMap(({ type, subject }) =>
      type === 'login.eds.succeeded' && subject?.id ? [subject.id] : [],
    );
    expect(load.acknowledged.filter(({ sessionId }) => !opened.includes(sessionId))).toEqual([]);
    // What was under way at the moment of death may have left a session nobody has the token of, or its record; nothing else has.
    const live = (await sessions.list({ organisationId: world.organisation.id }, new Date())).map(
      ({ id }) => id,
    );
    expect(live.filter((id) => !opened.includes(id)).length).toBeLessThanOrEqual(newcomers);
    expect(opened.length - 1 - load.acknowledged.length).toBeLessThanOrEqual(newcomers);
  }, 120_000);

  it('that start together on an empty database migrate it once and both come up', async () => {
    const { postgres, redis, world } = cluster;
    const databaseUrl = await postgres.newDatabase();
    const doors = await Promise.all([1, 2].map(() => cluster.openDoor({ QAQPA_DATABASE_URL: databaseUrl })));
    for (const { address } of doors) expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const applied = await postgres.query(databaseUrl, 'select version from schema_migrations order by 1');
    expect(applied.map(({ version }) => version)).toEqual(MIGRATIONS.map(({ version }) => version));
    expect(await postgres.query(databaseUrl, 'select key_id from master_keys')).toHaveLength(1);
    const masterKey = Buffer.from(world.env['QAQPA_MASTER_KEY']!, 'base64');
    const storage = await openServices({ databaseUrl, redisUrl: redis.url, masterKey });
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 2 });
    await storage.close();
  }, 120_000);
});
