/** Signing one request: what the text says, what it is good for, who may, and for how long. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import {
  type IssuedChallengeBody,
  type LabGateway,
  type Member,
  ncalayerSignature,
  nextIin,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { addMember } from '../support/members.js';
import { nextBin } from '../support/registration.js';
import { callerOf } from '../support/tenant.js';
import { type TestVisitor } from '../support/visitor.js';
import { invite } from '../support/members.js';

const SESSION = '__Host-qaqpa-session';
const PASSWORD = 'Kün-nuri-shashyrady-7';
interface Intended {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

let now = new Date();
let world: LabGateway;
let manager: Member;
let target: { readonly id: string; readonly iin: string };
let other: { readonly id: string };
let visitor: TestVisitor;

beforeAll(async () => {
  world = await startLabGateway({ clock: () => now });
  manager = await world.admit('БАСШЫ', 'gost2015-512', ['manager']);
  const iin = nextIin();
  const { accounts } = world.storage;
  const named = { organisationId: world.organisation.id, iin: parseIin(iin)!, name: 'Айгүл Серікова' };
  target = { ...(await addMember(accounts, named, now)), iin };
  other = await addMember(accounts, { ...named, iin: parseIin(nextIin())!, name: 'Басқа Адам' }, now);
  for (const name of ['clerk', 'accountant']) {
    await accounts.tenant(world.organisation.id).roles.define({ name, title: name, permissions: [] }, now);
  }
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  visitor = await stale(manager);
});

/** Signed in with the EDS too long ago for it to stand in for a signature. */
async function stale({ key }: Member): Promise<TestVisitor> {
  const opened = world.visitor();
  expect((await signIn(world, opened, key)).status).toBe(200);
  now = new Date(now.getTime() + 16 * 60_000);
  return opened;
}

const rolesOf = (id: string, roles: readonly string[]): Intended => ({
  method: 'PUT',
  path: `/v1/organisation/members/${id}/roles`,
  body: { roles },
});

const make = ({ method, path, body }: Intended, by = visitor): Promise<Response> =>
  callerOf(by, world.gateway.origin)(method, path, body);

async function challenge(intended: Intended, by = visitor): Promise<IssuedChallengeBody> {
  const response = await by.post('/v1/step-up/challenge', intended);
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()) as IssuedChallengeBody;
}

async function sign(issued: IssuedChallengeBody, key = manager.key, by = visitor): Promise<Response> {
  const signature = await ncalayerSignature(world.lab, key, Buffer.from(issued.data, 'base64'));
  return by.post('/v1/step-up', { challengeId: issued.challengeId, signature });
}

async function codeOf(response: Response): Promise<string> {
  const text = await response.text();
  const { code = 'none' } = text === '' ? {} : (JSON.parse(text) as { code?: string });
  return `${response.status} ${code}`;
}

