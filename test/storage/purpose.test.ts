import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { type Purpose } from '../../src/storage/tables/purpose.js';
import { NOW, STARTED } from '../support/sample-records.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const REFUSED = { name: 'StorageError', code: 'STORAGE_PURPOSE' };

let opened: TemporaryStorage;
beforeEach(async () => {
  opened = await openTemporaryStorage();
});
afterEach(() => opened.remove());
const openFor = async (purpose: Purpose): Promise<void> => {
  await (await openServices({ ...opened.config, purpose })).close();
};

describe('a database of a demonstration', () => {
  it('is opened for a demonstration again and again, and never for real', async () => {
    await openFor('demonstration');
    await opened.storage.audit.append(STARTED);
    await openFor('demonstration');
    await expect(openFor('real')).rejects.toMatchObject(REFUSED);
    await openFor('demonstration');
  });

  it('is opened by commands, which are for both', async () => {
    await openFor('demonstration');
    const storage = await openServices(opened.config);
    expect(await storage.accounts.organisations()).toEqual([]);
    await storage.close();
  });
});

describe('a database for real', () => {
  it('is not marked by being opened, and refused to a demonstration once there is anything in it', async () => {
    await openFor('real');
    await openFor('real');
    await opened.storage.audit.append(STARTED);
    await expect(openFor('demonstration')).rejects.toMatchObject(REFUSED);
    await openFor('real');
  });

  it.each<[string, (storage: OpenServices) => Promise<unknown>]>([
    [
      'an organisation',
      ({ accounts }) => accounts.addOrganisation({ name: 'Қақпа', bin: parseBin('123456789021')! }, NOW),
    ],
    [
      'a person',
      ({ accounts }) => accounts.addPerson({ iin: parseIin('920101300125')!, name: 'Айгүл' }, NOW),
    ],
    ['a record', ({ audit }) => audit.append(STARTED)],
  ])('is refused to a demonstration for %s alone', async (_what, add) => {
    await add(opened.storage);
    await expect(openFor('demonstration')).rejects.toMatchObject(REFUSED);
  });
});

it('a database that an earlier version filled for a demonstration is known as one', async () => {
  const { storage } = opened;
  const bin = parseBin('210340900010')!;
  await storage.accounts.addOrganisation({ name: 'Адвокатская контора «Демо-Қақпа»', bin }, NOW);
  await opened.query('drop table installation');
  await opened.query('delete from schema_migrations where version = 10');
  await expect(openFor('real')).rejects.toMatchObject(REFUSED);
  await openFor('demonstration');
});
