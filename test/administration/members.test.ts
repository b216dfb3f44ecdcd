import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Membership } from '../../src/accounts/account.js';
import { approveCertificate, revokeCertificate } from '../../src/administration/certificates.js';
import { type Act, byMember, byPerson, operatorAct, type OrganisationAct } from '../../src/audit/act.js';
import { authorise } from '../../src/administration/authority.js';
import { inviteMember, revokeInvitation } from '../../src/administration/invitations.js';
import {
  approveRequest,
  rejectRequest,
  setMembershipStatus,
  setRoles,
} from '../../src/administration/members.js';
import { addPractice, changeSettings } from '../../src/administration/organisations.js';
import { grantPlatformRole, revokePlatformRole, setPersonStatus } from '../../src/administration/people.js';
import { authorisePlatform } from '../../src/administration/platform.js';
import { changeRole, defineRole } from '../../src/administration/roles.js';
import { type OpenServices } from '../../src/services.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');

let opened: TemporaryStorage;
let storage: OpenServices;
let organisationId: string;
let manager: Membership;
let act: OrganisationAct;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ storage } = opened);
});
afterAll(() => opened.remove());

const member = (...roles: string[]): Promise<Membership> =>
  addMember(storage.accounts, { organisationId, iin: nextIin(), roles }, NOW);
const define = (name: string, ...permissions: string[]) =>
  storage.accounts.tenant(organisationId).roles.define({ name, title: name, permissions }, NOW);
const signIn = async (
  { id, personId }: Membership,
  certificateSha256: string | null = null,
): Promise<string> =>
  (
    await storage.sessions.create(
      {
        personId,
        organisationId,
        membershipId: id,
        method: certificateSha256 === null ? 'password' : 'eds',
        certificateSha256,
        device: null,
        address: null,
      },
      NOW,
    )
  ).token;
const lives = async (token: string): Promise<boolean> => (await storage.sessions.find(token, NOW)) !== null;
const members = (by: Act = act) => authorise(storage, by, 'qaqpa:members.write');
const roles = (by: Act = act) => authorise(storage, by, 'qaqpa:roles.write');
const operator = operatorAct('root', NOW);
const platform = (by: Act = operator) => authorisePlatform(storage, by, 'act');
const rule = (by: Act = operator) => authorisePlatform(storage, by, 'rule');
const lastEvent = async () => (await storage.audit.latest(1))[0]!;
/** What somebody with some permissions, who is no manager, does. */
const limited = (...permissions: string[]): OrganisationAct => ({ ...act, authority: permissions });

beforeEach(async () => {
  const { id } = await storage.accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW);
  organisationId = id;
  manager = await member('manager');
  act = byMember(operatorAct('root', NOW), { membershipId: manager.id, organisationId }, 'all');
});

describe('what a manager does to a member', () => {
  it.each(['suspended', 'removed'] as const)(
    'ends their sessions here when they are %s, and no others',
    async (to) => {
      const somebody = await member();
      const [theirs, managers] = [await signIn(somebody), await signIn(manager)];
      await setMembershipStatus(members(), somebody.id, to);
      expect([await lives(theirs), await lives(managers)]).toEqual([false, true]);
      expect(await lastEvent()).toMatchObject({
        type: `membership.${to}`,
        actor: { kind: 'membership', id: manager.id },
        organisationId,
        details: { sessionsEnded: 1 },
      });
    },
  );

  it('ends their sessions when their roles change, and leaves them when nothing changes', async () => {
    await define('hr');
    const somebody = await member();
    const first = await signIn(somebody);
    await setRoles(members(), somebody.id, []);
    expect(await lives(first)).toBe(true);
    await setRoles(members(), somebody.id, ['hr']);
    expect(await lives(first)).toBe(false);
    expect(await lastEvent()).toMatchObject({
      type: 'membership.changed',
      details: { before: '', after: 'hr' },
    });
  });

  it('ends the sessions of everybody whose role means something else now', async () => {
    await define('hr');
    const [holder, other] = [await member('hr'), await member()];
    const [theirs, others] = [await signIn(holder), await signIn(other)];
    await changeRole(roles(), { name: 'hr', title: 'Кадр', permissions: [] });
    expect(await lives(theirs)).toBe(true);
    await changeRole(roles(), { name: 'hr', title: 'Кадр', permissions: ['staff.write'] });
    expect([await lives(theirs), await lives(others)]).toEqual([false, true]);
  });

  it('ends the sessions of a revoked certificate alone', async () => {
    const somebody = await member();
    const account = (await storage.accounts.accountById(somebody.id))!;
    const sha256 = 'ab'.repeat(32);
    const certificate = { sha256, serialNumber: '0a', notAfter: NOW };
    await storage.accounts.bindCertificate(account, certificate, NOW);
    const [theirs, another] = [await signIn(somebody, sha256), await signIn(somebody, 'cd'.repeat(32))];
    const named = { membershipId: somebody.id, sha256 };
    await revokeCertificate(members(), named);
    expect([await lives(theirs), await lives(another)]).toEqual([false, true]);
    expect(await lastEvent()).toMatchObject({ type: 'certificate.revoked', details: { sessionsEnded: 1 } });
    expect(await approveCertificate(members(), named)).toMatchObject({ status: 'active' });
  });

  it('leaves no trace of an act that is refused', async () => {
    const before = (await lastEvent()).sequence;
    const mine = manager.id;
    await expect(setMembershipStatus(members(), mine, 'removed')).rejects.toMatchObject({
      code: 'LAST_MANAGER',
    });
    await expect(setRoles(members(), mine, ['nobody'])).rejects.toMatchObject({ code: 'ROLE_UNDEFINED' });
    await expect(approveRequest(members(), mine, [])).rejects.toMatchObject({
      code: 'MEMBERSHIP_STATUS',
    });
    await expect(setMembershipStatus(members(), 'x', 'removed')).rejects.toMatchObject({
      code: 'MEMBERSHIP_UNKNOWN',
    });
    expect((await lastEvent()).sequence).toBe(before);
  });
});

