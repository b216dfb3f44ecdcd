import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Membership, type Organisation } from '../../src/accounts/account.js';
import { type AccountDirectory } from '../../src/accounts/directory.js';
import { type MembershipStatus } from '../../src/accounts/membership-status.js';
import { type TenantDirectory } from '../../src/accounts/tenant.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');
const BY = { kind: 'membership', id: 'the manager' };

let opened: TemporaryStorage;
let accounts: AccountDirectory;
let organisation: Organisation;
let tenant: TenantDirectory;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ accounts } = opened.storage);
});
afterAll(() => opened.remove());
beforeEach(async () => {
  organisation = await accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW);
  tenant = accounts.tenant(organisation.id);
});

const member = (name = 'Айгүл Серікова', ...roles: string[]): Promise<Membership> =>
  addMember(accounts, { organisationId: organisation.id, iin: nextIin(), name, roles }, NOW);
const begin = async (
  status: 'invited' | 'requested' | 'active',
  roles: string[] = [],
): Promise<Membership> => {
  const person = await accounts.addPerson({ iin: nextIin(), name: 'Болат' }, NOW);
  return tenant.members.add({ personId: person.id, status, roles, by: BY }, NOW);
};
const namesOf = async (query: Parameters<TenantDirectory['members']['list']>[0]): Promise<string[]> =>
  (await tenant.members.list(query)).items.map(({ person }) => person.name);

describe('the status of a membership', () => {
  const STATUSES = ['invited', 'requested', 'active', 'suspended', 'removed'] as const;
  const ALLOWED: Readonly<Record<MembershipStatus, readonly MembershipStatus[]>> = {
    invited: ['active', 'removed'],
    requested: ['active', 'removed'],
    active: ['suspended', 'removed'],
    suspended: ['active', 'removed'],
    removed: [],
  };
  const inStatus = async (status: MembershipStatus): Promise<string> => {
    const { id } = await begin(status === 'suspended' || status === 'removed' ? 'active' : status);
    if (status === 'suspended' || status === 'removed')
      await tenant.members.changeStatus(id, status, BY, NOW);
    return id;
  };

  it.each(STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const)))(
    'goes from %s to %s only where that makes sense',
    async (from, to) => {
      const id = await inStatus(from);
      const change = tenant.members.changeStatus(id, to, BY, LATER);
      if (ALLOWED[from].includes(to)) {
        expect(await change).toMatchObject({ status: to, decision: { by: BY, at: LATER } });
      } else {
        await expect(change).rejects.toMatchObject({ code: 'MEMBERSHIP_STATUS' });
        expect((await tenant.members.get(id)).membership.status).toBe(from);
      }
    },
  );

  it('dates the membership from the day it became one, not from the invitation', async () => {
    const { id } = await begin('invited');
    expect(await tenant.members.changeStatus(id, 'active', BY, LATER)).toMatchObject({
      since: LATER,
      invitedBy: BY,
    });
    const back = new Date(LATER.getTime() + 1000);
    await tenant.members.changeStatus(id, 'suspended', BY, LATER);
    expect(await tenant.members.changeStatus(id, 'active', BY, back)).toMatchObject({ since: LATER });
  });

  it('shows of somebody invited only what was written in the invitation', async () => {
    const iin = nextIin();
    const { id } = await accounts.addPerson({ iin, name: 'ЖАСЫРЫН АТЫ' }, NOW);
    const { id: membershipId } = await tenant.members.add(
      { personId: id, status: 'invited', roles: [], name: 'Жаңа қызметкер', by: BY },
      NOW,
    );
    expect((await tenant.members.get(membershipId)).person.name).toBe('Жаңа қызметкер');
    expect(await namesOf({ limit: 10, name: 'жасырын' })).toEqual([]);
    expect(await namesOf({ limit: 10, name: 'жаңа' })).toEqual(['Жаңа қызметкер']);
    for (const name of ['%', '_', '(*)']) expect(await namesOf({ limit: 10, name })).toEqual([]);
    await tenant.members.changeStatus(membershipId, 'active', BY, NOW);
    expect((await tenant.members.get(membershipId)).person.name).toBe('ЖАСЫРЫН АТЫ');
  });
});

