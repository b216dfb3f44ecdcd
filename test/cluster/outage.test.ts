/** A store goes away under load and comes back: until then people are told to come back, and nobody anything wrong. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Cluster, describeCluster, SESSION, startCluster, until, wholeLog } from '../support/cluster.js';
import { type Load, startLoad } from '../support/cluster-load.js';
import { type Member, signIn } from '../support/lab-gateway.js';

/** All that anybody may ever be told. */
const RIGHT = new Set([
  'holder: 200',
  'holder: 503 SERVICE_UNAVAILABLE',
  'nobody: 401 SESSION_NONE',
  'nobody: 503 SERVICE_UNAVAILABLE',
  'newcomer: 200',
  'newcomer: 503 SERVICE_UNAVAILABLE',
]);

describeCluster('two gateways that lose a store under load', () => {
  let cluster: Cluster;
  let member: Member;
  let holder: string;
  let ended: string;

  beforeAll(async () => {
    cluster = await startCluster();
    const [left, right] = cluster.doors;
    member = await cluster.world.admit('ҮЗІЛІС');
    const browser = cluster.browser();
    await signIn(cluster.world, browser.at(left), member.key);
    ended = browser.cookie(SESSION)!;
    const headers = { origin: 'https://gate.example.kz' };
    expect((await browser.at(right).fetch('/v1/session', { method: 'DELETE', headers })).status).toBe(204);
    await signIn(cluster.world, browser.at(right), member.key);
    holder = browser.cookie(SESSION)!;
  }, 120_000);
  afterAll(() => cluster.close());

  const load = (): Load =>
    startLoad(cluster, { member, holders: [holder], dead: [ended, 'A'.repeat(43)] }, cluster.doors);

  /** Waits until each of these has been said so many times more. */
  async function heard(answers: readonly string[], wanted: Readonly<Record<string, number>>): Promise<void> {
    const from = answers.length;
    await until(`to hear ${JSON.stringify(wanted)}`, () =>
      Object.entries(wanted).every(
        ([answer, times]) => answers.slice(from).filter((one) => one === answer).length >= times,
      ),
    );
  }
  const WORKS = { 'holder: 200': 6, 'nobody: 401 SESSION_NONE': 6, 'newcomer: 200': 4 };
  const AWAY = { 'holder: 503 SERVICE_UNAVAILABLE': 2, 'newcomer: 503 SERVICE_UNAVAILABLE': 2 };

  async function concludes(running: Load): Promise<void> {
    await running.stop();
    const { answers, acknowledged } = running;
    expect([...new Set(answers)].filter((answer) => !RIGHT.has(answer))).toEqual([]);
    const { storage } = cluster.world;
    expect(await storage.audit.verify()).toMatchObject({ intact: true });
    const recorded = new Set((await wholeLog(storage)).map(({ subject }) => subject?.id));
    expect(acknowledged.filter(({ sessionId }) => !recorded.has(sessionId))).toEqual([]);
    for (const { token } of acknowledged) {
      expect(await storage.sessions.find(token, new Date())).not.toBeNull();
    }
  }

  it('Redis, killed and started again: no wrong answer, nobody signed out, and work goes on by itself', async () => {
    const { redis } = cluster;
    const running = load();
    await heard(running.answers, WORKS);
    await redis.stop();
    await heard(running.answers, AWAY);
    await redis.start();
    await heard(running.answers, WORKS);
    await concludes(running);
  }, 120_000);

  it('Redis, which stands still for a while: the same', async () => {
    const { redis } = cluster;
    const running = load();
    await heard(running.answers, WORKS);
    redis.freeze();
    await heard(running.answers, AWAY);
    redis.thaw();
    await heard(running.answers, WORKS);
    await concludes(running);
  }, 120_000);

  it('PostgreSQL, killed and started again: the same', async () => {
    const { postgres } = cluster;
    const running = load();
    await heard(running.answers, WORKS);
    await postgres.kill();
    await heard(running.answers, AWAY);
    await postgres.start();
    await heard(running.answers, WORKS);
    await concludes(running);
  }, 120_000);
});
