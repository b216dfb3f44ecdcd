import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
let opened: TemporaryStorage;
beforeAll(async () => {
  opened = await openTemporaryStorage();
});
afterAll(() => opened.remove());

describe('an API client', () => {
  it('is known by its secret', async () => {
    const { apiClients } = opened.storage;
    const { client, secret } = await apiClients.add('document flow', NOW);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await apiClients.authenticate(client.id, secret)).toEqual(client);
    expect(await apiClients.list()).toContainEqual(client);
  });

  it('is not known by anything else', async () => {
    const { apiClients } = opened.storage;
    const [mine, other] = [await apiClients.add('mine', NOW), await apiClients.add('other', NOW)];
    for (const secret of ['', other.secret, mine.secret.toLowerCase(), `${mine.secret} `, mine.client.id]) {
      expect(await apiClients.authenticate(mine.client.id, secret)).toBeNull();
    }
    for (const id of ['', 'unknown', mine.client.name, "' or 1=1 --"]) {
      expect(await apiClients.authenticate(id, mine.secret)).toBeNull();
      expect(await apiClients.authenticate(id, '')).toBeNull();
    }
  });

  it('is shut out once it is revoked', async () => {
    const { apiClients } = opened.storage;
    const { client, secret } = await apiClients.add('leaving', NOW);
    expect(await apiClients.revoke(client.id, NOW)).toBe(true);
    expect(await apiClients.revoke(client.id, NOW)).toBe(false);
    expect(await apiClients.authenticate(client.id, secret)).toBeNull();
  });
});