describe('the last manager', () => {
  const LAST = { code: 'LAST_MANAGER' };

  it('cannot be suspended or removed, nor lose the role', async () => {
    const { id } = await member('Айгүл', 'manager', 'hr');
    await member('Болат');
    await expect(tenant.members.changeStatus(id, 'suspended', BY, NOW)).rejects.toMatchObject(LAST);
    await expect(tenant.members.changeStatus(id, 'removed', BY, NOW)).rejects.toMatchObject(LAST);
    await expect(tenant.members.setRoles(id, ['hr'])).rejects.toMatchObject(LAST);
    expect(await tenant.members.setRoles(id, ['manager'])).toMatchObject({ roles: ['manager'] });
  });

  it('is not saved by managers who cannot act: invited, suspended, or suspended everywhere', async () => {
    const { id } = await member('Айгүл', 'manager');
    await begin('invited', ['manager']);
    const suspended = await member('Болат', 'manager');
    await tenant.members.changeStatus(suspended.id, 'suspended', BY, NOW);
    const away = await member('Сәуле', 'manager');
    await accounts.setPersonStatus(away.personId, 'suspended');
    await expect(tenant.members.changeStatus(id, 'removed', BY, NOW)).rejects.toMatchObject(LAST);
    await accounts.setPersonStatus(away.personId, 'active');
    expect(await tenant.members.changeStatus(id, 'removed', BY, NOW)).toMatchObject({ status: 'removed' });
  });

  it('is counted in this organisation alone', async () => {
    const { id } = await member('Айгүл', 'manager');
    const other = await accounts.addOrganisation({ name: 'Басқа', bin: nextBin() }, NOW);
    await addMember(accounts, { organisationId: other.id, iin: nextIin(), roles: ['manager'] }, NOW);
    await expect(tenant.members.setRoles(id, [])).rejects.toMatchObject(LAST);
  });

  it('stays when two managers remove each other at the same moment', async () => {
    const [first, second] = [await member('Айгүл', 'manager'), await member('Болат', 'manager')];
    const removals = [first, second].map(({ id }) =>
      opened.storage.atomically(({ accounts: within }) =>
        within.tenant(organisation.id).members.changeStatus(id, 'removed', BY, NOW),
      ),
    );
    const outcomes = (await Promise.allSettled(removals)).map(({ status }) => status).sort();
    expect(outcomes).toEqual(['fulfilled', 'rejected']);
  });
});

describe('roles', () => {
  it('are given only when they are defined here', async () => {
    const other = await accounts.addOrganisation({ name: 'Басқа', bin: nextBin() }, NOW);
    await accounts.tenant(other.id).roles.define({ name: 'hr', title: 'HR', permissions: [] }, NOW);
    const { id } = await member();
    await expect(tenant.members.setRoles(id, ['hr'])).rejects.toMatchObject({ code: 'ROLE_UNDEFINED' });
    await expect(begin('active', ['hr'])).rejects.toMatchObject({ code: 'ROLE_UNDEFINED' });
    await tenant.roles.define({ name: 'hr', title: 'HR', permissions: [] }, NOW);
    expect(await tenant.members.setRoles(id, ['hr'])).toMatchObject({ roles: ['hr'] });
  });

  it.each([
    ['a name that is taken', { name: 'hr' }, 'ROLE_EXISTS'],
    ['the built-in name', { name: 'manager' }, 'ROLE_BUILT_IN'],
    ['a name of capitals', { name: 'HR' }, 'ROLE_MALFORMED'],
    ['no title', { title: ' ' }, 'NAME_MALFORMED'],
    ['a permission with a space', { permissions: ['cases read'] }, 'PERMISSION_MALFORMED'],
    [
      'a permission of ours that does not exist',
      { permissions: ['qaqpa:everything'] },
      'PERMISSION_MALFORMED',
    ],
    ['an empty permission', { permissions: [''] }, 'PERMISSION_MALFORMED'],
    ['51 permissions', { permissions: Array.from({ length: 51 }, (_, i) => `p${i}`) }, 'ROLE_LIMIT'],
  ])('are not defined with %s', async (_what, change, code) => {
    await tenant.roles.define({ name: 'hr', title: 'HR', permissions: [] }, NOW);
    const definition = { name: 'lawyer', title: 'Заңгер', permissions: ['cases.read'], ...change };
    await expect(tenant.roles.define(definition, NOW)).rejects.toMatchObject({ code });
    expect((await tenant.roles.list()).map(({ name }) => name)).toEqual(['manager', 'hr']);
  });

  it('stay while somebody has them, even somebody invited, and can be deleted afterwards', async () => {
    await tenant.roles.define({ name: 'hr', title: 'HR', permissions: [] }, NOW);
    const { id } = await begin('invited', ['hr']);
    await expect(tenant.roles.delete('hr')).rejects.toMatchObject({ code: 'ROLE_IN_USE' });
    await tenant.members.changeStatus(id, 'removed', BY, NOW);
    await tenant.roles.delete('hr');
    await expect(tenant.roles.delete('hr')).rejects.toMatchObject({ code: 'ROLE_UNKNOWN' });
    await expect(tenant.roles.delete('manager')).rejects.toMatchObject({ code: 'ROLE_BUILT_IN' });
  });

  it('become the claims of those who have them, sorted and without repetition', async () => {
    await tenant.roles.define({ name: 'hr', title: 'HR', permissions: ['staff.write', 'cases.read'] }, NOW);
    await tenant.roles.define(
      { name: 'lawyer', title: 'L', permissions: ['cases.read', 'cases.write'] },
      NOW,
    );
    const { id } = await member('Айгүл', 'lawyer', 'hr');
    expect(await accounts.claimsOf((await accounts.accountById(id))!)).toEqual({
      roles: ['hr', 'lawyer'],
      permissions: ['cases.read', 'cases.write', 'staff.write'],
    });
    await tenant.roles.change({ name: 'hr', title: 'HR', permissions: ['qaqpa:members.read'] });
    expect((await accounts.claimsOf((await accounts.accountById(id))!)).permissions).toEqual([
      'cases.read',
      'cases.write',
      'qaqpa:members.read',
    ]);
  });

  it('give a manager everything of ours, and nobody without a role anything', async () => {
    const claims = async ({ id }: Membership) => accounts.claimsOf((await accounts.accountById(id))!);
    expect((await claims(await member('Айгүл', 'manager'))).permissions).toHaveLength(5);
    expect(await claims(await member('Болат'))).toEqual({ roles: [], permissions: [] });
  });
});