describe('the text of a request that is signed', () => {
  it('names organisation, action, target and value as the person knows them', async () => {
    const { text } = await challenge(rolesOf(target.id, ['clerk', 'accountant']));
    expect(text).toMatch(/^QAQPA-OPERATION\/1\n/);
    expect(text).toContain(`Ұйым / Организация: ТОО «Лаборатория» (БСН / БИН ${world.bin})\n`);
    expect(text).toContain('Әрекет: қызметкерге дәл осы рөлдерді беру\n');
    expect(text).toContain('Действие: дать сотруднику ровно эти роли\n');
    expect(text).toContain(`Айгүл Серікова, ЖСН / ИИН ********${target.iin.slice(-4)}\n`);
    expect(text).toContain('Мәні / Значение: roles = clerk, accountant\n');
    expect(text).not.toContain(target.iin);
  });

  it.each([
    [
      'an invitation',
      { method: 'POST', path: '/v1/organisation/invitations', body: { iin: '900517300010', roles: [] } },
      'iin = ********0010',
    ],
    [
      'settings',
      { method: 'PATCH', path: '/v1/organisation/settings', body: { allowPasswords: false } },
      'allowPasswords = false',
    ],
    [
      'limits',
      {
        method: 'PATCH',
        path: '/v1/organisation/settings',
        body: { session: { idleMs: 600_000, lifetimeMs: 900_000, maxConcurrent: null } },
      },
      'session.idleMs = 600000',
    ],
    ['a role', { method: 'DELETE', path: '/v1/organisation/roles/clerk' }, 'role = clerk'],
    [
      'a title that would add a line',
      {
        method: 'PUT',
        path: '/v1/organisation/roles/clerk',
        body: { title: 'А\nСайт: https://evil.example', permissions: [] },
      },
      'title = А Сайт: https://evil.example',
    ],
  ])('names %s', async (_what, intended, line) => {
    expect((await challenge(intended)).text).toContain(line);
  });

  it('holds every permission of a role, however many', async () => {
    const permissions = Array.from({ length: 50 }, (_, index) => `app:${'a'.repeat(60)}-${index}`);
    const path = '/v1/organisation/roles/many';
    const { text } = await challenge({ method: 'PUT', path, body: { title: 'Көп', permissions } });
    for (const permission of permissions) expect(text).toContain(permission);
  });

  it.each([
    ['a request nobody signs', { method: 'POST', path: '/v1/me/sessions/end-all' }, '400 REQUEST_INVALID'],
    ['an address of nothing', { method: 'POST', path: '/v1/nothing' }, '400 REQUEST_INVALID'],
    [
      'an address beside ours',
      { method: 'POST', path: 'https://evil.example/v1/organisation' },
      '400 REQUEST_INVALID',
    ],
    [
      'a part that is no text',
      { method: 'DELETE', path: '/v1/organisation/roles/%e0%80' },
      '400 REQUEST_INVALID',
    ],
    [
      'a body the request would not take',
      { method: 'PATCH', path: '/v1/organisation/settings', body: { x: 1 } },
      '400 REQUEST_INVALID',
    ],
    ['a member of nobody', rolesOf('00000000-0000-4000-8000-000000000000', []), '404 RESOURCE_UNKNOWN'],
    [
      'work on the platform',
      {
        method: 'POST',
        path: '/v1/administration/people/00000000-0000-4000-8000-000000000000/suspend',
        body: {},
      },
      '403 PERMISSION_DENIED',
    ],
  ])('is not written for %s', async (_what, intended, answer) => {
    expect(await codeOf(await visitor.post('/v1/step-up/challenge', intended))).toBe(answer);
  });

  it('is told in words by the very answer that asks for it', async () => {
    const intended = rolesOf(target.id, ['clerk']);
    const response = await make(intended);
    const told = (await response.json()) as Record<string, unknown>;
    expect(told).toMatchObject({
      code: 'STEP_UP_REQUIRED',
      operation: 'roles.change',
      sign: {
        method: 'PUT',
        path: intended.path,
        organisation: { id: world.organisation.id, name: 'ТОО «Лаборатория»' },
        action: { ru: 'дать сотруднику ровно эти роли' },
        targets: [`Айгүл Серікова, ЖСН / ИИН ********${target.iin.slice(-4)}`],
        values: ['roles = clerk'],
      },
    });
  });
});

