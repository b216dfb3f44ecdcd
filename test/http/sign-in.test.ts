/** Sign-in under concurrency, with passwords, through reloads; and what it leaves in the log. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import {
  askChallenge,
  type LabGateway,
  type Member,
  ncalayerSignature,
  nextIin,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { writeTrustFolder } from '../support/trust-folder.js';

const PASSWORD = 'Kün-nuri-shashyrady-7';
const SESSION = '__Host-qaqpa-session';

async function statusAndCode(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? 'none'}`;
}

function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

async function setPassword({ storage }: LabGateway, iin: string): Promise<void> {
  const number = parseIin(iin)!;
  await storage.passwords.set(number, await storage.passwords.prepare(number, PASSWORD), new Date());
}

describe('a session', () => {
  let world: LabGateway;
  let member: Member;

  beforeAll(async () => {
    world = await startLabGateway();
    member = await world.admit('СЕССИЯ');
  }, 60_000);
  afterAll(() => world.close());

  it('is opened once by twenty answers to one challenge at the same moment', async () => {
    const visitor = world.visitor();
    const { challengeId, data } = await askChallenge(visitor);
    const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => visitor.post('/v1/login/eds', { challengeId, signature })),
    );
    expect(tally(await Promise.all(answers.map(statusAndCode)))).toEqual({
      '200 none': 1,
      '409 CHALLENGE_USED': 19,
    });
  });

  it('lives in a cookie no script and no other site can have', async () => {
    const visitor = world.visitor();
    const [cookie, ...others] = (await signIn(world, visitor, member.key)).headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie).toMatch(/^__Host-qaqpa-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  });

  it('ends when the person signs out, and stays ended', async () => {
    const visitor = world.visitor();
    await signIn(world, visitor, member.key);
    const token = visitor.cookie(SESSION)!;
    expect((await visitor.fetch('/v1/session', { method: 'DELETE' })).status).toBe(204);
    expect(visitor.cookie(SESSION)).toBeUndefined();
    visitor.setCookie(SESSION, token);
    expect(await statusAndCode(await visitor.fetch('/v1/session'))).toBe('401 SESSION_NONE');
    expect((await visitor.fetch('/v1/session', { method: 'DELETE' })).status).toBe(401);
  });

  it('of the same browser ends when another begins, whoever planted it', async () => {
    const visitor = world.visitor();
    await signIn(world, visitor, member.key);
    const before = visitor.cookie(SESSION)!;
    await signIn(world, visitor, member.key);
    const after = visitor.cookie(SESSION)!;
    expect(after).not.toBe(before);
    visitor.setCookie(SESSION, before);
    expect((await visitor.fetch('/v1/session')).status).toBe(401);
  });

  it('does not come of a token nobody issued', async () => {
    const visitor = world.visitor();
    for (const token of ['', 'x', 'A'.repeat(43), '../../etc/passwd', `${'A'.repeat(42)}=`]) {
      visitor.setCookie(SESSION, token);
      expect((await visitor.fetch('/v1/session')).status).toBe(401);
    }
  });

  it('takes the person from the sign-in page to their own, and back without one', async () => {
    const visitor = world.visitor();
    const stranger = await visitor.fetch('/me');
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/?next=%2Fme']);
    await signIn(world, visitor, member.key);
    expect(await (await visitor.fetch('/me')).text()).toContain('СЕССИЯ ТЕСТ');
    const location = async (next: string): Promise<string | null> =>
      (await visitor.fetch(`/?next=${encodeURIComponent(next)}`)).headers.get('location');
    expect(await location('/me?tab=1')).toBe('/me?tab=1');
    for (const elsewhere of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/',
    ]) {
      expect(await location(elsewhere)).toBe('/me');
    }
  });
});

describe('a password', () => {
  let world: LabGateway;
  const wrong = 'Qate-qupiya-soz-1234';

  beforeAll(async () => {
    world = await startLabGateway();
  }, 60_000);
  afterAll(() => world.close());

  const withPassword = async (name: string): Promise<Member> => {
    const member = await world.admit(name);
    await setPassword(world, member.iin);
    return member;
  };
  const attempt = (iin: string, password: string): Promise<Response> =>
    world.visitor().post('/v1/login/password', { iin, password });

  it('opens a session that says so', async () => {
    const { iin } = await withPassword('ҚҰПИЯ');
    const response = await attempt(iin, PASSWORD);
    expect(await response.json()).toMatchObject({ session: { method: 'password' }, person: { iin } });
  });

  it('that is wrong, missing, or of nobody gets the same answer, and the same block after five', async () => {
    const { iin: known } = await withPassword('БІР');
    const { iin: passwordless } = await world.admit('ЕКІ');
    const shapes = async (iin: string): Promise<string[]> => {
      const answers: string[] = [];
      for (let i = 0; i < 6; i += 1) {
        const response = await attempt(iin, wrong);
        const body = (await response.json()) as Record<string, unknown>;
        const headers = [...response.headers.keys()].filter((name) => name !== 'date').sort();
        answers.push(JSON.stringify([response.status, { ...body, requestId: null }, headers]));
      }
      return answers;
    };
    const [a, b, c] = [await shapes(known), await shapes(passwordless), await shapes(nextIin())];
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    expect(a.map((shape) => Number(/\d+/.exec(shape)?.[0]))).toEqual([401, 401, 401, 401, 401, 423]);
  });

  it('tried thirty times at once never gets a sixth try, and the right one comes too late', async () => {
    const { iin, key } = await withPassword('ОТЫЗ');
    const answers = await Promise.all(Array.from({ length: 30 }, () => attempt(iin, wrong)));
    expect(tally(await Promise.all(answers.map(statusAndCode)))).toEqual({
      '401 PASSWORD_WRONG': 5,
      '423 PASSWORD_BLOCKED': 25,
    });
    expect(await statusAndCode(await attempt(iin, PASSWORD))).toBe('423 PASSWORD_BLOCKED');
    // The key still works, and lifts the block.
    expect((await signIn(world, world.visitor(), key)).status).toBe(200);
    expect((await attempt(iin, PASSWORD)).status).toBe(200);
    const person = await world.storage.accounts.personByIin(parseIin(iin)!);
    const types = (await world.storage.audit.latest(60)).flatMap(({ type, subject }) =>
      subject?.id === person!.id ? [type] : [],
    );
    expect(tally(types)).toEqual({
      'login.password.refused': 31,
      'password.blocked': 1,
      'password.unblocked': 1,
    });
  });

  it('does not help where the organisation admits none', async () => {
    const { iin } = await withPassword('ТЫЙЫМ');
    await world.storage.accounts.tenant(world.organisation.id).changeSettings({ allowPasswords: false });
    expect(await statusAndCode(await attempt(iin, PASSWORD))).toBe('403 ACCOUNT_PASSWORD_NOT_ALLOWED');
    await world.storage.accounts.tenant(world.organisation.id).changeSettings({ allowPasswords: true });
  });
});

describe('a change of trust', () => {
  it('under a running load of sign-ins gives no wrong answer and drops no request', async () => {
    const world = await startLabGateway();
    try {
      const member = await world.admit('ЖҮКТЕМЕ');
      let running = true;
      /** Each set comes into force somewhere between `began` and `settled`; a request may see any that could be while it lasts. */
      const eras: { readonly trusted: boolean; readonly began: number; readonly settled: number }[] = [
        { trusted: true, began: performance.now(), settled: performance.now() },
      ];
      const wrong: string[] = [];
      const seen = { admitted: 0, refused: 0 };
      const visit = async (): Promise<void> => {
        while (running) {
          const began = performance.now();
          const outcome = await statusAndCode(await signIn(world, world.visitor(), member.key));
          const ended = performance.now();
          const possible = eras.filter(
            (era, index) => era.began <= ended && (eras[index + 1]?.settled ?? Infinity) >= began,
          );
          const right =
            outcome === '200 none'
              ? possible.some(({ trusted }) => trusted)
              : outcome.startsWith('401 PATH_') && possible.some(({ trusted }) => !trusted);
          if (!right) wrong.push(outcome);
          if (outcome === '200 none') seen.admitted += 1;
          else seen.refused += 1;
        }
      };
      const visitors = Array.from({ length: 2 }, visit);
      for (let round = 0; round < 2; round += 1) {
        for (const trusted of [false, true]) {
          await pause(150);
          const era = { trusted, began: performance.now(), settled: Infinity };
          eras.push(era);
          writeTrustFolder(
            world.trustFolder,
            world.lab,
            `2026-11-24.${round * 2 + Number(trusted) + 1}`,
            (entry) => (entry.role === 'intermediate' && !trusted ? { ...entry, status: 'excluded' } : entry),
          );
          expect((await world.gateway.reloadTrust()).outcome).not.toBe('refused');
          era.settled = performance.now();
        }
      }
      await pause(150);
      running = false;
      await Promise.all(visitors);
      expect(wrong).toEqual([]);
      expect(seen.admitted).toBeGreaterThan(0);
      expect(seen.refused).toBeGreaterThan(0);
    } finally {
      await world.close();
    }
  });

  it('that is invalid is refused, and the old one stays', async () => {
    const world = await startLabGateway();
    try {
      const member = await world.admit('ЕСКІ');
      writeTrustFolder(world.trustFolder, world.lab, '2026-11-24.1', (entry) => ({
        ...entry,
        sha256: '0'.repeat(64),
      }));
      expect((await world.gateway.reloadTrust()).outcome).toBe('refused');
      expect((await signIn(world, world.visitor(), member.key)).status).toBe(200);
      expect(world.logged.some((line) => line.includes('trust refused'))).toBe(true);
    } finally {
      await world.close();
    }
  });
});