describe('a request', () => {
  const request = async (): Promise<Membership> => {
    const { id: personId } = await storage.accounts.addPerson({ iin: nextIin(), name: 'Болат' }, NOW);
    const { members } = storage.accounts.tenant(organisationId);
    return members.add({ personId, status: 'requested', roles: [], by: null }, NOW);
  };

  it('is granted with the roles the manager chose', async () => {
    await define('hr');
    const { id } = await request();
    expect(await approveRequest(members(), id, ['hr'])).toMatchObject({
      status: 'active',
      roles: ['hr'],
    });
    expect(await lastEvent()).toMatchObject({ type: 'membership.approved', details: { roles: 'hr' } });
  });

  it('is not resumed instead of being decided', async () => {
    const { id } = await request();
    await expect(setMembershipStatus(members(), id, 'active')).rejects.toMatchObject({
      code: 'MEMBERSHIP_STATUS',
    });
  });

  it('can be refused, once', async () => {
    const { id } = await request();
    expect(await rejectRequest(members(), id)).toMatchObject({ status: 'removed' });
    await expect(rejectRequest(members(), id)).rejects.toMatchObject({ code: 'MEMBERSHIP_STATUS' });
  });
});

describe('inviting', () => {
  it('gives somebody invited already the new roles and a new link', async () => {
    await define('hr');
    const iin = nextIin();
    const first = await inviteMember(members(), { iin, name: 'Болат', roles: [] });
    const second = await inviteMember(members(), { iin, roles: ['hr'] });
    expect(second.account.membership).toMatchObject({ id: first.account.membership.id, roles: ['hr'] });
    const { accounts } = storage;
    await expect(accounts.takeInvitation(first.token, iin, NOW)).rejects.toMatchObject({
      code: 'INVITATION_REVOKED',
    });
    expect(await accounts.takeInvitation(second.token, iin, NOW)).toMatchObject({
      membership: { status: 'active' },
    });
    await expect(inviteMember(members(), { iin, roles: [] })).rejects.toMatchObject({
      code: 'MEMBERSHIP_EXISTS',
    });
  });

  it('tells an organisation nothing about somebody it does not know', async () => {
    const iin = nextIin();
    await storage.accounts.addPerson({ iin, name: 'ЖАСЫРЫН АТЫ' }, NOW);
    const { account } = await inviteMember(members(), { iin, roles: [] });
    expect(account.person.name).toBe('');
  });

  it('is undone with the membership it began', async () => {
    const { invitation, account } = await inviteMember(members(), { iin: nextIin(), roles: [] });
    await revokeInvitation(members(), invitation.id);
    expect(await storage.accounts.accountById(account.membership.id)).toMatchObject({
      membership: { status: 'removed' },
    });
  });

  it.each([0, -1, 1.5, 31 * 24 * 60 * 60_000])('does not last %d milliseconds', async (lifetimeMs) => {
    const details = { iin: nextIin(), roles: [], lifetimeMs };
    await expect(async () => inviteMember(members(), details)).rejects.toThrow(RangeError);
  });
});