describe('the list of members', () => {
  it('comes in parts that miss nobody and show nobody twice', async () => {
    for (let index = 0; index < 7; index += 1) await member(`Мүше ${index}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    let parts = 0;
    do {
      const page: Awaited<ReturnType<typeof tenant.members.list>> = await tenant.members.list({
        limit: 3,
        cursor,
      });
      seen.push(...page.items.map(({ person }) => person.name));
      cursor = page.nextCursor;
      parts += 1;
    } while (cursor !== null);
    expect(parts).toBe(3);
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, index) => `Мүше ${index}`));
  });

  it('is narrowed by status, role, IIN and the beginnings of names', async () => {
    const iin = nextIin();
    await addMember(
      accounts,
      { organisationId: organisation.id, iin, name: 'СЕРІКОВА АЙГҮЛ ЁЛҚЫЗЫ', roles: ['hr'] },
      NOW,
    );
    await member('Серік Болат', 'manager');
    await begin('requested');
    expect(await namesOf({ limit: 9, name: 'сер' })).toHaveLength(2);
    expect(await namesOf({ limit: 9, name: 'айг серік' })).toEqual(['СЕРІКОВА АЙГҮЛ ЁЛҚЫЗЫ']);
    expect(await namesOf({ limit: 9, name: 'ел' })).toEqual(['СЕРІКОВА АЙГҮЛ ЁЛҚЫЗЫ']);
    expect(await namesOf({ limit: 9, name: 'кова' })).toEqual([]);
    expect(await namesOf({ limit: 9, iin })).toEqual(['СЕРІКОВА АЙГҮЛ ЁЛҚЫЗЫ']);
    expect(await namesOf({ limit: 9, iin: nextIin() })).toEqual([]);
    expect(await namesOf({ limit: 9, role: 'manager' })).toEqual(['Серік Болат']);
    expect(await namesOf({ limit: 9, status: 'requested' })).toEqual(['Болат']);
    expect(await namesOf({ limit: 9, status: 'requested', name: 'сер' })).toEqual([]);
  });

  it.each([
    '',
    'x',
    'e30',
    'W10',
    'WzEsMl0',
    Buffer.from('[1,"a",2]').toString('base64url'),
    'A'.repeat(300),
  ])('knows no cursor %j', async (cursor) => {
    await expect(tenant.members.list({ limit: 3, cursor })).rejects.toMatchObject({
      code: 'CURSOR_MALFORMED',
    });
  });

  it.each([0, -1, 101, 1.5, Number.NaN])('has no parts of %p', async (limit) => {
    await expect(async () => tenant.members.list({ limit })).rejects.toThrow(RangeError);
  });

  it('takes no role for a pattern', async () => {
    await member('Айгүл', 'manager');
    await expect(async () => tenant.members.list({ limit: 3, role: '%' })).rejects.toMatchObject({
      code: 'ROLE_MALFORMED',
    });
  });
});

describe('another organisation', () => {
  it('answers nothing about what is not its own, and changes none of it', async () => {
    const mine = await member('Айгүл', 'manager');
    const invited = await begin('invited');
    const account = (await accounts.accountById(mine.id))!;
    const certificate = { sha256: 'ab'.repeat(32), serialNumber: '0a', notAfter: LATER };
    await accounts.bindCertificate(account, certificate, NOW);
    const { invitation } = await tenant.invitations.create(
      { membershipId: invited.id, expiresAt: LATER, by: BY },
      NOW,
    );
    await tenant.roles.define({ name: 'hr', title: 'HR', permissions: [] }, NOW);

    const other = accounts.tenant(
      (await accounts.addOrganisation({ name: 'Басқа', bin: nextBin() }, NOW)).id,
    );
    const unknown = { code: 'MEMBERSHIP_UNKNOWN' };
    const named = { membershipId: mine.id, sha256: certificate.sha256 };
    await expect(other.members.get(mine.id)).rejects.toMatchObject(unknown);
    await expect(other.members.changeStatus(mine.id, 'removed', BY, NOW)).rejects.toMatchObject(unknown);
    await expect(other.members.setRoles(mine.id, [])).rejects.toMatchObject(unknown);
    const creating = other.invitations.create({ membershipId: invited.id, expiresAt: LATER, by: BY }, NOW);
    await expect(creating).rejects.toMatchObject(unknown);
    await expect(other.invitations.revoke(invitation.id, NOW)).rejects.toMatchObject({
      code: 'INVITATION_UNKNOWN',
    });
    expect(await other.invitations.revokeAllOf(invited.id, NOW)).toBe(0);
    await expect(other.certificates.decide(named, 'revoked', BY, NOW)).rejects.toMatchObject({
      code: 'CERTIFICATE_BINDING_UNKNOWN',
    });
    await expect(other.roles.change({ name: 'hr', title: 'X', permissions: [] })).rejects.toMatchObject({
      code: 'ROLE_UNKNOWN',
    });
    await expect(other.roles.delete('hr')).rejects.toMatchObject({ code: 'ROLE_UNKNOWN' });
    expect(await other.members.ofPerson(mine.personId)).toBeNull();
    expect(await other.members.ofIin(account.person.iin)).toBeNull();
    expect(await other.members.holdersOf('manager')).toEqual([]);
    expect(await other.certificates.of(mine.id)).toEqual([]);
    expect((await other.members.list({ limit: 100 })).items).toEqual([]);
    expect((await other.members.list({ limit: 100, iin: account.person.iin })).items).toEqual([]);
    expect((await other.invitations.list({ limit: 100 }, NOW)).items).toEqual([]);
    expect((await other.certificates.list({ limit: 100, membershipId: mine.id })).items).toEqual([]);
    const cursor = Buffer.from(JSON.stringify([0, ''])).toString('base64url');
    expect((await other.members.list({ limit: 100, cursor })).items).toEqual([]);

    expect(await tenant.members.get(mine.id)).toEqual(account);
    expect((await tenant.certificates.of(mine.id))[0]).toMatchObject({ status: 'active', decision: null });
    expect((await tenant.invitations.list({ limit: 9, state: 'open' }, NOW)).items).toHaveLength(1);
  });

  it('that does not exist has no members, roles or settings to change', async () => {
    const nowhere = accounts.tenant('nowhere');
    const unknown = { code: 'ORGANISATION_UNKNOWN' };
    const person = await accounts.addPerson({ iin: nextIin(), name: 'Болат' }, NOW);
    const adding = nowhere.members.add({ personId: person.id, status: 'active', roles: [], by: BY }, NOW);
    await expect(adding).rejects.toMatchObject(unknown);
    await expect(nowhere.organisation()).rejects.toMatchObject(unknown);
    await expect(nowhere.changeSettings({})).rejects.toMatchObject(unknown);
    await expect(
      nowhere.roles.define({ name: 'hr', title: 'HR', permissions: [] }, NOW),
    ).rejects.toMatchObject(unknown);
  });
});

describe('the settings of an organisation', () => {
  it.each([
    ['sessions of a second', { session: { idleMs: 1000, lifetimeMs: 60_000, maxConcurrent: null } }],
    [
      'an idle limit above the lifetime',
      { session: { idleMs: 120_000, lifetimeMs: 60_000, maxConcurrent: 1 } },
    ],
    ['no sessions at all', { session: { idleMs: 60_000, lifetimeMs: 60_000, maxConcurrent: 0 } }],
    ['a session of two days', { session: { idleMs: 60_000, lifetimeMs: 172_800_000, maxConcurrent: 1 } }],
    ['a policy nobody knows', { certificates: 'ignore' as 'accept' }],
    ['an operation that is none', { stepUp: ['Everything!'] }],
  ])('do not take %s', async (_what, change) => {
    await expect(tenant.changeSettings(change)).rejects.toMatchObject({ code: 'SETTINGS_MALFORMED' });
    expect((await tenant.organisation()).settings).toEqual(organisation.settings);
  });

  it('keep what a change does not name', async () => {
    const session = { idleMs: 60_000, lifetimeMs: 120_000, maxConcurrent: 2 };
    await tenant.changeSettings({ session });
    expect(await tenant.changeSettings({ allowPasswords: false, stepUp: ['b', 'a', 'b'] })).toEqual({
      ...organisation.settings,
      session,
      allowPasswords: false,
      stepUp: ['a', 'b'],
    });
  });
});