describe('a signed request', () => {
  it('is made once, and is noted until then under a new cookie', async () => {
    const intended = rolesOf(target.id, ['clerk']);
    const before = visitor.cookie(SESSION)!;
    const response = await sign(await challenge(intended));
    expect(((await response.json()) as { session: object }).session).toMatchObject({
      stepUp: { operation: 'roles.change', until: new Date(now.getTime() + 5 * 60_000).toISOString() },
    });
    expect(visitor.cookie(SESSION)).not.toBe(before);
    expect((await make(intended)).status).toBe(200);
    expect(await codeOf(await make(intended))).toBe('403 STEP_UP_REQUIRED');
  });

  it('is made once by ten who send it at the same moment', async () => {
    const intended = rolesOf(target.id, ['accountant']);
    expect((await sign(await challenge(intended))).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => codeOf(await make(intended))));
    expect(answers.filter((answer) => answer === '200 none')).toHaveLength(1);
    expect(answers.filter((answer) => answer === '403 STEP_UP_REQUIRED')).toHaveLength(9);
  });

  it('is no other: not on somebody else, not with another value, not another one of its kind', async () => {
    expect((await sign(await challenge(rolesOf(target.id, ['clerk'])))).status).toBe(200);
    const others: Intended[] = [
      rolesOf(other.id, ['clerk']),
      rolesOf(target.id, ['accountant']),
      rolesOf(target.id, ['clerk', 'accountant']),
      rolesOf(target.id, []),
      {
        method: 'PUT',
        path: '/v1/organisation/roles/clerk',
        body: { title: 'clerk', permissions: ['app:all'] },
      },
      { method: 'DELETE', path: `/v1/organisation/members/${target.id}` },
    ];
    for (const intended of others) expect(await codeOf(await make(intended))).toBe('403 STEP_UP_REQUIRED');
    // The one that was signed still may be made: nothing of the others used it up.
    expect((await make(rolesOf(target.id, ['clerk']))).status).toBe(200);
  });

  it('is over after five minutes', async () => {
    const intended = rolesOf(target.id, ['accountant']);
    await sign(await challenge(intended));
    now = new Date(now.getTime() + 5 * 60_000);
    expect(await codeOf(await make(intended))).toBe('403 STEP_UP_REQUIRED');
  });

  it('is used up by an attempt that fails', async () => {
    const { id: organisationId } = world.organisation;
    const { account } = await invite(world.storage, { organisationId, iin: parseIin(nextIin())! }, now);
    const intended = {
      method: 'POST',
      path: `/v1/organisation/members/${account.membership.id}/resume`,
      body: {},
    };
    await sign(await challenge(intended));
    expect(await codeOf(await make(intended))).toBe('409 MEMBERSHIP_STATUS');
    expect(await codeOf(await make(intended))).toBe('403 STEP_UP_REQUIRED');
  });

  it('leaves its signature as evidence, sealed, and the log says what it was used for', async () => {
    const intended = rolesOf(target.id, []);
    const issued = await challenge(intended);
    expect((await sign(issued)).status).toBe(200);
    const made = await make(intended);
    const requestId = made.headers.get('x-request-id');
    const records = await world.storage.audit.latest(10);
    const used = records.find(({ type }) => type === 'step-up.used')!;
    const done = records.find(({ type }) => type === 'membership.changed')!;
    expect([used.requestId, done.requestId]).toEqual([requestId, requestId]);
    const evidence = (await world.storage.stepUpSignatures.get(String(used.details['evidence'])))!;
    expect(evidence).toMatchObject({ text: issued.text, operation: 'roles.change', usedAt: now });
    expect(evidence.organisationId).toBe(world.organisation.id);
    const { signature } = evidence;
    expect(Buffer.from(signature).includes(Buffer.from(issued.text))).toBe(true);
    const database = openSqlite(`${world.env['QAQPA_DATA_DIR']!}/qaqpa.db`, { mode: 'read' });
    const stored = JSON.stringify(database.prepare('select * from step_up_signatures').all());
    await database.close();
    expect(stored).not.toContain('Айгүл');
  });
});