describe('somebody who is no manager', () => {
  const EXCEEDED = { code: 'AUTHORITY_EXCEEDED' };

  it('gives no role that could do more than they can', async () => {
    await define('cashier', 'payments.approve');
    const somebody = await member();
    const mine = limited('qaqpa:members.write', 'cases.read');
    for (const role of ['manager', 'cashier']) {
      await expect(setRoles(members(mine), somebody.id, [role])).rejects.toMatchObject(EXCEEDED);
      await expect(inviteMember(members(mine), { iin: nextIin(), roles: [role] })).rejects.toMatchObject(
        EXCEEDED,
      );
    }
    const cashier = limited('qaqpa:members.write', 'payments.approve');
    expect(await setRoles(members(cashier), somebody.id, ['cashier'])).toMatchObject({ roles: ['cashier'] });
  });

  it('does nothing to those who can do more than they can', async () => {
    await member('manager');
    const mine = limited('qaqpa:members.write');
    await expect(setMembershipStatus(members(mine), manager.id, 'suspended')).rejects.toMatchObject(EXCEEDED);
    await expect(setRoles(members(mine), manager.id, [])).rejects.toMatchObject(EXCEEDED);
  });

  it('defines no role with permissions they do not have, and widens none', async () => {
    await define('lawyer', 'cases.read');
    const mine = limited('qaqpa:roles.write', 'cases.read');
    const wide = { name: 'boss', title: 'B', permissions: ['qaqpa:members.write'] };
    await expect(defineRole(roles(mine), wide)).rejects.toMatchObject(EXCEEDED);
    const wider = { name: 'lawyer', title: 'L', permissions: ['cases.read', 'payments.approve'] };
    await expect(changeRole(roles(mine), wider)).rejects.toMatchObject(EXCEEDED);
    expect(await storage.accounts.tenant(organisationId).roles.list()).toMatchObject([
      { name: 'manager' },
      { name: 'lawyer', permissions: ['cases.read'] },
    ]);
  });
});

describe('the installation', () => {
  it('gives a platform role once, ends the person’s sessions, and takes it once', async () => {
    const { iin, id } = (await storage.accounts.accountById(manager.id))!.person;
    const token = await signIn(manager);
    expect(await grantPlatformRole(rule(), { iin }, 'support')).toMatchObject({ changed: true });
    expect(await grantPlatformRole(rule(), { iin }, 'support')).toMatchObject({ changed: false });
    expect(await lives(token)).toBe(false);
    expect(await storage.accounts.platformRolesOf(id)).toEqual(['support']);
    expect(await revokePlatformRole(rule(), { iin }, 'support')).toMatchObject({ changed: true });
    expect(await revokePlatformRole(rule(), { iin }, 'support')).toMatchObject({ changed: false });
    await expect(grantPlatformRole(rule(), { iin: nextIin() }, 'support')).rejects.toMatchObject({
      code: 'PERSON_UNKNOWN',
    });
  });

  it('keeps an administrator who can sign in, unless the machine’s own operator says otherwise', async () => {
    const { iin, id } = (await storage.accounts.accountById(manager.id))!.person;
    const mine = byPerson(operator, id, ['administrator']);
    const LAST = { code: 'LAST_ADMINISTRATOR' };
    await grantPlatformRole(rule(), { iin }, 'administrator');
    await expect(revokePlatformRole(rule(mine), { iin }, 'administrator')).rejects.toMatchObject(LAST);
    await expect(setPersonStatus(platform(mine), { iin }, 'suspended')).rejects.toMatchObject(LAST);
    expect(await storage.accounts.platformRolesOf(id)).toEqual(['administrator']);

    const another = await storage.accounts.addPerson({ iin: nextIin(), name: 'Ержан' }, NOW);
    await grantPlatformRole(rule(), { iin: another.iin }, 'administrator');
    await setPersonStatus(platform(), { iin: another.iin }, 'suspended');
    await expect(revokePlatformRole(rule(mine), { iin }, 'administrator')).rejects.toMatchObject(LAST);
    await setPersonStatus(platform(), { iin: another.iin }, 'active');
    // With no place to sign in at nobody administers anything.
    await expect(revokePlatformRole(rule(mine), { iin }, 'administrator')).rejects.toMatchObject(LAST);
    const { members } = storage.accounts.tenant(act.organisationId);
    await members.add({ personId: another.id, status: 'active', roles: [], by: null }, NOW);
    expect(await revokePlatformRole(rule(mine), { iin }, 'administrator')).toMatchObject({ changed: true });
    await expect(setPersonStatus(platform(mine), { iin: another.iin }, 'suspended')).rejects.toMatchObject(
      LAST,
    );
    expect(await revokePlatformRole(rule(), { iin: another.iin }, 'administrator')).toMatchObject({
      changed: true,
    });
  });

  it('founds a practice whole or not at all', async () => {
    const iin = nextIin();
    const details = { kind: 'individual', name: 'Нотариус', owner: { iin, name: 'Нұрлан' } } as const;
    const { id } = await addPractice(authorisePlatform(storage, operator, 'operate'), details);
    expect((await storage.accounts.tenant(id).members.list({ limit: 9 })).items).toMatchObject([
      { person: { iin, name: 'Нұрлан' }, membership: { roles: ['manager'], status: 'active' } },
    ]);
    const nameless = { ...details, name: '', owner: { iin: nextIin(), name: 'Болат' } };
    await expect(
      addPractice(authorisePlatform(storage, operator, 'operate'), nameless),
    ).rejects.toMatchObject({ code: 'NAME_MALFORMED' });
    expect(await storage.accounts.personByIin(nameless.owner.iin)).toBeNull();
  });

  it('writes down what the settings are after a change', async () => {
    await changeSettings(authorise(storage, act, 'qaqpa:settings.write'), { certificates: 'approve' });
    expect(await lastEvent()).toMatchObject({
      type: 'organisation.changed',
      details: { certificates: 'approve', allowPasswords: true, sessionIdleMs: null },
    });
  });
});
