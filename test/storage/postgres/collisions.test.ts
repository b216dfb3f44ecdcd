/** Units of work that PostgreSQL lets collide: they are run again, and given up with a reason of their own. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Membership } from '../../../src/accounts/account.js';
import { createRefusalSummaries, summarising } from '../../../src/audit/refusal-summaries.js';
import { StoreFailure } from '../../../src/outage/store-failure.js';
import { type OpenedSession } from '../../../src/sessions/sessions.js';
import { openServices, type OpenServices, type ServicesConfig } from '../../../src/services.js';
import { addMember } from '../../support/members.js';
import { nextBin, nextIin } from '../../support/next-number.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.js';
import { type RedisServer, redisPresent, startRedis } from '../../support/redis-server.js';
import { NEW_SESSION, NOW, STARTED } from '../../support/sample-records.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from '../../support/test-secrets.js';

const PERSON = { personId: NEW_SESSION.personId };

describeWithPostgres('units of work that collide', () => {
  let server: PostgresServer;
  let redis: RedisServer | null;
  let config: ServicesConfig;
  let storage: OpenServices;
  beforeAll(async () => {
    server = await startPostgres();
    redis = redisPresent() ? await startRedis() : null;
  });
  afterAll(async () => {
    await redis?.stop();
    await server.stop();
  });
  beforeEach(async () => {
    config = {
      databaseUrl: await server.newDatabase(),
      redisUrl: redis?.url ?? null,
      masterKey: TEST_MASTER_KEY,
      passwordCost: TEST_PASSWORD_COST,
      postgres: { connections: 5, timeoutMs: 2_000 },
    };
    storage = await openServices(config);
  });
  afterEach(async () => {
    await storage.sessions.endAllOf(PERSON);
    await storage.close();
  });

  /** Records of this reason fail as a lost serialisation does, so many times: a sequence is not taken back with the rest. */
  async function collide(often: number): Promise<void> {
    await server.query(
      config.databaseUrl,
      `create sequence collisions;
       create function collides() returns trigger language plpgsql as $$ begin
         if nextval('collisions') <= ${often} then raise exception 'collides' using errcode = '40001'; end if;
         return new;
       end $$;
       create trigger collides before insert on audit_records for each row
         when (new.reason = 'collides') execute function collides()`,
    );
  }
  const COLLIDING = { ...STARTED, reason: 'collides' };

  it('are run again until they do not, and leave what they did once', async () => {
    await collide(3);
    const { session, token } = await storage.atomically(async ({ sessions, audit }) => {
      const opened = await sessions.create(NEW_SESSION, NOW);
      await audit.append(COLLIDING);
      return opened;
    });
    expect(await storage.sessions.find(token, NOW)).toMatchObject({ id: session.id });
    expect((await storage.sessions.list(PERSON, NOW)).map(({ id }) => id)).toEqual([session.id]);
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 1 });
    expect(storage.contention()).toEqual({ repeated: 3, givenUp: 0 });
  });

  it('tell of a session they end as if they had been run once', async () => {
    await collide(2);
    const { token } = await storage.sessions.create(NEW_SESSION, NOW);
    const ended = await storage.atomically(async ({ sessions, audit }) => {
      const was = await sessions.end(token);
      await audit.append(COLLIDING);
      return was;
    });
    expect(ended).toBe(true);
    expect(await storage.sessions.find(token, NOW)).toBeNull();
  });

  it('end the same sessions the second time, one by one and all together', async () => {
    await collide(1);
    const opened: OpenedSession[] = [];
    for (let index = 0; index < 3; index += 1) opened.push(await storage.sessions.create(NEW_SESSION, NOW));
    const counts = await storage.atomically(async ({ sessions, audit }) => {
      const first = await sessions.endOne(PERSON, opened[0]!.session.id);
      const again = await sessions.endOne(PERSON, opened[0]!.session.id);
      const others = await sessions.endAllOf(PERSON, opened[2]!.session.id);
      await audit.append(COLLIDING);
      return [first, again, others, (await sessions.list(PERSON, NOW)).length];
    });
    expect(counts).toEqual([true, false, 1, 1]);
    expect((await storage.sessions.list(PERSON, NOW)).map(({ id }) => id)).toEqual([opened[2]!.session.id]);
  });

  it('give a session one new token however often they are run', async () => {
    await collide(2);
    const { token } = await storage.sessions.create(NEW_SESSION, NOW);
    const moved = await storage.atomically(async ({ sessions, audit }) => {
      const next = await sessions.rotate(token, NOW);
      expect(await sessions.find(token, NOW)).toBeNull();
      await audit.append(COLLIDING);
      return next;
    });
    expect(await storage.sessions.find(token, NOW)).toBeNull();
    expect(await storage.sessions.find(moved?.token ?? '', NOW)).not.toBeNull();
    expect(await storage.sessions.list(PERSON, NOW)).toHaveLength(1);
  });

  it('are given up in the end as an outage with a reason of its own, and nothing of them is kept', async () => {
    await collide(1_000);
    const { token } = await storage.sessions.create(NEW_SESSION, NOW);
    const unit = storage.atomically(async ({ sessions, audit }) => {
      await sessions.end(token);
      await sessions.create(NEW_SESSION, NOW);
      await audit.append(COLLIDING);
    });
    const error = await unit.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StoreFailure);
    expect(error).toMatchObject({ code: 'STORAGE_CONTENDED' });
    expect(storage.contention()).toEqual({ repeated: 5, givenUp: 1 });
    expect(await storage.sessions.list(PERSON, NOW)).toHaveLength(1);
    expect(await storage.sessions.find(token, NOW)).not.toBeNull();
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 0 });
  });

  it('count a refusal at the door once', async () => {
    await collide(2);
    const summaries = createRefusalSummaries((address) => address);
    const counting = summarising(storage, summaries);
    const refused = {
      type: 'login.eds.refused',
      at: NOW,
      actor: { kind: 'anonymous', id: null },
      reason: 'ACCOUNT_NONE',
      address: '203.0.113.9',
    } as const;
    await counting.audit.append(refused);
    await counting.atomically(async ({ audit }) => {
      await audit.append(refused);
      await audit.append(COLLIDING);
    });
    await summaries.flush((work) => storage.atomically(({ audit }) => work(audit)), NOW);
    const [summary] = await storage.audit.latest(1);
    expect(summary?.details).toMatchObject({ times: 1 });
  });

  it('do not where many enter one organisation at once with a certificate they come with for the first time', async () => {
    const { accounts } = storage;
    const { id } = await accounts.addOrganisation({ name: 'ТОО «Есік»', bin: nextBin() }, NOW);
    const members: Membership[] = [];
    for (let index = 0; index < 12; index += 1) {
      members.push(await addMember(accounts, { organisationId: id, iin: nextIin(), roles: [] }, NOW));
    }
    const entered = await Promise.all(
      members.map(async ({ personId }, index) => {
        const { iin } = (await accounts.personById(personId))!;
        return storage.atomically(async (stores) => {
          const [account] = await stores.accounts.accountsOf(iin);
          const sha256 = String(index).padStart(64, '0');
          return stores.accounts.bindCertificate(
            account!,
            { sha256, serialNumber: '01', notAfter: NOW, templateRoles: [] },
            NOW,
          );
        });
      }),
    );
    expect(entered.map(({ firstSeen }) => firstSeen)).toEqual(members.map(() => true));
    expect(storage.contention()).toEqual({ repeated: 0, givenUp: 0 });
  });

  it('wait no longer for a turn than a lock may take, and say why', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let holds = (): void => undefined;
    const holding = new Promise<void>((resolve) => {
      holds = resolve;
    });
    const holder = storage.atomically(async ({ accounts }) => {
      await accounts.tenant('one').roles.list();
      holds();
      await held;
    });
    await holding;
    const waiting = storage.atomically(({ accounts }) => accounts.tenant('one').roles.list());
    const refused = await waiting.catch((error: unknown) => error);
    await expect(
      storage.atomically(({ accounts }) => accounts.tenant('other').roles.list()),
    ).resolves.toHaveLength(1);
    go();
    await holder;
    expect(refused).toMatchObject({ code: 'STORAGE_CONTENDED' });
  });
});
