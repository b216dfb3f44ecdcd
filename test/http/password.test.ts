/** A person's own password: first, changed, forgotten, grown old; and what strangers can do to it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { authorisePlatform, type Platform } from '../../src/administration/platform.js';
import { operatorAct } from '../../src/audit/act.js';
import { setPassword } from '../../src/administration/people.js';
import { DEFAULT_PASSWORD_RULES } from '../../src/passwords/rules/rules.js';
import {
  type LabGateway,
  type Member,
  ncalayerSignature,
  nextIin,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { type TestVisitor } from '../support/visitor.js';

const SESSION = '__Host-qaqpa-session';
const DAY = 24 * 60 * 60_000;
const FIRST = 'Kün-nuri-shashyrady-7';
const SECOND = 'Jel soqty, 42 terek';
const THIRD = 'Мөлдір бұлақ 73';

let world: LabGateway;
let ahead = 0;
beforeAll(async () => {
  world = await startLabGateway({ clock: () => new Date(Date.now() + ahead) });
}, 60_000);
afterAll(() => world.close());

async function answer(response: Response): Promise<string> {
  if (response.status === 204) return '204';
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? 'none'}`;
}

const login = (iin: string, password: string, visitor = world.visitor()): Promise<Response> =>
  visitor.post('/v1/login/password', { iin, password });

async function withEds(member: Member): Promise<TestVisitor> {
  const visitor = world.visitor();
  expect((await signIn(world, visitor, member.key)).status).toBe(200);
  return visitor;
}

async function withPassword(member: Member, password = FIRST): Promise<TestVisitor> {
  const visitor = world.visitor();
  expect((await login(member.iin, password, visitor)).status).toBe(200);
  return visitor;
}

/** Somebody who has signed in with the EDS and set their first password there. */
async function somebody(name: string): Promise<Member> {
  const member = await world.admit(name);
  const visitor = await withEds(member);
  expect(await answer(await visitor.post('/v1/me/password', { password: FIRST }))).toBe('204');
  return member;
}

async function eventsOf(iin: string): Promise<readonly string[]> {
  const person = (await world.storage.accounts.personByIin(parseIin(iin)!))!;
  return (await world.storage.audit.latest(60)).flatMap(({ type, subject }) =>
    subject?.id === person.id ? [type] : [],
  );
}

async function isSignedIn(visitor: TestVisitor): Promise<boolean> {
  return (await visitor.fetch('/v1/session')).status === 200;
}

describe('a first password', () => {
  it('is set within an EDS session and opens the other way in', async () => {
    const member = await world.admit('БІРІНШІ');
    expect(await answer(await login(member.iin, FIRST))).toBe('401 PASSWORD_WRONG');
    const visitor = await withEds(member);
    expect(await (await visitor.fetch('/v1/me/password')).json()).toMatchObject({ set: false });
    expect(await answer(await visitor.post('/v1/me/password', { password: FIRST }))).toBe('204');
    expect(await (await visitor.fetch('/v1/me/password')).json()).toMatchObject({
      set: true,
      expired: false,
    });
    expect((await login(member.iin, FIRST)).status).toBe(200);
    expect(await eventsOf(member.iin)).toContain('password.changed');
  });

  it('is not set without a session', async () => {
    expect(await answer(await world.visitor().post('/v1/me/password', { password: FIRST }))).toBe(
      '401 SESSION_NONE',
    );
  });

  it('is not set from another site', async () => {
    const visitor = await withEds(await world.admit('БӨТЕН'));
    const response = await visitor.post(
      '/v1/me/password',
      { password: FIRST },
      { origin: 'https://evil.example' },
    );
    expect(await answer(response)).toBe('403 REQUEST_ORIGIN');
  });

  it('is not set in an EDS session left open for long', async () => {
    const visitor = await withEds(await world.admit('ҰЗАҚ'));
    ahead += 16 * 60_000;
    try {
      const response = await visitor.post('/v1/me/password', { password: FIRST });
      expect(await response.json()).toMatchObject({ code: 'STEP_UP_REQUIRED', operation: 'password.set' });
    } finally {
      ahead = 0;
    }
  });

  it.each([
    ['Qz7-kVm', ['too-short']],
    ['qwerty123456', ['character-classes', 'common']],
    ['Tizbekova_41-x', ['context']],
    ['Laboratoriya 41', ['context']],
    ['Password-2026', ['common']],
  ])('is not %j, and the answer names every broken rule', async (password, broken) => {
    const visitor = await withEds(await world.admit('ТІЗБЕКОВА'));
    const response = await visitor.post('/v1/me/password', { password });
    expect([response.status, await response.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'PASSWORD_RULES_BROKEN', broken }),
    ]);
  });
});

