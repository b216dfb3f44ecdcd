/** One password tried on many people: noticed, told without it, and good for nothing while it lasts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Iin, parseBin } from '../../src/accounts/national-number.js';
import { networkOf } from '../../src/http/kernel/network.js';
import { createPasswordSignIn, type PasswordSignIn } from '../../src/sign-in/password-sign-in.js';
import { createSprayWatch, type PasswordAlarm, type SprayWatch } from '../../src/sign-in/spraying.js';
import { type Visitor } from '../../src/sign-in/visitor.js';
import { nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';
import { knock } from '../support/knock.js';

const MINUTE = 60_000;
const NOW = new Date('2026-11-23T05:00:00Z');
const after = (ms: number): Date => new Date(NOW.getTime() + ms);

describe('the watch for sprayed passwords', () => {
  /** Fails with one password on so many people, each from a network of its own. */
  const spray = (watch: SprayWatch, people: number, password = 'Kuz-2026-Kuz!', from = NOW, everyMs = 0) =>
    Array.from({ length: people }, (_, n) =>
      watch.failed({
        password,
        person: `person ${n}`,
        address: `11.${n >> 8}.${n & 255}.7`,
        now: new Date(from.getTime() + n * everyMs),
      }),
    ).flat();

  it('tells of the eleventh person, the hundredth and the thousandth, and of no other', () => {
    const watch = createSprayWatch(networkOf);
    const slowly = spray(watch, 1_200, undefined, NOW, 2_000);
    expect(slowly.filter(({ kind }) => kind === 'spraying')).toEqual(
      [11, 100, 1_000].map((count) => ({ kind: 'spraying', people: count, networks: count })),
    );
  });

  it('takes the password for sprayed from then on, until an hour after the last try, and no other', () => {
    const watch = createSprayWatch();
    spray(watch, 10);
    expect(watch.isSprayed('Kuz-2026-Kuz!', NOW)).toBe(false);
    spray(watch, 11);
    expect(watch.isSprayed('Kuz-2026-Kuz!', after(60 * MINUTE - 1))).toBe(true);
    expect(watch.isSprayed('Kuz-2026-Kuz!', after(60 * MINUTE))).toBe(false);
    expect(watch.isSprayed('Kuz-2026-Kuz', NOW)).toBe(false);
  });

  it('knows a password however it is typed', () => {
    const watch = createSprayWatch();
    spray(watch, 11, 'Cafe\u0301-2026');
    expect(watch.isSprayed('Café-2026', NOW)).toBe(true);
  });

  it('is not impressed by one person who tries again and again, nor by many who fail with passwords of their own', () => {
    const watch = createSprayWatch();
    const alarms = Array.from({ length: 50 }, (_, n) => [
      ...watch.failed({ password: 'same', person: 'one', address: `11.0.${n}.1`, now: NOW }),
      ...watch.failed({ password: `own ${n}`, person: `person ${n}`, address: '11.0.0.1', now: NOW }),
    ]).flat();
    expect(alarms.filter(({ kind }) => kind === 'spraying')).toEqual([]);
    expect(watch.isSprayed('same', NOW)).toBe(false);
  });

  it('forgets a password that failed on another more than an hour ago', () => {
    const watch = createSprayWatch();
    expect(spray(watch, 30, 'slow', NOW, 61 * MINUTE)).toEqual([]);
  });

  it('remembers a bounded number, and the one that is being tried longer than what failed once', () => {
    const watch = createSprayWatch(undefined, 100);
    spray(watch, 11);
    for (let n = 0; n < 10_000; n += 1) {
      watch.failed({ password: `noise ${n}`, person: 'noise', address: '12.0.0.1', now: NOW });
    }
    expect(watch.isSprayed('Kuz-2026-Kuz!', NOW)).toBe(true);
    for (let n = 0; n < 100; n += 1) spray(watch, 2, `decoy ${n}`);
    expect(watch.isSprayed('Kuz-2026-Kuz!', NOW)).toBe(false);
  });

  it('tells of a minute with ten times the failures of a usual one, once an hour', () => {
    const watch = createSprayWatch();
    const minute = (at: number, failures: number): readonly PasswordAlarm[] =>
      Array.from({ length: failures }, (_, n) =>
        watch.failed({
          password: `own ${at} ${n}`,
          person: `person ${at} ${n}`,
          address: '11.0.0.1',
          now: after(at * MINUTE),
        }),
      ).flat();
    for (let at = 0; at < 600; at += 1) expect(minute(at, 20)).toEqual([]);
    expect(minute(600, 150)).toEqual([]);
    const [flood, ...others] = minute(601, 1_000);
    expect(flood).toMatchObject({ kind: 'flood', usual: expect.any(Number) });
    const { failures, usual } = flood as Extract<PasswordAlarm, { kind: 'flood' }>;
    expect(failures / usual).toBeGreaterThan(9);
    expect(others).toEqual([]);
    expect(minute(602, 1_000)).toEqual([]);
    expect(minute(800, 1_000)).toHaveLength(1);
  });

  it('does not take ten failures on a quiet night for a flood', () => {
    const watch = createSprayWatch();
    const alarms = Array.from({ length: 59 }, (_, n) =>
      watch.failed({ password: `own ${n}`, person: `${n}`, address: '11.0.0.1', now: NOW }),
    ).flat();
    expect(alarms).toEqual([]);
  });
});