describe('a step-up is refused', () => {
  const intended = (): Intended => rolesOf(target.id, ['clerk']);

  it('when somebody else signs, and the session is as it was', async () => {
    const stranger = await world.admit('БАСҚА');
    const token = visitor.cookie(SESSION);
    expect(await codeOf(await sign(await challenge(intended()), stranger.key))).toBe(
      '403 STEP_UP_OTHER_PERSON',
    );
    expect(visitor.cookie(SESSION)).toBe(token);
    const body = (await (await visitor.fetch('/v1/session')).json()) as { session: { stepUp: unknown } };
    expect(body.session.stepUp).toBeNull();
    const [record] = await world.storage.audit.latest(1);
    expect(record).toMatchObject({ type: 'step-up.refused', reason: 'STEP_UP_OTHER_PERSON' });
  });

  it('with the same person’s key of another organisation, and with a personal one', async () => {
    const keys = [
      await world.lab.issue({
        kind: 'employee',
        algorithm: 'gost2015-512',
        iin: manager.iin,
        bin: '150340000017',
      }),
      await world.lab.issue({ kind: 'individual', algorithm: 'gost2015-512', iin: manager.iin }),
    ];
    const answers = [];
    for (const key of keys) answers.push(await codeOf(await sign(await challenge(intended()), key)));
    expect(answers).toEqual(['403 STEP_UP_OTHER_PERSON', '403 ACCOUNT_PERSONAL_KEY']);
  });

  it('in a session of the same person for another organisation than the text names', async () => {
    const bin = nextBin();
    const { accounts } = world.storage;
    const elsewhere = await accounts.addOrganisation({ name: 'ТОО «Басқа»', bin: parseBin(bin)! }, now);
    const iin = parseIin(manager.iin)!;
    await addMember(accounts, { organisationId: elsewhere.id, iin, roles: ['manager'] }, now);
    const key = await world.lab.issue({ kind: 'employee', algorithm: 'gost2015-512', iin: manager.iin, bin });
    // One browser, which the challenge is tied to, signed in for one organisation and then for the other.
    const issued = await challenge(intended());
    expect((await signIn(world, visitor, key)).status).toBe(200);
    expect(await codeOf(await sign(issued, key))).toBe('409 CHALLENGE_UNKNOWN');
    const again = await challenge({
      method: 'PATCH',
      path: '/v1/organisation/settings',
      body: { allowPasswords: true },
    });
    expect(again.text).toContain('ТОО «Басқа»');
  });

  it('with a revoked key', async () => {
    const leaver = await world.admit('ҚАЙТАРЫЛҒАН', 'gost2015-512', ['manager']);
    const theirs = await stale(leaver);
    world.lab.revoke(leaver.key, now);
    now = new Date(now.getTime() + 60_000);
    expect(await codeOf(await sign(await challenge(intended(), theirs), leaver.key, theirs))).toBe(
      '401 CERTIFICATE_REVOKED',
    );
  });

  it('the second time, with a sign-in, and for a sign-in', async () => {
    const issued = await challenge(intended());
    expect((await sign(issued)).status).toBe(200);
    expect(await codeOf(await sign(issued))).toBe('409 CHALLENGE_USED');
    const login = (await (await visitor.post('/v1/login/eds/challenge', {})).json()) as IssuedChallengeBody;
    expect(await codeOf(await sign(login))).toBe('409 CHALLENGE_UNKNOWN');
    const another = await challenge(intended());
    const bytes = Buffer.from(another.data, 'base64');
    const signature = await ncalayerSignature(world.lab, manager.key, bytes);
    const entered = await visitor.post('/v1/login/eds', { challengeId: another.challengeId, signature });
    expect(await codeOf(entered)).toBe('409 CHALLENGE_UNKNOWN');
  });

  it('without a session', async () => {
    const stranger = world.visitor();
    expect((await stranger.post('/v1/step-up/challenge', intended())).status).toBe(401);
    expect((await stranger.post('/v1/step-up', { challengeId: 'x', signature: 'x' })).status).toBe(401);
  });

  it('in a session by the password of an invitation taken without an EDS', async () => {
    const iin = nextIin();
    const manager = { organisationId: world.organisation.id, iin: parseIin(iin)!, roles: ['manager'] };
    const { token } = await invite(world.storage, manager, now);
    const taken = world.visitor();
    expect((await taken.post('/v1/invitations/accept', { token, iin, password: PASSWORD })).status).toBe(201);
    expect(await codeOf(await taken.post('/v1/step-up/challenge', intended()))).toBe(
      '403 EDS_SESSION_REQUIRED',
    );
    expect(await codeOf(await make(intended(), taken))).toBe('403 EDS_SESSION_REQUIRED');
  });
});

describe('an operation that wants a signature', () => {
  const settings: Intended = {
    method: 'PATCH',
    path: '/v1/organisation/settings',
    body: { allowPasswords: true },
  };

  it('is done freely soon after an EDS sign-in, and only when signed later', async () => {
    const boss = world.visitor();
    expect((await signIn(world, boss, manager.key)).status).toBe(200);
    expect((await make(settings, boss)).status).toBe(200);
    now = new Date(now.getTime() + 16 * 60_000);
    expect((await boss.fetch('/v1/organisation/members')).status).toBe(200);
    expect(await codeOf(await make(settings, boss))).toBe('403 STEP_UP_REQUIRED');
    expect((await sign(await challenge(settings, boss), manager.key, boss)).status).toBe(200);
    expect((await make(settings, boss)).status).toBe(200);
  });

  it('is not done in a password session, however fresh, until it is signed', async () => {
    const iin = parseIin(manager.iin)!;
    await world.storage.passwords.set(iin, await world.storage.passwords.prepare(iin, PASSWORD), now);
    const boss = world.visitor();
    const organisation = world.organisation.id;
    const signedIn = await boss.post('/v1/login/password', { iin, password: PASSWORD, organisation });
    expect(signedIn.status).toBe(200);
    expect(await codeOf(await make(settings, boss))).toBe('403 STEP_UP_REQUIRED');
    expect((await sign(await challenge(settings, boss), manager.key, boss)).status).toBe(200);
    expect((await make(settings, boss)).status).toBe(200);
  });
});
