import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { issueChallenge } from '../../src/challenge/challenge.js';
import { type ChallengeStore } from '../../src/challenge/store.js';
import { openServices } from '../../src/services.js';
import { purging } from '../../src/storage/upkeep/purging.js';
import { addMember } from '../support/members.js';
import { NEW_SESSION, NOW, STARTED } from '../support/sample-records.js';
import {
  openTemporaryStorage,
  temporaryEngine,
  type TemporaryStorage,
} from '../support/temporary-storage.js';

const days = (count: number): Date => new Date(NOW.getTime() + count * 24 * 60 * 60_000);
const IIN = parseIin('920101300125')!;
const CHALLENGE = {
  origin: 'https://login.example.kz',
  purpose: 'login',
  holder: { kind: 'address', name: '203.0.113.7' },
  now: NOW,
} as const;

let opened: TemporaryStorage;
beforeEach(async () => {
  opened = await openTemporaryStorage();
});
afterEach(() => opened.remove());

describe('opening a store', () => {
  it('finds everything again that was there', async () => {
    const { storage, config } = opened;
    await storage.accounts.addOrganisation({ name: 'Қақпа', bin: parseBin('123456789021')! }, NOW);
    await storage.accounts.addPerson({ iin: IIN, name: 'Айгүл' }, NOW);
    await storage.audit.append(STARTED);
    const again = await openServices(config);
    expect(await again.accounts.organisations()).toMatchObject([{ name: 'Қақпа' }]);
    expect(await again.accounts.personByIin(IIN)).toMatchObject({ iin: IIN, name: 'Айгүл' });
    expect(await again.audit.verify()).toMatchObject({ intact: true, records: 1 });
    await again.close();
  });

  it('is refused with another master key than the first', async () => {
    const wrong = { ...opened.config, masterKey: new Uint8Array(32).fill(8) };
    await expect(openServices(wrong)).rejects.toMatchObject({ code: 'MASTER_KEY_WRONG' });
  });

  it('is refused to a program older than the schema', async () => {
    await opened.query(`insert into schema_migrations values (999, 'later', 0)`);
    await expect(openServices(opened.config)).rejects.toMatchObject({ code: 'STORAGE_SCHEMA_NEWER' });
  });

  it.each([
    ['mysql://localhost/qaqpa', 'STORAGE_URL_INVALID'],
    ['postgres://127.0.0.1:1/qaqpa', 'STORAGE_UNAVAILABLE'],
    ['postgres://127.0.0.1/qaqpa?sslmode=require', 'STORAGE_URL_INVALID'],
    ['sqlite::memory:', 'STORAGE_URL_INVALID'],
    ['sqlite:', 'STORAGE_URL_INVALID'],
    ['sqlite:/no/such/folder/qaqpa.db', 'STORAGE_UNAVAILABLE'],
  ])('is refused for %s', async (databaseUrl, code) => {
    await expect(openServices({ ...opened.config, databaseUrl })).rejects.toMatchObject({ code });
  });

  it('migrates once when five open a new store together', async () => {
    const config = { ...opened.config, databaseUrl: await opened.emptyDatabase() };
    const stores = await Promise.all(Array.from({ length: 5 }, () => openServices(config)));
    await Promise.all(stores.map((store) => store.audit.append(STARTED)));
    expect(await stores[0]!.audit.verify()).toMatchObject({ intact: true, records: 5 });
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe('a unit of work', () => {
  it('keeps everything or nothing', async () => {
    const { storage } = opened;
    const work = storage.atomically(async ({ sessions, audit, accounts }) => {
      await sessions.create(NEW_SESSION, NOW);
      await accounts.addPerson({ iin: IIN, name: 'Айгүл' }, NOW);
      await audit.append(STARTED);
      throw new Error('the last step failed');
    });
    await expect(work).rejects.toThrow('the last step failed');
    expect(await storage.sessions.list({ personId: 'person' }, NOW)).toEqual([]);
    expect(await storage.accounts.personByIin(IIN)).toBeNull();
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 0 });
  });

  it('keeps no session whose audit record cannot be written', async () => {
    const { storage } = opened;
    await opened.query(
      temporaryEngine() === 'sqlite'
        ? `create trigger full before insert on audit_records begin select raise(abort, 'no room'); end`
        : `create trigger nowhere before insert on audit_records for each row execute function audit_refuses('no room')`,
    );
    const login = storage.atomically(async ({ sessions, audit }) => {
      const { token } = await sessions.create(NEW_SESSION, NOW);
      await audit.append(STARTED);
      return token;
    });
    await expect(login).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      cause: { message: expect.stringContaining('no room') },
    });
    expect(await storage.sessions.list({ personId: 'person' }, NOW)).toEqual([]);
  });

  it('fails at once, and does not wait for itself, when it uses the stores outside', async () => {
    const { storage } = opened;
    await expect(storage.atomically(() => storage.audit.append(STARTED))).rejects.toThrow(
      'only the stores it was given',
    );
    await storage.audit.append(STARTED);
    expect(await storage.audit.verify()).toMatchObject({ records: 1 });
  });

  it('waits for its turn and mixes with no other', async () => {
    const { storage } = opened;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        storage.atomically(async ({ audit }) => {
          await audit.append(STARTED);
          await new Promise((resolve) => setImmediate(resolve));
          await audit.append(STARTED);
        }),
      ),
    );
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 40 });
  });
});

