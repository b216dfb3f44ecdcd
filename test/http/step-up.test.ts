/** Signing one operation: who may, what it is good for, and for how long. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import {
  type IssuedChallengeBody,
  type LabGateway,
  type Member,
  ncalayerSignature,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { type TestVisitor } from '../support/visitor.js';

const SESSION = '__Host-qaqpa-session';
let now = new Date();
let world: LabGateway;
let member: Member;
let visitor: TestVisitor;

beforeAll(async () => {
  world = await startLabGateway({ clock: () => now });
  member = await world.admit('ҚОЛ');
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  visitor = world.visitor();
  expect((await signIn(world, visitor, member.key)).status).toBe(200);
});

async function challenge(operation: string, by = visitor): Promise<IssuedChallengeBody> {
  const response = await by.post('/v1/step-up/challenge', { operation });
  expect(response.status).toBe(201);
  return (await response.json()) as IssuedChallengeBody;
}

async function sign(issued: IssuedChallengeBody, key = member.key, by = visitor): Promise<Response> {
  const signature = await ncalayerSignature(world.lab, key, Buffer.from(issued.data, 'base64'));
  return by.post('/v1/step-up', { challengeId: issued.challengeId, signature });
}

async function codeOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? 'none'}`;
}

describe('a signed operation', () => {
  it('is named in the text that is signed, and noted in the session for five minutes under a new cookie', async () => {
    const issued = await challenge('roles.change');
    expect(issued.text).toMatch(/^QAQPA-OPERATION\/1\n/);
    expect(issued.text).toContain('изменение ролей и прав в организации');
    expect(issued.text).toContain('ұйымдағы рөлдер мен құқықтарды өзгерту');
    expect(issued.text).toContain('roles.change');
    const before = visitor.cookie(SESSION)!;
    const response = await sign(issued);
    expect(response.status).toBe(200);
    expect(((await response.json()) as { session: object }).session).toMatchObject({
      stepUp: {
        operation: 'roles.change',
        until: new Date(now.getTime() + 5 * 60_000).toISOString(),
        acr: 'urn:qaqpa:acr:eds',
      },
    });
    const after = visitor.cookie(SESSION)!;
    expect(after).not.toBe(before);
    visitor.setCookie(SESSION, before);
    expect((await visitor.fetch('/v1/session')).status).toBe(401);
    const [record] = await world.storage.audit.latest(1);
    expect(record).toMatchObject({ type: 'step-up.succeeded', details: { operation: 'roles.change' } });
  });

  it('is refused when somebody else signs, and the session is as it was', async () => {
    const other = await world.admit('БАСҚА');
    const token = visitor.cookie(SESSION);
    expect(await codeOf(await sign(await challenge('roles.change'), other.key))).toBe(
      '403 STEP_UP_OTHER_PERSON',
    );
    expect(visitor.cookie(SESSION)).toBe(token);
    const body = (await (await visitor.fetch('/v1/session')).json()) as { session: { stepUp: unknown } };
    expect(body.session.stepUp).toBeNull();
    const [record] = await world.storage.audit.latest(1);
    expect(record).toMatchObject({ type: 'step-up.refused', reason: 'STEP_UP_OTHER_PERSON' });
  });

  it('is refused with the same person’s key of another organisation, and with a personal one', async () => {
    const stranger = await world.lab.issue({
      kind: 'employee',
      algorithm: 'gost2015-512',
      iin: member.iin,
      bin: '150340000017',
    });
    expect(await codeOf(await sign(await challenge('roles.change'), stranger))).toBe(
      '403 STEP_UP_OTHER_PERSON',
    );
    const personal = await world.lab.issue({
      kind: 'individual',
      algorithm: 'gost2015-512',
      iin: member.iin,
    });
    expect(await codeOf(await sign(await challenge('roles.change'), personal))).toBe(
      '403 ACCOUNT_PERSONAL_KEY',
    );
  });

  it('is refused with a revoked key', async () => {
    const leaver = await world.admit('ҚАЙТАРЫЛҒАН');
    const theirs = world.visitor();
    await signIn(world, theirs, leaver.key);
    world.lab.revoke(leaver.key, now);
    now = new Date(now.getTime() + 60_000);
    expect(await codeOf(await sign(await challenge('roles.change', theirs), leaver.key, theirs))).toBe(
      '401 CERTIFICATE_REVOKED',
    );
  });

  it('is signed once: neither twice, nor with a sign-in, nor for a sign-in', async () => {
    const issued = await challenge('roles.change');
    expect((await sign(issued)).status).toBe(200);
    expect(await codeOf(await sign(issued))).toBe('409 CHALLENGE_USED');
    const login = (await (await visitor.post('/v1/login/eds/challenge', {})).json()) as IssuedChallengeBody;
    expect(await codeOf(await sign(login))).toBe('409 CHALLENGE_UNKNOWN');
    const another = await challenge('members.change');
    const bytes = Buffer.from(another.data, 'base64');
    const signature = await ncalayerSignature(world.lab, member.key, bytes);
    const entered = await visitor.post('/v1/login/eds', { challengeId: another.challengeId, signature });
    expect(await codeOf(entered)).toBe('409 CHALLENGE_UNKNOWN');
  });

  it('needs a session and an operation that exists', async () => {
    const stranger = world.visitor();
    expect((await stranger.post('/v1/step-up/challenge', { operation: 'roles.change' })).status).toBe(401);
    expect((await stranger.post('/v1/step-up', { challengeId: 'x', signature: 'x' })).status).toBe(401);
    expect((await visitor.post('/v1/step-up/challenge', { operation: 'everything' })).status).toBe(400);
  });
});

describe('an operation that wants a signature', () => {
  let manager: Member;
  let boss: TestVisitor;
  const list = (): Promise<Response> => boss.fetch('/v1/organisation/members');
  const rename = (): Promise<Response> =>
    boss.fetch('/v1/organisation/settings', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', origin: world.gateway.origin },
      body: JSON.stringify({ allowPasswords: true }),
    });

  beforeAll(async () => {
    manager = await world.admit('БАСШЫ', 'gost2015-512', ['manager']);
  });
  beforeEach(async () => {
    boss = world.visitor();
    expect((await signIn(world, boss, manager.key)).status).toBe(200);
  });

  it('is done freely soon after an EDS sign-in, and only when signed later', async () => {
    expect((await rename()).status).toBe(200);
    for (let minute = 0; minute < 16; minute += 8) {
      now = new Date(now.getTime() + 8 * 60_000);
      expect((await list()).status).toBe(200);
    }
    expect(await codeOf(await rename())).toBe('403 STEP_UP_REQUIRED');
    // Another operation's signature is none for this one.
    expect((await sign(await challenge('roles.change', boss), manager.key, boss)).status).toBe(200);
    expect(await codeOf(await rename())).toBe('403 STEP_UP_REQUIRED');
    expect((await sign(await challenge('settings.change', boss), manager.key, boss)).status).toBe(200);
    expect((await rename()).status).toBe(200);
    now = new Date(now.getTime() + 5 * 60_000);
    expect(await codeOf(await rename())).toBe('403 STEP_UP_REQUIRED');
  });

  it('is not done in a password session, however fresh, until it is signed', async () => {
    const iin = parseIin(manager.iin)!;
    const password = 'Kün-nuri-shashyrady-7';
    await world.storage.passwords.set(iin, await world.storage.passwords.prepare(iin, password), now);
    boss = world.visitor();
    const signedIn = await boss.post('/v1/login/password', { iin: manager.iin, password });
    expect(signedIn.status).toBe(200);
    expect(await codeOf(await rename())).toBe('403 STEP_UP_REQUIRED');
    expect((await sign(await challenge('settings.change', boss), manager.key, boss)).status).toBe(200);
    expect((await rename()).status).toBe(200);
  });
});
