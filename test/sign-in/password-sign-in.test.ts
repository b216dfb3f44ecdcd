import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Iin, parseBin } from '../../src/accounts/national-number.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { createPasswordSignIn } from '../../src/sign-in/password-sign-in.js';
import { knock } from '../support/knock.js';
import { nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const RIGHT = 'Терезе ашылды, 2026';
const VISITOR = knock(NOW);

describe('sign-in with a password', () => {
  let opened: TemporaryStorage;
  let second: OpenServices;
  let organisationId: string;
  beforeAll(async () => {
    opened = await openTemporaryStorage();
    second = await openServices(opened.config);
    const bin = parseBin('190340000017')!;
    ({ id: organisationId } = await opened.storage.accounts.addOrganisation({ name: 'Терек', bin }, NOW));
  });
  afterAll(async () => {
    await second.close();
    await opened.remove();
  });

  const member = async (): Promise<{ iin: Iin; personId: string }> => {
    const iin = nextIin();
    const { accounts, passwords } = opened.storage;
    const { id: personId } = await accounts.addPerson({ iin, name: 'Айгүл' }, NOW);
    await accounts
      .tenant(organisationId)
      .members.add({ personId, status: 'active', roles: [], by: null }, NOW);
    await passwords.set(iin, await passwords.prepare(iin, RIGHT), NOW);
    return { iin, personId };
  };
  const attempt = async (
    iin: Iin,
    password: string,
    storage: OpenServices = opened.storage,
  ): Promise<string> => {
    const login = createPasswordSignIn({ storage });
    const result = await login.complete({ iin, password, organisationId: null }, VISITOR);
    return result.outcome === 'admitted' ? 'admitted' : result.code;
  };
  const storm = async (iin: Iin, size: number): Promise<Record<string, number>> => {
    const outcomes = await Promise.all(
      Array.from({ length: size }, (_, n) =>
        attempt(iin, `wrong password ${n}`, n % 2 === 0 ? opened.storage : second),
      ),
    );
    return Object.fromEntries(
      [...new Set(outcomes)].sort().map((code) => [code, outcomes.filter((other) => other === code).length]),
    );
  };

  it('gives a hundred wrong passwords at once, over two instances, five tries and no sixth', async () => {
    const { iin, personId } = await member();
    expect(await storm(iin, 100)).toEqual({ PASSWORD_BLOCKED: 95, PASSWORD_WRONG: 5 });
    expect(await attempt(iin, RIGHT)).toBe('PASSWORD_BLOCKED');
    expect(await attempt(iin, RIGHT, second)).toBe('PASSWORD_BLOCKED');
    const records = (await opened.storage.audit.latest(110)).filter(
      ({ subject }) => subject?.id === personId,
    );
    expect(records.filter(({ type }) => type === 'password.blocked')).toHaveLength(1);
    expect(records.filter(({ type }) => type === 'login.password.refused')).toHaveLength(102);
  });

  it('is opened again on every instance when the failures are cleared on one', async () => {
    const { iin } = await member();
    await storm(iin, 10);
    expect(await second.passwords.clearFailures(iin)).toEqual({ lifted: true });
    expect(await attempt(iin, RIGHT)).toBe('admitted');
  });

  it('treats a number nobody has no differently in the same storm', async () => {
    expect(await storm(nextIin(), 25)).toEqual({ PASSWORD_BLOCKED: 20, PASSWORD_WRONG: 5 });
  });

  describe('that an invitation set', () => {
    let organisations = 190_340_000_200;
    const found = async (): Promise<string> => {
      const bin = parseBin(String((organisations += 1)))!;
      return (await opened.storage.accounts.addOrganisation({ name: 'Қайың', bin }, NOW)).id;
    };
    const join = async (personId: string, id: string): Promise<void> => {
      const details = { personId, status: 'active', roles: [], by: null } as const;
      await opened.storage.accounts.tenant(id).members.add(details, NOW);
    };
    const invited = async (): Promise<{ iin: Iin; personId: string; other: string }> => {
      const { iin, personId } = await member();
      const prepared = await opened.storage.passwords.prepare(iin, INVITED);
      const { membership } = (await opened.storage.accounts.tenant(organisationId).members.ofIin(iin))!;
      const reach = { membershipId: membership.id, organisationId };
      await opened.storage.passwords.set(iin, prepared, NOW, reach);
      const other = await found();
      await join(personId, other);
      return { iin, personId, other };
    };
    const INVITED = 'Есік ашылды, 2026';
    const enter = async (iin: Iin, chosen: string | null): Promise<object> => {
      const login = createPasswordSignIn({ storage: opened.storage });
      const attempt = { iin, password: INVITED, organisationId: chosen };
      const result = await login.complete(attempt, VISITOR);
      return result.outcome === 'admitted' ? { admitted: result.account.organisation.id } : result;
    };

    it('does not open another organisation of the person, and says of it what it says of a stranger’s', async () => {
      const { iin, other } = await invited();
      const refusal = await enter(iin, other);
      expect(refusal).toEqual({ outcome: 'refused', code: 'ACCOUNT_NONE' });
      expect(refusal).toEqual(await enter(iin, await found()));
      const [, { organisationId: where, details } = { organisationId: null, details: {} }] =
        await opened.storage.audit.latest(2);
      expect([where, details]).toEqual([other, { obstacle: 'password-confined' }]);
    });

    it('opens the organisation that invited without asking which, as if there were no other', async () => {
      const { iin } = await invited();
      expect(await enter(iin, null)).toEqual({ admitted: organisationId });
    });

    it('opens nothing once that organisation has let the person go, or does not want passwords', async () => {
      const { iin, personId } = await invited();
      const tenant = opened.storage.accounts.tenant(organisationId);
      await tenant.changeSettings({ allowPasswords: false });
      expect(await enter(iin, null)).toMatchObject({ code: 'ACCOUNT_PASSWORD_NOT_ALLOWED' });
      await tenant.changeSettings({ allowPasswords: true });
      const { membership } = (await tenant.members.ofIin(iin))!;
      expect(membership.personId).toBe(personId);
      await tenant.members.changeStatus(membership.id, 'removed', { kind: 'operator', id: null }, NOW);
      expect(await enter(iin, null)).toEqual({ outcome: 'refused', code: 'PASSWORD_WRONG' });
    });

    it('opens every one once the person has set it with their EDS', async () => {
      const { iin, other } = await invited();
      const prepared = await opened.storage.passwords.prepare(iin, `${INVITED}!`);
      await opened.storage.passwords.set(iin, prepared, NOW, 'everywhere');
      const login = createPasswordSignIn({ storage: opened.storage });
      const attempt = { iin, password: `${INVITED}!`, organisationId: other };
      expect(await login.complete(attempt, VISITOR)).toMatchObject({ outcome: 'admitted' });
    });
  });

  it('opens a session that can only change a password grown old, and a whole one with a young one', async () => {
    const { iin } = await member();
    const at = async (now: Date) => {
      const login = createPasswordSignIn({ storage: opened.storage });
      const result = await login.complete({ iin, password: RIGHT, organisationId: null }, knock(now));
      return result.outcome === 'admitted' ? result.session.obligations : result.code;
    };
    const days = (count: number): Date => new Date(NOW.getTime() + count * 24 * 60 * 60_000);
    expect([await at(days(89)), await at(days(90))]).toEqual([[], ['change-password']]);
  });
});