describe('sign-in while a password is being sprayed', () => {
  const SPRAYED = 'Nauryz-2026-kut!';
  let opened: TemporaryStorage;
  let login: PasswordSignIn;
  let alarms: PasswordAlarm[];
  let owner: { iin: Iin; personId: string };
  let now = NOW;

  const visitor = (n: number): Visitor => knock(now, `11.${n >> 8}.${n & 255}.7`);
  const attempt = async (iin: Iin, password: string, n = 0): Promise<string> => {
    const result = await login.complete({ iin, password, organisationId: null }, visitor(n));
    return result.outcome === 'admitted' ? 'admitted' : result.code;
  };
  beforeAll(async () => {
    opened = await openTemporaryStorage({
      passwordCost: { memoryKiB: 1024, passes: 1, lanes: 1 },
    });
    const { accounts, passwords } = opened.storage;
    const organisation = { name: 'Терек', bin: parseBin('190340000017')! };
    const { id: organisationId } = await accounts.addOrganisation(organisation, NOW);
    const iin = nextIin();
    const { id: personId } = await accounts.addPerson({ iin, name: 'Айгүл' }, NOW);
    await accounts
      .tenant(organisationId)
      .members.add({ personId, status: 'active', roles: [], by: null }, NOW);
    await passwords.set(iin, await passwords.prepare(iin, SPRAYED), NOW);
    owner = { iin, personId };
    alarms = [];
    login = createPasswordSignIn({
      storage: opened.storage,
      sprays: createSprayWatch(networkOf),
      onAlarm: (alarm) => alarms.push(alarm),
    });
    expect(await attempt(iin, SPRAYED)).toBe('admitted');
    const answers: string[] = [];
    for (let n = 0; n < 40; n += 1) answers.push(await attempt(nextIin(), SPRAYED, n));
    expect(answers).toEqual([
      ...Array<string>(11).fill('PASSWORD_WRONG'),
      ...Array<string>(29).fill('PASSWORD_BLOCKED'),
    ]);
  });
  afterAll(() => opened.remove());

  it('is told once, in numbers', async () => {
    expect(alarms).toEqual([{ kind: 'spraying', people: 11, networks: 11 }]);
    const records = await opened.storage.audit.latest(1000);
    const told = records.filter(({ type }) => type === 'password.spray-noticed');
    expect(told).toMatchObject([
      { actor: { kind: 'gateway', id: null }, subject: null, details: { people: 11, networks: 11 } },
    ]);
    expect(JSON.stringify(told)).not.toContain('Nauryz');
  });

  it('opens nothing with that password, not even to its owner, whose log says so', async () => {
    expect(await attempt(owner.iin, SPRAYED)).toBe('PASSWORD_BLOCKED');
    const [refusal] = await opened.storage.audit.latest(1);
    expect(refusal).toMatchObject({
      type: 'login.password.refused',
      subject: { kind: 'person', id: owner.personId },
      reason: 'PASSWORD_BLOCKED',
      details: { obstacle: 'password-sprayed' },
    });
  });

  it('answers and counts alike on its owner, on another person and on nobody', async () => {
    const other = nextIin();
    await opened.storage.accounts.addPerson({ iin: other, name: 'Болат' }, NOW);
    const counts: [string, boolean][][] = [];
    await opened.storage.passwords.clearFailures(owner.iin);
    for (const iin of [owner.iin, other, nextIin()]) {
      const course: [string, boolean][] = [];
      for (let n = 0; n < 6; n += 1) {
        course.push([await attempt(iin, SPRAYED, n), await opened.storage.passwords.isBlocked(iin)]);
      }
      counts.push(course);
    }
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[2]).toEqual(counts[0]);
    expect(counts[0]!.map(([, blocked]) => blocked)).toEqual([false, false, false, false, true, true]);
    await opened.storage.passwords.clearFailures(owner.iin);
  });

  it('takes other passwords as ever, and this one again an hour after the last try', async () => {
    expect(await attempt(nextIin(), 'Basqa-qupiya-2026')).toBe('PASSWORD_WRONG');
    now = after(60 * MINUTE);
    expect(await attempt(owner.iin, SPRAYED)).toBe('admitted');
  });

  it('opens nothing either where many are tried at one moment', async () => {
    const { passwords } = opened.storage;
    const storm = 'Qys-2026-aq-qar!';
    await passwords.set(owner.iin, await passwords.prepare(owner.iin, storm), now);
    const strangers = Array.from({ length: 40 }, (_, n) => attempt(nextIin(), storm, n));
    const last = attempt(owner.iin, storm);
    expect(new Set(await Promise.all(strangers))).toEqual(new Set(['PASSWORD_WRONG', 'PASSWORD_BLOCKED']));
    expect(await last).toBe('PASSWORD_BLOCKED');
  });
});
