/** What one look at a session costs in round trips, and that it still sees every change at once. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { parseIin } from '../../src/accounts/national-number.js';
import { setMembershipStatus, setRoles } from '../../src/administration/members.js';
import { operatorAct } from '../../src/audit/act.js';
import { authorise } from '../../src/administration/authority.js';
import { openServices } from '../../src/services.js';
import { describeCluster } from '../support/cluster.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { type TestVisitor } from '../support/visitor.js';

const MINUTES_2 = 120_000;

describeCluster('a session check on PostgreSQL and Redis', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let world: LabGateway;
  let member: Member;
  let visitor: TestVisitor;
  let now = new Date();
  const statements = jest.spyOn(pg.Client.prototype, 'query');
  const commands = jest.spyOn(Redis.prototype, 'sendCommand');

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    world = await startLabGateway({
      env: { QAQPA_DATABASE_URL: await postgres.newDatabase(), QAQPA_REDIS_URL: redis.url },
      clock: () => now,
    });
    member = await world.admit('КЕНЕТ', 'gost2015-512', ['cashier', 'auditor']);
    visitor = world.visitor();
    expect((await signIn(world, visitor, member.key)).status).toBe(200);
  }, 120_000);
  afterAll(async () => {
    statements.mockRestore();
    commands.mockRestore();
    await world.close();
    await redis.stop();
    await postgres.stop();
  });

  /** The least of a few looks: what else the gateway does from time to time is not of the look. */
  async function costOf(look: () => Promise<Response>): Promise<{ statements: number; commands: number }> {
    const costs: [number, number][] = [];
    for (let time = 0; time < 4; time += 1) {
      statements.mockClear();
      commands.mockClear();
      expect((await look()).status).toBe(200);
      costs.push([statements.mock.calls.length, commands.mock.calls.length]);
    }
    return {
      statements: Math.min(...costs.map(([each]) => each)),
      commands: Math.min(...costs.map(([, each]) => each)),
    };
  }

  it('is one statement and one command', async () => {
    const look = () => visitor.fetch('/v1/session');
    await look();
    expect(await costOf(look)).toEqual({ statements: 1, commands: 1 });
    const body = (await (await look()).json()) as object;
    expect(body).toMatchObject({ roles: ['auditor', 'cashier'] });
  });

  it('is no more where it moves the mark of use, which keeps the session alive', async () => {
    const look = () => {
      now = new Date(now.getTime() + MINUTES_2);
      return visitor.fetch('/v1/session');
    };
    await look();
    expect(await costOf(look)).toEqual({ statements: 1, commands: 1 });
    // Longer than a session may rest: it was used in between.
    for (let minutes = 0; minutes < 40; minutes += 2) expect((await look()).status).toBe(200);
  });

  it('obeys at the very next request what another instance has changed', async () => {
    const { env } = world;
    const other = await openServices({
      databaseUrl: env['QAQPA_DATABASE_URL']!,
      redisUrl: redis.url,
      masterKey: Buffer.from(env['QAQPA_MASTER_KEY']!, 'base64'),
    });
    const [account] = await other.accounts.accountsOf(parseIin(member.iin)!);
    const { id: organisationId } = world.organisation;
    const act = { ...operatorAct('test', now), organisationId };
    const members = authorise(other, act, 'qaqpa:members.write');
    await setRoles(members, account!.membership.id, ['auditor']);
    expect((await visitor.fetch('/v1/session')).status).toBe(401);
    expect((await signIn(world, visitor, member.key)).status).toBe(200);
    expect(await (await visitor.fetch('/v1/session')).json()).toMatchObject({ roles: ['auditor'] });
    await setMembershipStatus(members, account!.membership.id, 'suspended');
    expect((await visitor.fetch('/v1/session')).status).toBe(401);
    await other.close();
  });
});