describe('a change with the current password', () => {
  it('ends every other session, keeps this one under a new token, and is written down', async () => {
    const member = await somebody('АУЫСТЫРУ');
    const [own, other, eds] = [await withPassword(member), await withPassword(member), await withEds(member)];
    const before = own.cookie(SESSION);
    const response = await own.post('/v1/me/password', { current: FIRST, password: SECOND });
    expect(await answer(response)).toBe('204');
    expect(own.cookie(SESSION)).not.toBe(before);
    expect(await isSignedIn(own)).toBe(true);
    expect([await isSignedIn(other), await isSignedIn(eds)]).toEqual([false, false]);
    const stolen = world.visitor();
    stolen.setCookie(SESSION, before!);
    expect(await isSignedIn(stolen)).toBe(false);
    expect(await answer(await login(member.iin, FIRST))).toBe('401 PASSWORD_WRONG');
    expect((await login(member.iin, SECOND)).status).toBe(200);
    expect(
      (await world.storage.audit.latest(20)).find(({ type }) => type === 'password.changed'),
    ).toMatchObject({ details: { by: 'current', first: false } });
  });

  it('is refused without it in a session opened with a password', async () => {
    const visitor = await withPassword(await somebody('ОНСЫЗ'));
    expect(await answer(await visitor.post('/v1/me/password', { password: SECOND }))).toBe(
      '403 EDS_SESSION_REQUIRED',
    );
  });

  it('counts a wrong one towards the block, wherever the failures happen', async () => {
    const member = await somebody('САНАҚ');
    const visitor = await withPassword(member);
    for (let failure = 0; failure < 2; failure += 1) await login(member.iin, 'wrong');
    const wrong = { current: 'wrong', password: SECOND };
    for (let failure = 0; failure < 3; failure += 1) {
      expect(await answer(await visitor.post('/v1/me/password', wrong))).toBe('403 PASSWORD_CURRENT_WRONG');
    }
    const right = { current: FIRST, password: SECOND };
    expect(await answer(await visitor.post('/v1/me/password', right))).toBe('423 PASSWORD_BLOCKED');
    expect(await answer(await login(member.iin, FIRST))).toBe('423 PASSWORD_BLOCKED');
    const events = await eventsOf(member.iin);
    expect(events.filter((type) => type === 'password.blocked')).toHaveLength(1);
    expect(events.filter((type) => type === 'password.change-refused')).toHaveLength(4);
  });

  it('gives thirty wrong ones at once five tries and no sixth', async () => {
    const member = await somebody('ДАУЫЛ');
    const visitor = await withPassword(member);
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) =>
        answer(await visitor.post('/v1/me/password', { current: `wrong ${n}`, password: SECOND })),
      ),
    );
    expect(answers.filter((text) => text === '403 PASSWORD_CURRENT_WRONG')).toHaveLength(5);
    expect(answers.filter((text) => text === '423 PASSWORD_BLOCKED')).toHaveLength(25);
  });

  it('does not clear the failures of somebody else', async () => {
    const member = await somebody('БАСҚА');
    const visitor = await withPassword(member);
    for (let failure = 0; failure < 4; failure += 1) await login(member.iin, 'wrong');
    expect(await answer(await visitor.post('/v1/me/password', { current: FIRST, password: SECOND }))).toBe(
      '204',
    );
    expect(await answer(await login(member.iin, 'wrong'))).toBe('401 PASSWORD_WRONG');
    expect(await answer(await login(member.iin, 'wrong'))).toBe('423 PASSWORD_BLOCKED');
  });

  it('is made once by five at the same moment', async () => {
    const member = await somebody('ОНДЫҚ');
    const visitors = await Promise.all(Array.from({ length: 5 }, () => withPassword(member)));
    const answers = await Promise.all(
      visitors.map(async (visitor, n) =>
        answer(await visitor.post('/v1/me/password', { current: FIRST, password: `Jel soqty, 4${n} terek` })),
      ),
    );
    expect(answers.filter((text) => text === '204')).toHaveLength(1);
    for (const other of answers.filter((text) => text !== '204')) {
      expect(['401 SESSION_NONE', '403 PASSWORD_CURRENT_WRONG']).toContain(other);
    }
  });

  it('does not go back to an earlier one', async () => {
    const member = await somebody('ҚАЙТА');
    const visitor = await withPassword(member);
    const change = (current: string, password: string): Promise<Response> =>
      visitor.post('/v1/me/password', { current, password });
    expect(await (await change(FIRST, FIRST)).json()).toMatchObject({ broken: ['reused'] });
    await change(FIRST, SECOND);
    expect(await (await change(SECOND, FIRST)).json()).toMatchObject({ broken: ['reused'] });
    expect(await answer(await change(SECOND, THIRD))).toBe('204');
  });

  it('tells nobody who does not know it which passwords there were', async () => {
    const member = await somebody('ҚҰПИЯ');
    const visitor = await withPassword(member);
    expect(await answer(await visitor.post('/v1/me/password', { current: 'wrong', password: FIRST }))).toBe(
      '403 PASSWORD_CURRENT_WRONG',
    );
  });
});

