import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { inPlaces } from '../../src/passwords/password.js';
import { createPasswordThreads, PasswordsBusy } from '../../src/passwords/threads.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');

describe('a password for which there is no place', () => {
  let opened: TemporaryStorage;
  beforeAll(async () => {
    opened = await openTemporaryStorage();
  });
  afterAll(() => opened.remove());

  it('is no attempt: a storm of others closes no path', async () => {
    const iin = parseIin('920101300125')!;
    const crowded = inPlaces(opened.storage.passwords, createPasswordThreads({ places: 0 }));
    for (let tries = 0; tries < 10; tries += 1) {
      await expect(crowded.check(iin, 'Qate-qupiya-soz-12', NOW)).rejects.toBeInstanceOf(PasswordsBusy);
    }
    await expect(crowded.prepare(iin, 'Jasyl-terek-bulaq-12')).rejects.toBeInstanceOf(PasswordsBusy);
    expect(await opened.storage.passwords.isBlocked(iin)).toBe(false);
    expect(await opened.storage.passwords.check(iin, 'x', NOW)).toMatchObject({ outcome: 'wrong' });
  });
});
