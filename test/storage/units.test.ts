import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { openServices } from '../../src/services.js';
import { NEW_SESSION, NOW, STARTED } from '../support/sample-records.js';
import {
  openTemporaryStorage,
  temporaryEngine,
  type TemporaryStorage,
} from '../support/temporary-storage.js';

const IIN = parseIin('920101300125')!;
const PERSON = { personId: 'person' };

let opened: TemporaryStorage;
beforeEach(async () => {
  opened = await openTemporaryStorage();
});
afterEach(() => opened.remove());

/** A reason the database refuses at once, and one it refuses only when asked to commit. */
async function refuseReasons(): Promise<void> {
  if (temporaryEngine() === 'sqlite') {
    await opened.query(`
      create table known (id text primary key);
      create table late (id text references known (id) deferrable initially deferred);
      create trigger refuses before insert on audit_records when new.reason = 'refused'
        begin select raise(abort, 'refused'); end;
      create trigger poisons after insert on audit_records when new.reason = 'poison'
        begin insert into late values ('poison'); end`);
    return;
  }
  await opened.query(`
    create trigger refuses before insert on audit_records for each row
      when (new.reason = 'refused') execute function audit_refuses('refused');
    create constraint trigger poisons after insert on audit_records deferrable initially deferred for each row
      when (new.reason = 'poison') execute function audit_refuses('poison')`);
}

function login(reason: string | null): Promise<string> {
  return opened.storage.atomically(async ({ sessions, audit }) => {
    const { session } = await sessions.create(
      { ...NEW_SESSION, personId: randomUUID(), membershipId: randomUUID() },
      NOW,
    );
    await audit.append({ ...STARTED, ...(reason === null ? {} : { reason }) });
    return session.id;
  });
}

async function kept(): Promise<{ readonly sessions: number; readonly records: number }> {
  const again = await openServices(opened.config);
  const sessions = await opened.query('select id from sessions');
  const log = await again.audit.verify();
  await again.close();
  if (!log.intact) throw new Error(log.fault);
  return { sessions: sessions.length, records: log.records };
}

describe('units that run at the same time', () => {
  it('are kept though others of them fail', async () => {
    await refuseReasons();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => login(index % 3 === 0 ? 'refused' : null)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect(await kept()).toEqual({ sessions: 20, records: 20 });
  });

  it('are all refused, and none of them kept, when what they share cannot be committed', async () => {
    await refuseReasons();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => login(index === 4 ? 'poison' : null)),
    );
    const fulfilled = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(outcomes[4]).toMatchObject({ status: 'rejected' });
    expect(await kept()).toEqual({ sessions: fulfilled, records: fulfilled });
    await login(null);
    expect(await kept()).toEqual({ sessions: fulfilled + 1, records: fulfilled + 1 });
  });

  it('are not kept when they go on after one of their statements has failed', async () => {
    await refuseReasons();
    const stubborn = opened.storage.atomically(async ({ sessions, audit }) => {
      await sessions.create(NEW_SESSION, NOW);
      await audit.append({ ...STARTED, reason: 'refused' }).catch(() => undefined);
    });
    await expect(stubborn).rejects.toMatchObject({ message: 'refused' });
    await login(null);
    expect(await kept()).toEqual({ sessions: 1, records: 1 });
  });

  it('are seen by no one before they are kept', async () => {
    let go = (): void => undefined;
    const looked = new Promise<void>((resolve) => {
      go = resolve;
    });
    let created = (): void => undefined;
    const written = new Promise<void>((resolve) => {
      created = resolve;
    });
    const unit = opened.storage.atomically(async ({ sessions }) => {
      await sessions.create(NEW_SESSION, NOW);
      created();
      await looked;
    });
    await written;
    const seen = await opened.storage.sessions.list(PERSON, NOW);
    go();
    await unit;
    expect(seen).toEqual([]);
    expect(await opened.storage.sessions.list(PERSON, NOW)).toHaveLength(1);
  });

  it('see each what those before it have kept of the person they are about', async () => {
    const counts = await Promise.all(
      Array.from({ length: 8 }, () =>
        opened.storage.atomically(async ({ accounts, sessions }) => {
          await accounts.accountsOf(IIN);
          const before = await sessions.list(PERSON, NOW);
          await sessions.create(NEW_SESSION, NOW);
          return before.length;
        }),
      ),
    );
    expect(counts.toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => index));
  });

  it('use no stores but their own, to write or to read, while others go on', async () => {
    const { storage } = opened;
    const outside = { message: expect.stringContaining('only the stores it was given') };
    const elsewhere = storage.audit.append(STARTED);
    await storage.atomically(async ({ audit }) => {
      await expect(storage.audit.append(STARTED)).rejects.toMatchObject(outside);
      await expect(storage.sessions.list(PERSON, NOW)).rejects.toMatchObject(outside);
      await expect(storage.atomically(() => Promise.resolve())).rejects.toMatchObject(outside);
      await audit.append(STARTED);
    });
    await elsewhere;
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 2 });
  });

  it('may not be used after they have ended', async () => {
    const leaked = await opened.storage.atomically((stores) => Promise.resolve(stores));
    await expect(leaked.audit.append(STARTED)).rejects.toThrow('already committed');
  });
});

describe('two instances', () => {
  it('never both decide on what only one may take', async () => {
    const other = await openServices(opened.config);
    const attempts = [opened.storage, other].flatMap((storage) =>
      Array.from({ length: 10 }, () =>
        storage.atomically(async ({ accounts, sessions, audit }) => {
          await accounts.accountsOf(IIN);
          if ((await sessions.list(PERSON, NOW)).length > 0) return false;
          await audit.append(STARTED);
          await sessions.create(NEW_SESSION, NOW);
          return true;
        }),
      ),
    );
    expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
    await other.close();
    expect(await kept()).toEqual({ sessions: 1, records: 1 });
  });
});

describe('what is slow', () => {
  it('is refused inside a unit, where others wait for it: a password is hashed outside', async () => {
    const { storage } = opened;
    const checking = storage.atomically(({ passwords }) => passwords.check(IIN, 'a password', NOW));
    await expect(checking).rejects.toThrow('inside a unit of work');
    const preparing = storage.atomically(({ passwords }) => passwords.prepare(IIN, 'another password'));
    await expect(preparing).rejects.toThrow('inside a unit of work');
    expect(await storage.passwords.check(IIN, 'a password', NOW)).toMatchObject({ outcome: 'wrong' });
  });
});
