import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPasswordHasher, type Passwords } from '../../src/accounts/password.js';
import { type Iin, parseIin } from '../../src/accounts/national-number.js';
import { openStorage } from '../../src/storage/storage.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const RIGHT = 'қақпа ашылды 2026';

let opened: TemporaryStorage;
let passwords: Passwords;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ passwords } = opened.storage);
});
afterAll(() => opened.remove());

let numbers = 200_000_000_000;
const nextIin = (): Iin => parseIin(String((numbers += 1)))!;
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
    expect(await passwords.check(iin, RIGHT, NOW)).toEqual({ outcome: 'right', personId: person!.id });
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
    await passwords.set(iin, await passwords.prepare(iin, 'another password'), NOW);
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'wrong' });
    expect(await passwords.check(iin, 'another password', NOW)).toMatchObject({ outcome: 'right' });
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
    const second = await openStorage(opened.config);
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
    const dearer = await openStorage({
      ...opened.config,
      passwordCost: { memoryKiB: 128, passes: 2, lanes: 1 },
    });
    expect(await dearer.passwords.check(iin, 'wrong password', NOW)).toMatchObject({ outcome: 'wrong' });
    expect(await dearer.passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
    await dearer.close();
    const hashes = await hashesOf(opened.path);
    expect(hashes.filter((hash) => hash.includes('m=128,t=2,p=1'))).toHaveLength(1);
    await passwords.clearFailures(iin);
    expect(await passwords.check(iin, RIGHT, NOW)).toMatchObject({ outcome: 'right' });
  });

  it('keeps argon2id hashes of the default cost unless told otherwise', async () => {
    const hasher = await createPasswordHasher({ memoryKiB: 19_456, passes: 2, lanes: 1 });
    expect(hasher.decoy).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    ['eleven characters', 'elevenchars', 'PASSWORD_TOO_SHORT'],
    ['characters that fall together to eleven', 'e\u0301levenchars', 'PASSWORD_TOO_SHORT'],
    ['129 characters', 'x'.repeat(129), 'PASSWORD_TOO_LONG'],
    ['the IIN', 'my number 920101300125!', 'PASSWORD_CONTAINS_IIN'],
    ['the IIN in full-width digits', 'my number ９２０１０１３００１２５', 'PASSWORD_CONTAINS_IIN'],
  ])('is not given a password of %s', async (_what, password, code) => {
    await expect(async () => passwords.prepare(parseIin('920101300125')!, password)).rejects.toMatchObject({
      code,
    });
  });

  it('is not given a password for a number nobody has', async () => {
    const iin = nextIin();
    const prepared = await passwords.prepare(iin, RIGHT);
    await expect(passwords.set(iin, prepared, NOW)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' });
  });
});

async function hashesOf(path: string): Promise<string[]> {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(path, { readonly: true });
  const hashes = database.prepare('select hash from passwords').pluck().all() as string[];
  database.close();
  return hashes;
}