describe('the audit table', () => {
  beforeEach(async () => {
    for (let index = 0; index < 5; index += 1)
      await opened.storage.audit.append({ ...STARTED, details: { index } });
  });

  const ownWays =
    temporaryEngine() === 'sqlite'
      ? [`insert or replace into audit_records select * from audit_records where sequence = 3`]
      : [
          `insert into audit_records select * from audit_records where sequence = 3
            on conflict (sequence) do update set reason = 'none'`,
          `truncate audit_records`,
          `truncate audit_tree`,
        ];
  it.each([
    ...ownWays,
    `update audit_records set reason = 'none' where sequence = 3`,
    `delete from audit_records where sequence = 3`,
    `update audit_records set leaf_index = 0, reason = 'none' where sequence = 3`,
    `update audit_tree set size = -1`,
    ...['audit_tree', 'audit_beginning'].map((table) => `delete from ${table}`),
  ])('refuses %s', async (statement) => {
    // By its message: the native module throws the error class of whichever test file of the process loaded it first.
    await expect(opened.query(statement)).rejects.toMatchObject({
      message: expect.stringContaining('never'),
    });
  });

  it('is read in pages, oldest first, and from its end, newest first', async () => {
    const { audit } = opened.storage;
    expect((await audit.list({ after: 2, limit: 2 })).map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect((await audit.latest(2)).map(({ sequence }) => sequence)).toEqual([5, 4]);
    await audit.append({ ...STARTED, organisationId: 'mine' });
    expect(await audit.list({ organisationId: 'mine' })).toMatchObject([{ sequence: 6 }]);
  });
});

describe('what is sealed', () => {
  it('is not believed when it was changed, nor when it was moved to another person', async () => {
    const { accounts } = opened.storage;
    await accounts.addPerson({ iin: IIN, name: 'Айгүл' }, NOW);
    const other = parseIin('920101300126')!;
    await accounts.addPerson({ iin: other, name: 'Ержан' }, NOW);
    const corrupt = { code: 'STORAGE_CORRUPT' };
    const { id } = (await accounts.personByIin(other))!;
    await opened.query(`update people set name_sealed = (select name_sealed from people where id = '${id}')`);
    await expect(accounts.personByIin(IIN)).rejects.toMatchObject(corrupt);
    expect(await accounts.personByIin(other)).toMatchObject({ name: 'Ержан' });
    await opened.query(`update subject_keys set wrapped_key = '1.AAAA'`);
    await expect(accounts.personByIin(other)).rejects.toMatchObject(corrupt);
  });

  it('is gone with the person’s key', async () => {
    const { accounts } = opened.storage;
    const organisation = await accounts.addOrganisation({ name: 'X', bin: parseBin('123456789021')! }, NOW);
    await addMember(accounts, { organisationId: organisation.id, iin: IIN }, NOW);
    await opened.query('delete from subject_keys');
    expect(await accounts.personByIin(IIN)).toBeNull();
    expect(await accounts.accountsOf(IIN)).toEqual([]);
  });
});

describe('sweeping', () => {
  const counts = async (...tables: string[]): Promise<number[]> => {
    const numbers = [];
    for (const table of tables) numbers.push((await opened.query(`select * from ${table}`)).length);
    return numbers;
  };

  /** As after a rush: none has more than one may have. */
  const issueMany = async (challenges: ChallengeStore, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const holder = { kind: 'address', name: `192.0.2.${index % 250}` } as const;
      await issueChallenge(challenges, { ...CHALLENGE, holder });
    }
  };

  it('forgets what nobody can use, and keeps what still counts', async () => {
    const { storage } = opened;
    await issueChallenge(storage.challenges, CHALLENGE);
    await storage.sessions.create(NEW_SESSION, NOW);
    await storage.accounts.addPerson({ iin: IIN, name: 'Айгүл' }, NOW);
    for (const iin of [IIN, parseIin('000000000001')!]) await storage.passwords.check(iin, 'wrong', NOW);
    await storage.purge(NOW);
    expect(await counts('challenges', 'sessions', 'password_attempts')).toEqual([1, 1, 2]);
    await storage.purge(days(91));
    expect(await counts('challenges', 'sessions', 'password_attempts')).toEqual([0, 0, 1]);
  });

  it('takes more than one slice of what lies there after a rush', async () => {
    const { storage } = opened;
    await storage.atomically(async (stores) => {
      await issueMany(stores.challenges, 1_001);
    });
    await storage.purge(days(1));
    expect(await counts('challenges')).toEqual([0]);
  });

  const run = (
    storage: Pick<Storage, 'purge'>,
    at: Date,
    signal = new AbortController().signal,
  ): Promise<void> => purging(storage, () => at).run(signal);

  it('is done at the start and every minute, by one instance for all', async () => {
    const { storage } = opened;
    const job = purging(storage, () => days(91));
    expect(job).toMatchObject({ pace: { everyMs: 60_000, atOnce: true }, oncePerCluster: true });
    await issueChallenge(storage.challenges, CHALLENGE);
    await storage.sessions.create(NEW_SESSION, NOW);
    await run(storage, days(91));
    expect(await counts('challenges', 'sessions')).toEqual([0, 0]);
  });

  it('ends with the slice under way, so that the store can be closed', async () => {
    const again = await openServices(opened.config);
    await again.atomically(async (stores) => {
      await issueMany(stores.challenges, 1_001);
    });
    const stop = new AbortController();
    const purged = run(again, days(1), stop.signal);
    stop.abort();
    await purged;
    await again.close();
    expect(await counts('challenges')).toEqual([501]);
  });

  it('fails where the store does', async () => {
    const closed = await openServices(opened.config);
    await closed.close();
    await expect(run(closed, NOW)).rejects.toThrow();
  });
});
