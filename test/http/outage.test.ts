/** What happens when the ground gives way: nobody gets in, and everybody is told to come back. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { openSqlite, type SqliteConnection } from '../../src/storage/engines/sqlite-connection.js';
import { parseIin } from '../../src/accounts/national-number.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';

describe('a gateway whose audit log takes nothing', () => {
  let world: LabGateway;
  let member: Member;
  let database: SqliteConnection;

  beforeAll(async () => {
    world = await startLabGateway();
    member = await world.admit('ТОҚТА');
    database = openSqlite(join(world.env['QAQPA_DATA_DIR']!, 'qaqpa.db'), { timeoutMs: 5_000 });
    database.exec(
      `create trigger full before insert on audit_records begin select raise(abort, 'the disk is full'); end`,
    );
  }, 60_000);
  afterAll(async () => {
    database.exec('drop trigger full');
    await database.close();
    await world.close();
  });

  it('lets nobody in, with an EDS or a password, and leaves no session behind', async () => {
    const visitor = world.visitor();
    const response = await signIn(world, visitor, member.key);
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'SERVICE_UNAVAILABLE' }]);
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(visitor.cookie('__Host-qaqpa-session')).toBeUndefined();
    const [account] = await world.storage.accounts.accountsOf(parseIin(member.iin)!);
    expect(await world.storage.sessions.list({ personId: account!.person.id }, new Date())).toEqual([]);
    const password = await visitor.post('/v1/login/password', {
      iin: member.iin,
      password: 'wrong-wrong-wrong',
    });
    expect(password.status).toBe(503);
  });

  it('does not even say why a bad answer was bad', async () => {
    const response = await signIn(world, world.visitor(), member.key, { spoilSignature: true });
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'SERVICE_UNAVAILABLE' }]);
  });
});

describe('a gateway that was told to stop', () => {
  it('says that it is not ready, and is still alive', async () => {
    const world = await startLabGateway();
    const { app } = world.gateway;
    await supertest(app).get('/readyz').expect(200);
    await world.gateway.close();
    await supertest(app).get('/readyz').expect(503, { status: 'stopping' });
    await supertest(app).get('/livez').expect(200);
    await world.close();
  });
});