describe('a forgotten password', () => {
  it('is set anew after a sign-in with the EDS, which also lifts the block', async () => {
    const member = await somebody('ҰМЫТҚАН');
    for (let failure = 0; failure < 6; failure += 1) await login(member.iin, 'wrong');
    expect(await answer(await login(member.iin, FIRST))).toBe('423 PASSWORD_BLOCKED');
    const visitor = await withEds(member);
    expect(await answer(await visitor.post('/v1/me/password', { password: SECOND }))).toBe('204');
    expect((await login(member.iin, SECOND)).status).toBe(200);
  });

  it('lifts also a block that came after the sign-in', async () => {
    const member = await somebody('КЕЙІН');
    const visitor = await withEds(member);
    for (let failure = 0; failure < 5; failure += 1) await login(member.iin, 'wrong');
    expect(await answer(await visitor.post('/v1/me/password', { password: SECOND }))).toBe('204');
    expect((await login(member.iin, SECOND)).status).toBe(200);
    expect(await eventsOf(member.iin)).toContain('password.unblocked');
  });
});

describe('a signature for this very change', () => {
  const signed = async (visitor: TestVisitor, { key }: Member): Promise<void> => {
    const asked = await visitor.post('/v1/step-up/challenge', { method: 'POST', path: '/v1/me/password' });
    const { challengeId, data, text } = (await asked.json()) as Record<string, string>;
    expect(text).not.toContain(SECOND);
    const signature = await ncalayerSignature(world.lab, key, Buffer.from(data!, 'base64'));
    expect((await visitor.post('/v1/step-up', { challengeId, signature })).status).toBe(200);
  };

  it('stands in for the current password, also in a session opened with one, and once', async () => {
    const member = await somebody('ҚОЛ');
    const visitor = await withPassword(member);
    await signed(visitor, member);
    expect(await answer(await visitor.post('/v1/me/password', { password: SECOND }))).toBe('204');
    expect(await answer(await visitor.post('/v1/me/password', { password: 'Ushinshi-tolqyn-9' }))).toBe(
      '403 EDS_SESSION_REQUIRED',
    );
  });

  it('is asked for beside the current password where the organisation wants it', async () => {
    const member = await somebody('ТАЛАП');
    const visitor = await withPassword(member);
    const organisation = world.storage.accounts.tenant(world.organisation.id);
    await organisation.changeSettings({ stepUp: ['password.set'] });
    try {
      const change = { current: FIRST, password: SECOND };
      expect(await answer(await visitor.post('/v1/me/password', change))).toBe('403 STEP_UP_REQUIRED');
      await signed(visitor, member);
      expect(await answer(await visitor.post('/v1/me/password', change))).toBe('204');
    } finally {
      await organisation.changeSettings({ stepUp: [] });
    }
  });
});

describe('a password of ninety days', () => {
  it('lets its person in to change it, and to nothing else', async () => {
    const member = await somebody('ЕСКІРГЕН');
    ahead = 90 * DAY;
    try {
      const visitor = world.visitor();
      expect((await login(member.iin, FIRST, visitor)).status).toBe(200);
      const [session] = await world.storage.sessions.list(
        { personId: (await world.storage.accounts.personByIin(parseIin(member.iin)!))!.id },
        new Date(Date.now() + ahead),
      );
      expect(session?.obligations).toEqual(['change-password']);
      expect(await answer(await visitor.post('/v1/me/password', { current: FIRST, password: SECOND }))).toBe(
        '204',
      );
      const [changed] = await world.storage.sessions.list(
        { personId: session!.personId },
        new Date(Date.now() + ahead),
      );
      expect(changed?.obligations).toEqual([]);
    } finally {
      ahead = 0;
    }
  });

  it('is no obstacle to a sign-in with the EDS', async () => {
    const member = await somebody('ЕДС');
    const { id } = (await world.storage.accounts.personByIin(parseIin(member.iin)!))!;
    expect(await world.storage.passwords.stateOf(id, new Date(Date.now() + 90 * DAY + 60_000))).toMatchObject(
      { expired: true },
    );
    await world.storage.sessions.endAllOf({ personId: id });
    await withEds(member);
    expect((await world.storage.sessions.list({ personId: id }, new Date()))[0]?.obligations).toEqual([]);
  });
});

