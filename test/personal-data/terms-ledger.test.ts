/** What is kept of acceptances, and of wrong numbers at an invitation, in a real store. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { DEFAULT_TERMS_DIRECTORY, loadTerms, type Terms } from '../../src/personal-data/terms.js';
import { nextIin } from '../support/lab-gateway.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const DAY_MS = 24 * 60 * 60_000;
const signed = (version: string) => ({
  challenge: { subjectId: `${version}/kk`, text: 'Мен шарттарды қабылдаймын' },
  cms: new Uint8Array([0x30, 0x00, 0xff]),
  certificate: { sha256: 'ab'.repeat(32) },
});

describe('the ledger of terms', () => {
  let opened: TemporaryStorage;
  let terms: Terms;
  beforeAll(async () => {
    terms = await loadTerms(DEFAULT_TERMS_DIRECTORY, NOW);
    opened = await openTemporaryStorage({ terms: { terms, atSignIn: 'ask', passwordGraceMs: 14 * DAY_MS } });
  });
  afterAll(() => opened.remove());

  const somebody = async () => {
    const { accounts } = opened.storage;
    return accounts.addPerson({ iin: parseIin(nextIin())!, name: 'Айгүл Серікова' }, NOW);
  };

  it('gives back to a person, and to nobody else, exactly what was signed', async () => {
    const [person, other] = [await somebody(), await somebody()];
    const { terms: ledger } = opened.storage;
    const { id } = await ledger.accept(person.id, signed('1.0'), NOW);
    expect(await ledger.evidenceOf(person.id, id)).toMatchObject({
      version: '1.0',
      language: 'kk',
      acceptedAt: NOW,
      signedText: signed('').challenge.text,
      signature: signed('').cms,
    });
    expect(await ledger.evidenceOf(other.id, id)).toBeNull();
    expect(await ledger.evidenceOf(person.id, 'ШШ')).toBeNull();
    expect(await ledger.acceptancesOf(other.id)).toEqual([]);
  });

  it('lists the newest first', async () => {
    const person = await somebody();
    for (const [day, version] of ['1.0', '2.0', '3.0'].entries()) {
      await opened.storage.terms.accept(person.id, signed(version), new Date(NOW.getTime() + day * DAY_MS));
    }
    const versions = (await opened.storage.terms.acceptancesOf(person.id)).map(({ version }) => version);
    expect(versions).toEqual(['3.0', '2.0', '1.0']);
  });

  it('takes nothing for a person nobody knows, and nothing that was not about terms', async () => {
    await expect(opened.storage.terms.accept(randomUUID(), signed('1.0'), NOW)).rejects.toThrow();
    const person = await somebody();
    const login = { ...signed(''), challenge: { subjectId: null, text: 'x' } };
    await expect(opened.storage.terms.accept(person.id, login, NOW)).rejects.toThrow(RangeError);
    expect(await opened.storage.terms.acceptancesOf(person.id)).toEqual([]);
  });

  it('asks whoever has not accepted the version in force, a password only after its grace', async () => {
    const person = await somebody();
    const account = { person, membership: { since: NOW } } as Parameters<typeof opened.storage.terms.owes>[0];
    const { terms: ledger } = opened.storage;
    const later = new Date(NOW.getTime() + 15 * DAY_MS);
    expect(await ledger.owes(account, 'eds', NOW)).toBe(true);
    expect(await ledger.owes(account, 'password', NOW)).toBe(false);
    expect(await ledger.owes(account, 'password', later)).toBe(true);
    await ledger.accept(person.id, signed(terms.at(later).version), NOW);
    expect([await ledger.owes(account, 'eds', later), await ledger.owes(account, 'password', later)]).toEqual(
      [false, false],
    );
  });

  it('keeps no acceptance whose unit failed', async () => {
    const person = await somebody();
    const failing = opened.storage.atomically(async (stores) => {
      await stores.terms.accept(person.id, signed('1.0'), NOW);
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await opened.storage.terms.acceptancesOf(person.id)).toEqual([]);
  });

  it('counts wrong numbers at an invitation one by one, also when they come together', async () => {
    const { invitationAttempts } = opened.storage;
    const invitation = randomUUID();
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => invitationAttempts.count(invitation, NOW)),
    );
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await invitationAttempts.release(invitation);
    expect(await invitationAttempts.count(invitation, NOW)).toBe(20);
    expect(await invitationAttempts.count(randomUUID(), NOW)).toBe(1);
  });
});
