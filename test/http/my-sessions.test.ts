/** What people see of their own sessions and do with them, and what stops a session that still owes something. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Session } from '../../src/sessions/session.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { type TestVisitor } from '../support/visitor.js';

interface Listed {
  readonly id: string;
  readonly current: boolean;
  readonly device: string | null;
}

let world: LabGateway;
beforeAll(async () => {
  world = await startLabGateway();
}, 60_000);
afterAll(() => world.close());

async function signedIn({ key }: Member): Promise<TestVisitor> {
  const visitor = world.visitor();
  const response = await signIn(world, visitor, key);
  expect(response.status).toBe(200);
  return visitor;
}

async function list(visitor: TestVisitor): Promise<readonly Listed[]> {
  const response = await visitor.fetch('/v1/me/sessions');
  expect(response.status).toBe(200);
  return ((await response.json()) as { sessions: Listed[] }).sessions;
}

const remove = (visitor: TestVisitor, id: string): Promise<Response> =>
  visitor.fetch(`/v1/me/sessions/${id}`, { method: 'DELETE', headers: { origin: world.gateway.origin } });
const whoAmI = async (visitor: TestVisitor): Promise<number> => (await visitor.fetch('/v1/session')).status;

describe('somebody’s own sessions', () => {
  it('are listed with where they are, newest first, and say which one is looking', async () => {
    const member = await world.admit('ТІЗІМ');
    const first = await signedIn(member);
    const second = await signedIn(member);
    const seen = await list(first);
    expect(seen.map(({ current }) => current)).toEqual([false, true]);
    expect(seen[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      current: false,
      organisation: { id: world.organisation.id, name: world.organisation.name },
      method: 'eds',
      device: expect.any(String),
      address: '127.0.0.1',
      createdAt: expect.any(String),
      lastSeenAt: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect((await list(second)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('end one by one, at once and with a record', async () => {
    const member = await world.admit('БІРЕУ');
    const [here, there] = [await signedIn(member), await signedIn(member)];
    const other = (await list(here)).find(({ current }) => !current)!;
    expect((await remove(here, other.id)).status).toBe(204);
    expect([await whoAmI(here), await whoAmI(there)]).toEqual([200, 401]);
    expect((await remove(here, other.id)).status).toBe(404);
    const records = await world.storage.audit.latest(5);
    expect(records.find(({ subject }) => subject?.id === other.id)).toMatchObject({
      type: 'session.ended',
      reason: 'ENDED_BY_PERSON',
      actor: { kind: 'membership' },
    });
  });

  it('lose their cookie with the one that is looking', async () => {
    const visitor = await signedIn(await world.admit('ӨЗІМ'));
    const [only] = await list(visitor);
    expect((await remove(visitor, only!.id)).status).toBe(204);
    expect(visitor.cookie('__Host-qaqpa-session')).toBeUndefined();
  });

  it('end all but one', async () => {
    const member = await world.admit('БАСҚА');
    const [here, b, c] = [await signedIn(member), await signedIn(member), await signedIn(member)];
    const response = await here.post('/v1/me/sessions/end-others', null);
    expect(await response.json()).toEqual({ ended: 2 });
    expect(await Promise.all([here, b, c].map(whoAmI))).toEqual([200, 401, 401]);
  });

  it('end all together', async () => {
    const member = await world.admit('БӘРІ');
    const [here, there] = [await signedIn(member), await signedIn(member)];
    const response = await here.post('/v1/me/sessions/end-all', null);
    expect(await response.json()).toEqual({ ended: 2 });
    expect(here.cookie('__Host-qaqpa-session')).toBeUndefined();
    expect(await whoAmI(there)).toBe(401);
  });

  it('are nobody else’s: another’s identifier answers as one that does not exist', async () => {
    const [mine, theirs] = [
      await signedIn(await world.admit('МЕН')),
      await signedIn(await world.admit('ОЛ')),
    ];
    const [other] = await list(theirs);
    const answers = await Promise.all(
      [other!.id, '00000000-0000-4000-8000-000000000000', 'x', `${other!.id}x`].map((id) => remove(mine, id)),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ code: string }>));
    expect(bodies.map(({ code }) => code)).toEqual(Array(4).fill('RESOURCE_UNKNOWN'));
    expect((await list(mine)).map(({ id }) => id)).not.toContain(other!.id);
    expect(await whoAmI(theirs)).toBe(200);
  });

  it('are not ended from another site, nor shown or ended without a session', async () => {
    const visitor = await signedIn(await world.admit('БӨТЕН'));
    const [only] = await list(visitor);
    const forged = await visitor.fetch(`/v1/me/sessions/${only!.id}`, {
      method: 'DELETE',
      headers: { origin: 'https://evil.example' },
    });
    expect(forged.status).toBe(403);
    expect(
      (await visitor.post('/v1/me/sessions/end-all', null, { origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect(await whoAmI(visitor)).toBe(200);
    const stranger = world.visitor();
    expect((await stranger.fetch('/v1/me/sessions')).status).toBe(401);
    expect((await stranger.post('/v1/me/sessions/end-all', null)).status).toBe(401);
  });
});

describe('a role', () => {
  it('that is given or taken counts from the very next request', async () => {
    const member = await world.admit('РӨЛ', 'gost2015-512', ['employee']);
    const visitor = await signedIn(member);
    const roles = async (): Promise<unknown> =>
      ((await (await visitor.fetch('/v1/session')).json()) as { roles: unknown }).roles;
    expect(await roles()).toEqual(['employee']);
    const { membershipId, organisationId } = await sessionOf(visitor);
    await world.storage.accounts.tenant(organisationId).members.setRoles(membershipId, ['manager']);
    expect(await roles()).toEqual(['manager']);
  });
});

async function sessionOf(visitor: TestVisitor): Promise<Session> {
  const session = await world.storage.sessions.find(visitor.cookie('__Host-qaqpa-session')!, new Date());
  if (session === null) throw new Error('no session');
  return session;
}