describe('a stranger who knows an IIN', () => {
  it('closes the password path at most, never the sign-in with the EDS', async () => {
    const member = await somebody('НЫСАНА');
    const attack = Array.from({ length: 40 }, () => login(member.iin, 'wrong'));
    for (let round = 0; round < 3; round += 1) await withEds(member);
    await Promise.all(attack);
    await withEds(member);
  });
});

describe('a password an operator set', () => {
  const HOUR = 60 * 60_000;
  const operator = (): Platform<'operate'> =>
    authorisePlatform(world.storage, operatorAct('root', new Date(Date.now() + ahead)), 'operate');

  it('lets in to be changed, for nothing else, and not for long', async () => {
    const member = await world.admit('УАҚЫТША');
    const iin = parseIin(member.iin)!;
    await setPassword(operator(), iin, SECOND);
    try {
      const visitor = await withPassword(member, SECOND);
      const { session } = (await (await visitor.fetch('/v1/session')).json()) as {
        session: { obligations: string[] };
      };
      expect(session.obligations).toEqual(['change-password']);
      expect(await answer(await visitor.fetch('/v1/me/sessions'))).toBe('403 OBLIGATIONS_PENDING');
      const state = (await (await visitor.fetch('/v1/me/password')).json()) as Record<string, unknown>;
      expect(state).toMatchObject({ set: true, expired: true, temporaryUntil: expect.any(String) });
      const unchanged = await visitor.post('/v1/me/password', { current: SECOND, password: SECOND });
      expect(await answer(unchanged)).toBe('422 PASSWORD_RULES_BROKEN');
      expect(await answer(await visitor.post('/v1/me/password', { current: SECOND, password: THIRD }))).toBe(
        '204',
      );
      expect((await visitor.fetch('/v1/me/sessions')).status).toBe(200);
      expect(await answer(await login(member.iin, SECOND))).toBe('401 PASSWORD_WRONG');

      await setPassword(operator(), iin, FIRST);
      ahead += 72 * HOUR;
      expect(await answer(await login(member.iin, FIRST))).toBe('403 PASSWORD_LAPSED');
      expect(await eventsOf(member.iin)).toContain('login.password.refused');
      expect((await signIn(world, world.visitor(), member.key)).status).toBe(200);
    } finally {
      ahead = 0;
    }
  }, 30_000);
});

it('shows the rules to everybody', async () => {
  const { maxAgeMs, ...rules } = DEFAULT_PASSWORD_RULES;
  expect(await (await world.visitor().fetch('/v1/password-rules')).json()).toEqual({
    ...rules,
    maxAgeDays: maxAgeMs / DAY,
  });
});

describe('one address that tries many people', () => {
  it('is stopped after a count of failures, whoever they were, and the EDS is not', async () => {
    const small = await startLabGateway({ env: { QAQPA_RATE_PASSWORD_FAILURES: '7/1h' } });
    try {
      const member = await small.admit('БҮРКУ');
      const iin = parseIin(member.iin)!;
      await small.storage.passwords.set(iin, await small.storage.passwords.prepare(iin, FIRST), new Date());
      const at = (number: string, password: string): Promise<Response> =>
        small.visitor().post('/v1/login/password', { iin: number, password });
      // What is right is not counted.
      for (let n = 0; n < 3; n += 1) expect((await at(member.iin, FIRST)).status).toBe(200);
      for (let n = 0; n < 7; n += 1) expect((await at(nextIin(), 'Bir-qupiya-soz-7')).status).toBe(401);
      const refused = await at(member.iin, FIRST);
      expect([refused.status, Number(refused.headers.get('retry-after')) > 3000]).toEqual([429, true]);
      expect((await signIn(small, small.visitor(), member.key)).status).toBe(200);
    } finally {
      await small.close();
    }
  }, 60_000);
});
