import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Passwords } from '../../src/passwords/password.js';
import { createPasswordHasher } from '../../src/passwords/hasher.js';
import { type Iin, parseBin, parseIin } from '../../src/accounts/national-number.js';
import { DEFAULT_PASSWORD_RULES } from '../../src/passwords/rules/rules.js';
import { openServices } from '../../src/services.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const RIGHT = 'Терезе ашылды, 2026';

let opened: TemporaryStorage;
let passwords: Passwords;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ passwords } = opened.storage);
});
afterAll(() => opened.remove());

/** Somebody with a password. */
async function somebody(password = RIGHT): Promise<Iin> {
  const iin = nextIin();
  await opened.storage.accounts.addPerson({ iin, name: 'Айгүл' }, NOW);
  await passwords.set(iin, await passwords.prepare(iin, password), NOW);
  return iin;
}
const wrong = (iin: Iin, attempt = 'wrong password') => passwords.check(iin, attempt, NOW);

describe('the password path', () => {
  it('opens to the right password', async () => {
    const iin = await somebody();
    const person = await opened.storage.accounts.personByIin(iin);
    expect(await passwords.check(iin, RIGHT, NOW)).toEqual({
      outcome: 'right',
      personId: person!.id,
      changedAt: NOW,
      confinedTo: null,
      breached: false,
    });
  });

  it('takes the same characters in another encoding for the same password', async () => {
    const iin = await somebody('Йод и ёлка, 12 штук');
    expect(await passwords.check(iin, 'Йод и ёлка, 12 штук'.normalize('NFD'), NOW)).toMatchObject({
      outcome: 'right',
    });
  });

  it.each([
    '',
    RIGHT.toUpperCase(),
    `${RIGHT} `,
    RIGHT.slice(0, -1),
    `${RIGHT}${'x'.repeat(5000)}`,
    '\u0000',
  ])('stays shut for %j', async (attempt) => {
    expect(await wrong(await somebody(), attempt)).toMatchObject({ outcome: 'wrong' });
  });

  it('closes after the fifth wrong password in a row, and then also to the right one', async () => {
    const iin = await somebody();
    for (const blockedNow of [false, false, false, false, true]) {
      expect(await wrong(iin)).toMatchObject({ outcome: 'wrong', blockedNow });
    }
    expect(await wrong(iin)).toMatchObject({ outcome: 'blocked' });
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'blocked' });
  });

  it('counts only failures in a row', async () => {
    const iin = await somebody();
    for (let round = 0; round < 3; round += 1) {
      for (let failure = 0; failure < 4; failure += 1) await wrong(iin);
      expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
      expect(await passwords.clearFailures(iin)).toEqual({ lifted: false });
    }
  });

  it('is opened again by a sign-in with the EDS, which says that it was closed', async () => {
    const iin = await somebody();
    for (let failure = 0; failure < 5; failure += 1) await wrong(iin);
    expect(await passwords.clearFailures(iin)).toEqual({ lifted: true });
    expect(await passwords.clearFailures(iin)).toEqual({ lifted: false });
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
  });

  it('is opened again by a new password', async () => {
    const iin = await somebody();
    for (let failure = 0; failure < 5; failure += 1) await wrong(iin);
    await passwords.set(iin, await passwords.prepare(iin, 'Another word 41'), NOW);
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'wrong' });
    expect(await passwords.check(iin, 'Another word 41', NOW)).toMatchObject({ outcome: 'right' });
  });

  it('treats a number nobody has and a person without a password like a wrong password, block and all', async () => {
    const [nobody, passwordless] = [nextIin(), nextIin()];
    await opened.storage.accounts.addPerson({ iin: passwordless, name: 'Айгүл' }, NOW);
    for (const iin of [nobody, passwordless, await somebody()]) {
      const outcomes = [];
      for (let attempt = 0; attempt < 7; attempt += 1) outcomes.push(await wrong(iin));
      expect(outcomes.map(({ outcome }) => outcome)).toEqual([
        ...Array<string>(5).fill('wrong'),
        'blocked',
        'blocked',
      ]);
      expect(outcomes[4]).toMatchObject({ blockedNow: true });
    }
  });

  it('gives a storm of parallel attempts five comparisons and no sixth, across two instances', async () => {
    const iin = await somebody();
    let comparisons = 0;
    const second = await openServices(opened.config);
    const instances = [passwords, second.passwords];
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const { outcome } = await instances[index % 2]!.check(iin, `wrong password ${index}`, NOW);
        if (outcome !== 'blocked') comparisons += 1;
        return outcome;
      }),
    );
    await second.close();
    expect(comparisons).toBe(5);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'blocked' });
  });

  it('does not count a right password, whatever comes of it', async () => {
    const iin = await somebody();
    for (let attempt = 0; attempt < 7; attempt += 1) {
      expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
    }
    for (let failure = 0; failure < 4; failure += 1) await wrong(iin);
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
    expect(await wrong(iin)).toMatchObject({ outcome: 'wrong', blockedNow: true });
  });

  it('rehashes a password at its next right use when the cost has changed', async () => {
    const iin = await somebody();
    const dearer = await openServices({
      ...opened.config,
      passwordCost: { memoryKiB: 128, passes: 2, lanes: 1 },
    });
    expect(await dearer.passwords.check(iin, 'wrong password', NOW)).toMatchObject({ outcome: 'wrong' });
    expect(await dearer.passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
    await dearer.close();
    const hashes = await hashesOf(opened);
    expect(hashes.filter((hash) => hash.includes('m=128,t=2,p=1'))).toHaveLength(1);
    await passwords.clearFailures(iin);
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
  });

  it('keeps argon2id hashes of the default cost unless told otherwise', async () => {
    const hasher = await createPasswordHasher({ memoryKiB: 19_456, passes: 2, lanes: 1 });
    expect(hasher.decoy).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  describe('of one an operator set', () => {
    const HOURS = 60 * 60_000;
    const later = (hours: number): Date => new Date(NOW.getTime() + hours * HOURS);
    const TEMPORARY = 'Another word 41';
    const withTemporary = async (storage = opened.storage): Promise<Iin> => {
      const iin = nextIin();
      await storage.accounts.addPerson({ iin, name: 'Айгүл' }, NOW);
      const prepared = await storage.passwords.prepare(iin, TEMPORARY);
      expect(await storage.passwords.set(iin, prepared, NOW, 'as-before', 'temporary')).toEqual({
        temporaryUntil: later(72),
      });
      return iin;
    };
    const stateOf = async (iin: Iin, now: Date) =>
      passwords.stateOf((await opened.storage.accounts.personByIin(iin))!.id, now);

    it('opens for 72 hours, each time to be changed', async () => {
      const iin = await withTemporary();
      // Also by a clock that is behind the one it was set by.
      for (const now of [NOW, later(71), later(-1)]) {
        expect(await passwords.check(iin, TEMPORARY, now)).toMatchObject({ outcome: 'right' });
        expect(await stateOf(iin, now)).toMatchObject({ expired: true, temporaryUntil: later(72) });
      }
    });

    it('is shut from then on, without counting as a failure, and tells a wrong one nothing', async () => {
      const iin = await withTemporary();
      for (let n = 0; n < 6; n += 1) {
        expect(await passwords.check(iin, TEMPORARY, later(72))).toMatchObject({ outcome: 'lapsed' });
      }
      expect(await passwords.check(iin, 'wrong password', later(72))).toMatchObject({ outcome: 'wrong' });
    });

    it('lasts once its owner has changed it, however late', async () => {
      const iin = await withTemporary();
      const prepared = await passwords.prepare(iin, RIGHT);
      expect(await passwords.replace(iin, prepared, later(1), NOW)).toBe(true);
      expect(await passwords.check(iin, RIGHT, later(1000))).toMatchObject({ outcome: 'right' });
      expect(await stateOf(iin, later(1000))).toMatchObject({ expired: false, temporaryUntil: null });
    });

    it('lasts when its owner sets it anew with their EDS', async () => {
      const iin = await withTemporary();
      await passwords.set(iin, await passwords.prepare(iin, RIGHT), later(100), 'everywhere');
      expect(await passwords.check(iin, RIGHT, later(1000))).toMatchObject({ outcome: 'right' });
    });

    it('is not taken for the new one, even where passwords may come back', async () => {
      const lax = await openServices({
        ...opened.config,
        passwordRules: { ...DEFAULT_PASSWORD_RULES, reuse: 0 },
      });
      try {
        const iin = await withTemporary(lax);
        await expect(lax.passwords.prepare(iin, TEMPORARY)).rejects.toMatchObject({ broken: ['reused'] });
        expect(await lax.passwords.prepare(iin, RIGHT)).toMatch(/^\$argon2id/);
      } finally {
        await lax.close();
      }
    });

    it('is temporary in the place of an invitation too, and of a length that is configured', async () => {
      const short = await openServices({ ...opened.config, passwordTemporaryMs: HOURS });
      try {
        const { accounts } = short;
        const iin = nextIin();
        await accounts.addPerson({ iin, name: 'Болат' }, NOW);
        const { id: organisationId } = await accounts.addOrganisation({ name: 'Тал', bin: nextBin() }, NOW);
        const { id: membershipId } = await addMember(accounts, { organisationId, iin }, NOW);
        const place = { membershipId, organisationId };
        await short.passwords.set(iin, await short.passwords.prepare(iin, RIGHT), NOW, place);
        const prepared = await short.passwords.prepare(iin, TEMPORARY);
        await short.passwords.set(iin, prepared, NOW, 'as-before', 'temporary');
        expect(await short.passwords.check(iin, TEMPORARY, later(0.5))).toMatchObject({
          outcome: 'right',
          confinedTo: [membershipId],
        });
        expect(await short.passwords.check(iin, TEMPORARY, later(1))).toMatchObject({ outcome: 'lapsed' });
        const over = await short.passwords.prepare(iin, RIGHT);
        expect(await short.passwords.replace(iin, over, later(0.5), NOW, place)).toBe(true);
        expect(await short.passwords.check(iin, RIGHT, later(1000))).toMatchObject({ outcome: 'right' });
      } finally {
        await short.close();
      }
    });
  });

  it.each([
    ['eleven characters', 'Elvn#q7Zkmx', ['too-short']],
    ['characters that fall together to eleven', 'E\u0301lvn#q7Zkmx', ['too-short']],
    ['129 characters', 'x'.repeat(129), ['too-long']],
    ['the IIN', 'My number 920101300125!', ['context']],
    ['the IIN in full-width digits', 'My number ９２０１０１３００１２５', ['context']],
    ['a well-known word', 'Password-2026', ['common']],
    ['nothing good at all', 'qwerty', ['too-short', 'character-classes', 'common']],
  ])('is not given a password of %s', async (_what, password, broken) => {
    const preparing = passwords.prepare(parseIin('920101300125')!, password);
    await expect(preparing).rejects.toMatchObject({ code: 'PASSWORD_RULES_BROKEN', broken });
  });

  it('is not given the name of its person or of their organisation', async () => {
    const iin = nextIin();
    const { accounts } = opened.storage;
    const organisation = await accounts.addOrganisation(
      { name: 'ТОО «Сарыарқа»', bin: parseBin('190340000017')! },
      NOW,
    );
    await addMember(accounts, { organisationId: organisation.id, iin, name: 'ЖАНДОС ҮЛГІЛІ' }, NOW);
    for (const password of ['Zhandos-41-bulut', '41-saryarka-Bulut']) {
      await expect(passwords.prepare(iin, password)).rejects.toMatchObject({ broken: ['context'] });
    }
  });

  it('is not given the name an invitation calls somebody by whom no certificate has named', async () => {
    const iin = nextIin();
    const { accounts } = opened.storage;
    const organisation = await accounts.addOrganisation({ name: 'Ұя', bin: nextBin() }, NOW);
    const { id } = await accounts.addPerson({ iin, name: '' }, NOW);
    await accounts
      .tenant(organisation.id)
      .members.add({ personId: id, status: 'invited', roles: [], name: 'Гүлдана', by: null }, NOW);
    await expect(passwords.prepare(iin, 'Guldana-77-bulaq-Sy')).rejects.toMatchObject({
      broken: ['context'],
    });
  });

  it('is not given a password for a number nobody has', async () => {
    const iin = nextIin();
    const prepared = await passwords.prepare(iin, RIGHT);
    await expect(passwords.set(iin, prepared, NOW)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' });
  });
  it('does not take one of the last ten passwords, and takes the eleventh again', async () => {
    const nth = (n: number): string => `Бұлт пен жаңбыр ${n}`;
    const later = (n: number): Date => new Date(NOW.getTime() + n);
    const iin = await somebody(nth(0));
    for (let n = 1; n <= 10; n += 1) await passwords.set(iin, await passwords.prepare(iin, nth(n)), later(n));
    for (const n of [1, 5, 10]) {
      await expect(passwords.prepare(iin, nth(n))).rejects.toMatchObject({ broken: ['reused'] });
    }
    await expect(passwords.prepare(iin, nth(1).normalize('NFD'))).rejects.toMatchObject({
      broken: ['reused'],
    });
    await passwords.set(iin, await passwords.prepare(iin, nth(0)), later(11));
    await expect(passwords.prepare(iin, nth(0))).rejects.toMatchObject({ broken: ['reused'] });
    expect((await passwords.prepare(iin, nth(1))).length).toBeGreaterThan(0);
  });

  it('knows a password again that was rehashed meanwhile', async () => {
    const iin = await somebody();
    const dearer = await openServices({
      ...opened.config,
      passwordCost: { memoryKiB: 128, passes: 3, lanes: 1 },
    });
    await dearer.passwords.check(iin, RIGHT, NOW);
    await expect(dearer.passwords.prepare(iin, RIGHT)).rejects.toMatchObject({ broken: ['reused'] });
    await dearer.close();
  });

  it('takes any earlier password where the rule is off, and keeps none', async () => {
    const iin = await somebody();
    const lax = await openServices({
      ...opened.config,
      passwordRules: { ...DEFAULT_PASSWORD_RULES, reuse: 0 },
    });
    await lax.passwords.set(iin, await lax.passwords.prepare(iin, RIGHT), NOW);
    await lax.close();
    // What is not kept cannot be compared with, also by those who would.
    expect((await passwords.prepare(iin, RIGHT)).length).toBeGreaterThan(0);
  });

  it('grows old after ninety days, to the millisecond', async () => {
    const iin = await somebody();
    const { id } = (await opened.storage.accounts.personByIin(iin))!;
    const day = 24 * 60 * 60_000;
    const at = (ms: number): Date => new Date(NOW.getTime() + ms);
    const expiresAt = at(90 * day);
    expect(await passwords.stateOf(id, at(90 * day - 1))).toEqual({
      set: true,
      changedAt: NOW,
      expiresAt,
      expired: false,
      temporaryUntil: null,
    });
    expect(await passwords.stateOf(id, expiresAt)).toMatchObject({ expired: true });
    await passwords.set(iin, await passwords.prepare(iin, 'Another word 41'), expiresAt);
    expect(await passwords.stateOf(id, expiresAt)).toMatchObject({ expired: false });
  });

  it('never grows old where passwords do not, nor where there is none', async () => {
    const [iin, passwordless] = [await somebody(), nextIin()];
    const without = await opened.storage.accounts.addPerson({ iin: passwordless, name: 'Айгүл' }, NOW);
    const ageless = await openServices({
      ...opened.config,
      passwordRules: { ...DEFAULT_PASSWORD_RULES, maxAgeMs: 0 },
    });
    const { id } = (await ageless.accounts.personByIin(iin))!;
    const far = new Date('2100-01-01T00:00:00Z');
    expect(await ageless.passwords.stateOf(id, far)).toMatchObject({ set: true, expired: false });
    await ageless.close();
    expect(await passwords.stateOf(without.id, far)).toEqual({
      set: false,
      changedAt: null,
      expiresAt: null,
      expired: false,
      temporaryUntil: null,
    });
  });

  it('is replaced only while it is the one that was found right, and failures stand', async () => {
    const iin = await somebody();
    const check = await passwords.check(iin, RIGHT, NOW);
    const since = check.outcome === 'right' ? check.changedAt : new Date(0);
    for (let failure = 0; failure < 5; failure += 1) await wrong(iin);
    const later = new Date(NOW.getTime() + 1);
    const prepared = await passwords.prepare(iin, 'Another word 41');
    expect(await passwords.replace(iin, prepared, later, since)).toBe(true);
    expect(await passwords.replace(iin, await passwords.prepare(iin, 'A third word 42'), later, since)).toBe(
      false,
    );
    expect(await passwords.check(iin, 'Another word 41', NOW)).toMatchObject({ outcome: 'blocked' });
    await passwords.clearFailures(iin);
    expect(await passwords.check(iin, 'Another word 41', NOW)).toMatchObject({ outcome: 'right' });
  });
});

describe('a provisional password', () => {
  interface Place {
    readonly membershipId: string;
    readonly organisationId: string;
  }
  let organisations = 190_340_000_100;
  const placeOf = async (iin: Iin): Promise<Place> => {
    const { accounts } = opened.storage;
    const bin = parseBin(String((organisations += 1)))!;
    const { id: organisationId } = await accounts.addOrganisation({ name: 'Терек', bin }, NOW);
    const { id: membershipId } = await addMember(accounts, { organisationId, iin }, NOW);
    return { membershipId, organisationId };
  };
  const reachOf = async (iin: Iin, password: string): Promise<readonly string[] | null> => {
    const check = await passwords.check(iin, password, NOW);
    return check.outcome === 'right' ? check.confinedTo : [check.outcome];
  };
  const plant = async (iin: Iin, password: string, place: Place): Promise<void> => {
    const account = (await opened.storage.accounts.accountById(place.membershipId))!;
    await passwords.set(iin, await passwords.prepare(iin, password, account), NOW, place);
  };
  const confined = async (): Promise<{ iin: Iin; place: Place }> => {
    const iin = nextIin();
    const place = await placeOf(iin);
    await plant(iin, RIGHT, place);
    expect(await reachOf(iin, RIGHT)).toEqual([place.membershipId]);
    return { iin, place };
  };
  const later = new Date(NOW.getTime() + 1);

  it('stays so when it is replaced by somebody who knows it', async () => {
    const { iin, place } = await confined();
    const prepared = await passwords.prepare(iin, 'Another word 41');
    expect(await passwords.replace(iin, prepared, later, NOW)).toBe(false);
    expect(await passwords.replace(iin, prepared, later, NOW, place)).toBe(true);
    expect(await reachOf(iin, 'Another word 41')).toEqual([place.membershipId]);
    expect(await reachOf(iin, RIGHT)).toEqual(['wrong']);
  });

  it('stays so when it is set anew without the person’s own EDS, and when it is hashed anew', async () => {
    const { iin, place } = await confined();
    const dearer = await openServices({
      ...opened.config,
      passwordCost: { memoryKiB: 128, passes: 4, lanes: 1 },
    });
    await dearer.passwords.check(iin, RIGHT, NOW);
    await dearer.close();
    expect(await reachOf(iin, RIGHT)).toEqual([place.membershipId]);
    await passwords.set(iin, await passwords.prepare(iin, 'Another word 41'), later);
    expect(await reachOf(iin, 'Another word 41')).toEqual([place.membershipId]);
  });

  it('stands beside the one the person sets with their EDS, which reaches everywhere', async () => {
    const { iin, place } = await confined();
    await passwords.set(iin, await passwords.prepare(iin, 'Another word 41'), later, 'everywhere');
    expect(await reachOf(iin, 'Another word 41')).toBeNull();
    expect(await reachOf(iin, RIGHT)).toEqual([place.membershipId]);
  });

  it('of several organisations is each good for its own, and one set twice for both', async () => {
    const { iin, place: first } = await confined();
    const [second, third] = [await placeOf(iin), await placeOf(iin)];
    await plant(iin, 'Another word 41', second);
    await plant(iin, RIGHT, third);
    expect(await reachOf(iin, 'Another word 41')).toEqual([second.membershipId]);
    expect([...(await reachOf(iin, RIGHT))!].sort()).toEqual([first.membershipId, third.membershipId].sort());
    expect(await reachOf(iin, 'A third word 42')).toEqual(['wrong']);
  });

  it('costs whoever tries passwords one computation, however many there are', async () => {
    const iin = await somebody();
    for (let place = 0; place < 3; place += 1) await plant(iin, `Another word 4${place}`, await placeOf(iin));
    const { id } = (await opened.storage.accounts.personByIin(iin))!;
    const hashes = await Promise.all(
      ['passwords', 'provisional_access'].map((table) => hashesOf(opened, table, id)),
    );
    expect(hashes.flat()).toHaveLength(4);
    expect(new Set(hashes.flat().map((hash) => hash.split('$').at(-2))).size).toBe(1);
    expect(await reachOf(iin, RIGHT)).toBeNull();
    expect(await reachOf(iin, 'Another word 42')).toHaveLength(1);
  });

  it('gives no more tries at the person’s own: a right one clears nothing but what was counted on it', async () => {
    const iin = await somebody();
    const place = await placeOf(iin);
    await plant(iin, 'Another word 41', place);
    for (let round = 0; round < 2; round += 1) {
      for (let failure = 0; failure < 4 && round === 0; failure += 1) await wrong(iin);
      expect(await reachOf(iin, 'Another word 41')).toEqual([place.membershipId]);
      expect(await passwords.clearFailures(iin, place)).toEqual({ lifted: false });
      await wrong(iin);
    }
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'blocked' });
    expect(await passwords.isBlocked(iin)).toBe(true);
    // And a person who mistypes their own does not lock themselves out of the place that let them in.
    expect(await reachOf(iin, 'Another word 41')).toEqual([place.membershipId]);
  });

  it('is closed after five wrong ones in a row like any other', async () => {
    const { iin } = await confined();
    for (let failure = 0; failure < 5; failure += 1) await wrong(iin);
    expect(await reachOf(iin, RIGHT)).toEqual(['blocked']);
  });

  it('gives a storm of parallel attempts five comparisons and no sixth', async () => {
    const { iin, place } = await confined();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => passwords.check(iin, `wrong ${index}`, NOW, place)),
    );
    expect(answers.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5);
    expect(await passwords.check(iin, RIGHT, NOW, place)).toMatchObject({ outcome: 'blocked' });
    expect(await passwords.isBlocked(iin)).toBe(false);
  });

  it('is not held to what the person did elsewhere: neither to earlier passwords nor to other names', async () => {
    const iin = await somebody('Qarlygash-2026-Ұя');
    const { accounts } = opened.storage;
    await accounts.addOrganisation({ name: 'Бұлбұл', bin: parseBin(String((organisations += 1)))! }, NOW);
    const elsewhere = (await accounts.organisationByBin(parseBin(String(organisations))!))!.id;
    await addMember(accounts, { organisationId: elsewhere, iin }, NOW);
    const place = await placeOf(iin);
    const account = (await accounts.accountById(place.membershipId))!;
    await expect(passwords.prepare(iin, 'Qarlygash-2026-Ұя')).rejects.toMatchObject({ broken: ['reused'] });
    await expect(passwords.prepare(iin, 'Qarlygash-2026-Ұя', account)).resolves.toMatch(/^\$argon2id/);
    await expect(passwords.prepare(iin, 'Бұлбұл-2026-Ашық')).rejects.toMatchObject({ broken: ['context'] });
    await expect(passwords.prepare(iin, 'Бұлбұл-2026-Ашық', account)).resolves.toMatch(/^\$argon2id/);
  });
});

async function hashesOf(
  { query }: TemporaryStorage,
  table = 'passwords',
  personId: string | null = null,
): Promise<string[]> {
  const whose = personId === null ? '' : ` where person_id = '${personId}'`;
  return (await query(`select hash from ${table}${whose}`)).map(({ hash }) => String(hash));
}