describe('the log', () => {
  it('of a whole run holds no number of a person, no token, no password and no signature', async () => {
    const world = await startLabGateway({ env: { QAQPA_LOG_LEVEL: 'debug' } });
    const secrets: string[] = [PASSWORD];
    try {
      const member = await world.admit('ҚҰПИЯЛЫҚ');
      await setPassword(world, member.iin);
      const visitor = world.visitor();
      const { challengeId, data } = await askChallenge(visitor);
      const signature = await ncalayerSignature(world.lab, member.key, Buffer.from(data, 'base64'));
      await visitor.post('/v1/login/eds', { challengeId, signature });
      await visitor.fetch(`/v1/session?iin=${member.iin}`);
      await visitor.fetch(`/nothing/${member.iin}?token=${visitor.cookie(SESSION)!}`);
      await visitor.post('/v1/login/password', { iin: member.iin, password: PASSWORD });
      await visitor.post('/v1/login/password', { iin: member.iin, password: 'wrong-wrong-wrong' });
      await visitor.post('/v1/login/password', { iin: `${member.iin}x`, password: PASSWORD });
      world.ocsp.behave('garbage');
      await signIn(world, visitor, member.key);
      secrets.push(
        member.iin,
        member.bin,
        visitor.cookie(SESSION)!,
        visitor.cookie('__Host-qaqpa-prelogin')!,
      );
      secrets.push(signature.split('\n')[3]!, data.slice(200, 260));
    } finally {
      await world.close();
    }
    const text = world.logged.join('\n');
    expect(world.logged.length).toBeGreaterThan(8);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    // A reference is a random UUID, and twelve hexadecimal digits of one may all be decimal.
    const withoutReferences = text.replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '');
    expect(withoutReferences.match(/(?<![0-9a-f])\d{12}(?![0-9a-f])/g)).toBeNull();
  });
});
