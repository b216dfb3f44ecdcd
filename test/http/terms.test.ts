/** The terms over HTTP: who owes their acceptance when, what waits for it, and whose signature counts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { type LabKey } from '../../src/lab/index.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { companyKey, signTerms } from '../support/registration.js';
import { writeTermsFolder } from '../support/terms-folder.js';
import { type TestVisitor } from '../support/visitor.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SESSION = '__Host-qaqpa-session';
const PASSWORD = 'Ashyq-esik-2026-Қ';
/** When the second version begins, after the start of the suite; the clock only ever goes forward. */
const CHANGE = 20 * DAY;

const began = Date.now();
let ahead = 0;
const now = (): Date => new Date(Date.now() + ahead);

const folder = mkdtempSync(join(tmpdir(), 'qaqpa-terms-'));
let world: LabGateway;
beforeAll(async () => {
  writeTermsFolder(folder, [
    { version: '2026-01', effectiveFrom: '2026-01-01T00:00:00Z' },
    { version: '2026-12', effectiveFrom: new Date(began + CHANGE).toISOString() },
  ]);
  world = await startLabGateway({
    clock: now,
    env: {
      QAQPA_OCSP_MAX_AGE: '0s',
      QAQPA_TERMS_AT_SIGN_IN: 'ask',
      QAQPA_TERMS_DIR: folder,
      QAQPA_TERMS_GRACE_DAYS: '3',
    },
  });
}, 60_000);
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const outcomeOf = async (response: Response): Promise<string> => {
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? ''}`.trim();
};
async function entered(key: LabKey): Promise<TestVisitor> {
  const visitor = world.visitor();
  expect((await signIn(world, visitor, key)).status).toBe(200);
  return visitor;
}
async function enteredWithPassword({ iin }: Pick<Member, 'iin'>): Promise<TestVisitor> {
  const visitor = world.visitor();
  expect((await visitor.post('/v1/login/password', { iin, password: PASSWORD })).status).toBe(200);
  return visitor;
}
async function obligationsOf(visitor: TestVisitor): Promise<readonly string[]> {
  const { session } = (await (await visitor.fetch('/v1/session')).json()) as {
    session: { obligations: readonly string[] };
  };
  return session.obligations;
}
const signed = (visitor: TestVisitor, key: LabKey, path = '/v1/me/terms/challenge') =>
  signTerms(world, visitor, key, { path, body: path.startsWith('/v1/me') ? { language: 'kk' } : {} });
async function accept(visitor: TestVisitor, key: LabKey): Promise<string> {
  const { challengeId, signature } = await signed(visitor, key);
  return outcomeOf(await visitor.post('/v1/me/terms', { challengeId, signature }));
}
async function acceptedBy({ iin }: Pick<Member, 'iin'>): Promise<readonly string[]> {
  const person = (await world.storage.accounts.personByIin(parseIin(iin)!))!;
  return (await world.storage.terms.acceptancesOf(person.id)).map(({ version }) => version);
}
async function setPassword({ iin }: Pick<Member, 'iin'>): Promise<void> {
  const { passwords } = world.storage;
  const number = parseIin(iin)!;
  await passwords.set(number, await passwords.prepare(number, PASSWORD), now());
}

const headingOf = async (visitor: TestVisitor): Promise<string | undefined> => {
  const page = await visitor.fetch('/me/terms', { headers: { 'accept-language': 'ru' } });
  return /<h1 id="title">([^<]*)/.exec(await page.text())?.[1];
};

describe('an acceptance is refused', () => {
  let member: Member;
  beforeAll(async () => {
    member = await world.admit('ШАРТ');
  });

  it('from nobody in particular', async () => {
    const visitor = world.visitor();
    expect(await outcomeOf(await visitor.post('/v1/me/terms/challenge', {}))).toBe('401 SESSION_NONE');
    expect(await outcomeOf(await visitor.post('/v1/me/terms', { challengeId: 'a', signature: 'b' }))).toBe(
      '401 SESSION_NONE',
    );
  });

  it('with the signature of another person, a colleague or a stranger, and the obligation stays', async () => {
    const visitor = await entered(member.key);
    const colleague = await world.admit('ӘРІПТЕС');
    const stranger = await companyKey(world, { kind: 'employee', bin: world.bin });
    for (const key of [colleague.key, stranger]) {
      expect(await accept(visitor, key)).toBe('403 TERMS_OTHER_PERSON');
    }
    expect(await obligationsOf(visitor)).toEqual(['accept-terms']);
    expect([await acceptedBy(member), await acceptedBy(colleague)]).toEqual([[], []]);
  });

  it.each(['/v1/login/eds/challenge', '/v1/registration/challenge'])(
    'with the answer to a challenge of %s',
    async (path) => {
      const visitor = await entered(member.key);
      const { challengeId, signature } = await signed(visitor, member.key, path);
      expect(await outcomeOf(await visitor.post('/v1/me/terms', { challengeId, signature }))).toBe(
        '409 CHALLENGE_UNKNOWN',
      );
      expect(await acceptedBy(member)).toEqual([]);
    },
  );

  it('over a text that another challenge issued, even of the same terms', async () => {
    const visitor = await entered(member.key);
    const [first, second] = [await signed(visitor, member.key), await signed(visitor, member.key)];
    const { challengeId } = second;
    expect(
      await outcomeOf(await visitor.post('/v1/me/terms', { challengeId, signature: first.signature })),
    ).toBe('401 SIGNATURE_CONTENT_MISMATCH');
    expect(await obligationsOf(visitor)).toEqual(['accept-terms']);
  });

  it('in another browser than the one that was shown the text', async () => {
    const { challengeId, signature } = await signed(await entered(member.key), member.key);
    const other = await entered(member.key);
    await signed(other, member.key);
    expect(await outcomeOf(await other.post('/v1/me/terms', { challengeId, signature }))).toBe(
      '409 CHALLENGE_OTHER_BROWSER',
    );
  });

  it('as a sign-in: what was signed for the terms opens no session', async () => {
    const visitor = await entered(member.key);
    const { challengeId, signature } = await signed(visitor, member.key);
    expect(await outcomeOf(await visitor.post('/v1/login/eds', { challengeId, signature }))).toBe(
      '409 CHALLENGE_UNKNOWN',
    );
  });

  it('the second time, one after the other and at the same moment', async () => {
    const somebody = await world.admit('ҚАЙТА');
    const visitor = await entered(somebody.key);
    const { challengeId, signature } = await signed(visitor, somebody.key);
    const send = (): Promise<Response> => visitor.post('/v1/me/terms', { challengeId, signature });
    const outcomes = await Promise.all((await Promise.all(Array.from({ length: 5 }, send))).map(outcomeOf));
    expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => !['200', '409 CHALLENGE_USED', '401 SESSION_NONE'].includes(outcome)),
    ).toEqual([]);
    expect(await acceptedBy(somebody)).toEqual(['2026-01']);
    const again = await entered((await world.admit('ЕКІНШІ')).key);
    expect(await outcomeOf(await again.post('/v1/me/terms', { challengeId, signature }))).toBe(
      '409 CHALLENGE_OTHER_BROWSER',
    );
    expect(await acceptedBy(somebody)).toEqual(['2026-01']);
  });

  it('again in the session that it opened', async () => {
    const somebody = await world.admit('ТАҒЫ');
    const visitor = await entered(somebody.key);
    const { challengeId, signature } = await signed(visitor, somebody.key);
    const outcomes: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      outcomes.push(await outcomeOf(await visitor.post('/v1/me/terms', { challengeId, signature })));
    }
    expect(outcomes).toEqual(['200', '409 CHALLENGE_USED']);
  });

  it('with a certificate that is revoked meanwhile', async () => {
    const somebody = await world.admit('ҚАЙТАРҒАН');
    const visitor = await entered(somebody.key);
    world.lab.revoke(somebody.key);
    expect(await accept(visitor, somebody.key)).toBe('401 CERTIFICATE_REVOKED');
    expect(await acceptedBy(somebody)).toEqual([]);
  });
});

describe('somebody who has not accepted', () => {
  it('can do nothing until they have signed, then everything under a new cookie, and is not asked again', async () => {
    const member = await world.admit('БІРІНШІ', 'gost2015-512', ['manager']);
    const visitor = await entered(member.key);
    expect(await obligationsOf(visitor)).toEqual(['accept-terms']);
    for (const path of ['/v1/me/contacts', '/v1/organisation', '/v1/organisation/members']) {
      const response = await visitor.fetch(path);
      expect([response.status, await response.json()]).toEqual([
        403,
        expect.objectContaining({ code: 'OBLIGATIONS_PENDING', obligations: ['accept-terms'] }),
      ]);
    }
    expect(await headingOf(visitor)).toBe('Условия использования');
    const before = visitor.cookie(SESSION)!;
    expect(await accept(visitor, member.key)).toBe('200');
    expect(await headingOf(visitor)).toBe('Условия использования');
    expect(visitor.cookie(SESSION)).not.toBe(before);
    const old = world.visitor();
    old.setCookie(SESSION, before);
    expect((await old.fetch('/v1/session')).status).toBe(401);
    expect(await obligationsOf(visitor)).toEqual([]);
    expect((await visitor.fetch('/v1/organisation/members')).status).toBe(200);
    expect(await obligationsOf(await entered(member.key))).toEqual([]);
  });

  it('may leave without signing', async () => {
    const visitor = await entered((await world.admit('КЕТЕТІН')).key);
    const init = { method: 'DELETE', headers: { origin: world.gateway.origin } };
    expect((await visitor.fetch('/v1/session', init)).status).toBe(204);
  });
});

describe('a new version', () => {
  let member: Member;
  beforeAll(async () => {
    member = await world.admit('ЖАҢАРУ');
    await setPassword(member);
    expect(await accept(await entered(member.key), member.key)).toBe('200');
    ahead = CHANGE - MINUTE;
  });

  it('refuses what was signed of the one before, leaves live sessions alone, and is asked for at the next sign-in', async () => {
    const live = await entered(member.key);
    const late = await world.admit('КЕШІККЕН');
    const reader = await entered(late.key);
    const { challengeId, signature } = await signed(reader, late.key);
    ahead = CHANGE + MINUTE;
    expect(await outcomeOf(await reader.post('/v1/me/terms', { challengeId, signature }))).toBe(
      '409 TERMS_OUTDATED',
    );
    expect(await acceptedBy(late)).toEqual([]);
    expect((await live.fetch('/v1/me/contacts')).status).toBe(200);

    const next = await entered(member.key);
    expect(await obligationsOf(next)).toEqual(['accept-terms']);
    expect(await headingOf(next)).toBe('Условия изменились');
    expect(await headingOf(reader)).toBe('Условия использования');
    expect(await outcomeOf(await next.fetch('/v1/me/contacts'))).toBe('403 OBLIGATIONS_PENDING');
    expect((await live.fetch('/v1/me/contacts')).status).toBe(200);
    expect(await acceptedBy(member)).toEqual(['2026-01']);
  });

  it('lets a password session go on for the days of grace, and not a moment longer', async () => {
    ahead = CHANGE + 3 * DAY - MINUTE;
    expect(await obligationsOf(await enteredWithPassword(member))).toEqual([]);
    ahead = CHANGE + 3 * DAY + MINUTE;
    const visitor = await enteredWithPassword(member);
    expect(await obligationsOf(visitor)).toEqual(['accept-terms']);
    expect(await outcomeOf(await visitor.fetch('/v1/me/contacts'))).toBe('403 OBLIGATIONS_PENDING');
    expect(await accept(visitor, member.key)).toBe('200');
    expect((await visitor.fetch('/v1/me/contacts')).status).toBe(200);
    expect(await acceptedBy(member)).toEqual(['2026-12', '2026-01']);
    expect(await obligationsOf(await enteredWithPassword(member))).toEqual([]);
  });

  it('counts the grace of somebody admitted later from their admission', async () => {
    const newcomer = await world.admit('КЕЙІНГІ');
    await setPassword(newcomer);
    const admitted = ahead;
    ahead = admitted + 3 * DAY - MINUTE;
    expect(await obligationsOf(await enteredWithPassword(newcomer))).toEqual([]);
    ahead = admitted + 3 * DAY + MINUTE;
    expect(await obligationsOf(await enteredWithPassword(newcomer))).toEqual(['accept-terms']);
  });
});
