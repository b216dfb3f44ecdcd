/** The only ways to what is an organisation's or the installation's: whoever may not go there reads and changes nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Membership } from '../../src/accounts/account.js';
import { QAQPA_PERMISSIONS } from '../../src/accounts/role.js';
import { type TenantDirectory } from '../../src/accounts/tenant.js';
import { authorise, type Authorised, authoriseOwn } from '../../src/administration/authority.js';
import {
  approveCertificate,
  revokeCertificate,
  revokeOwnCertificate,
} from '../../src/administration/certificates.js';
import { inviteMember, revokeInvitation } from '../../src/administration/invitations.js';
import {
  endMemberSession,
  endMemberSessions,
  unblockMemberPassword,
} from '../../src/administration/member-access.js';
import { addMember, rejectRequest, setMembershipStatus, setRoles } from '../../src/administration/members.js';
import { changeSettings } from '../../src/administration/organisations.js';
import { setPassword, setPersonStatus } from '../../src/administration/people.js';
import { authorisePlatform, PLATFORM_DUTIES } from '../../src/administration/platform.js';
import { changeRole, defineRole, deleteRole, putRole } from '../../src/administration/roles.js';
import { type AdministrationStorage, type AdministrationStores } from '../../src/administration/stores.js';
import {
  anonymousAct,
  byMember,
  byPerson,
  gatewayAct,
  inOrganisation,
  operatorAct,
  type OrganisationAct,
} from '../../src/audit/act.js';
import { type OpenServices } from '../../src/services.js';
import { addMember as admitted, invite } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const DENIED = expect.objectContaining({ code: 'PERMISSION_DENIED' });
const EXCEEDED = { code: 'AUTHORITY_EXCEEDED' };
const SHA256 = 'ab'.repeat(32);
const ROLE = { name: 'cashier', title: 'Касса', permissions: ['payments.approve'] };

let opened: TemporaryStorage;
let storage: OpenServices;
let organisationId: string;
let manager: Membership;
/** May change members and roles, and nothing that managers and cashiers may. */
let delegate: OrganisationAct;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ storage } = opened);
});
afterAll(() => opened.remove());
beforeEach(async () => {
  const { id } = await storage.accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW);
  organisationId = id;
  manager = await admitted(storage.accounts, { organisationId, iin: nextIin(), roles: ['manager'] }, NOW);
  await storage.accounts.tenant(organisationId).roles.define(ROLE, NOW);
  const { id: membershipId } = await admitted(storage.accounts, { organisationId, iin: nextIin() }, NOW);
  delegate = byMember(operatorAct(null, NOW), { membershipId, organisationId }, [
    'qaqpa:members.write',
    'qaqpa:roles.write',
  ]);
});

describe('an organisation', () => {
  it.each(QAQPA_PERMISSIONS)('is shut to an act that has every permission but %s', (permission) => {
    const authority = QAQPA_PERMISSIONS.filter((other) => other !== permission);
    expect(() => authorise(storage, { ...delegate, authority }, permission)).toThrow(DENIED);
    expect(() => authorise(storage, { ...delegate, authority: [permission] }, permission)).not.toThrow();
  });

  it.each([
    ['of nobody known', anonymousAct({ requestId: 'r', address: null, device: null }, NOW)],
    ['of the gateway', gatewayAct(NOW)],
    ['of an operator who names no organisation', operatorAct('root', NOW)],
    ['of an administrator of the installation', byPerson(gatewayAct(NOW), 'person', ['administrator'])],
    [
      'of a member who was given no authority',
      byMember(gatewayAct(NOW), { membershipId: 'm', organisationId: 'o' }),
    ],
    ['of roles for permissions', inOrganisation(byPerson(gatewayAct(NOW), 'person', ['administrator']), 'o')],
  ])('is shut to an act %s', (_, act) => {
    for (const permission of QAQPA_PERMISSIONS) {
      expect(() => authorise(storage, act, permission)).toThrow(DENIED);
    }
  });

  it('is opened for what was asked and nothing else, which the compiler holds use cases to', async () => {
    const { roles } = authorise(storage, delegate, 'qaqpa:roles.write').tenant;
    expect(await roles.list()).toHaveLength(2);
    const wrong = (): readonly unknown[] => [
      // @ts-expect-error -- read is not write
      setRoles(authorise(storage, delegate, 'qaqpa:members.read'), 'm', []),
      // @ts-expect-error -- roles are not members
      inviteMember(authorise(storage, delegate, 'qaqpa:roles.write'), { iin: nextIin(), roles: [] }),
      // @ts-expect-error -- members are not settings
      changeSettings(authorise(storage, delegate, 'qaqpa:members.write'), { allowPasswords: false }),
      // @ts-expect-error -- one's own is not a member
      revokeCertificate(authoriseOwn(storage, delegate), { membershipId: 'm', sha256: SHA256 }),
      // @ts-expect-error -- the stores have checked nobody
      deleteRole(storage, 'cashier'),
      // @ts-expect-error -- an act has not been checked either
      deleteRole(delegate, 'cashier'),
      // @ts-expect-error -- support and officers do not set passwords
      setPassword(authorisePlatform(storage, delegate, 'act'), nextIin(), 'x'),
      // @ts-expect-error -- reading is not acting
      setPersonStatus(authorisePlatform(storage, delegate, 'read'), { id: 'p' }, 'suspended'),
      // @ts-expect-error -- what may be read is not changed
      'setRoles' satisfies keyof Authorised<'qaqpa:members.read'>['tenant']['members'],
    ];
    expect(wrong).toBeInstanceOf(Function);
  });
});

/** The same storage; every change of an organisation that is begun is told. */
function watched(begun: string[]): AdministrationStorage {
  const CHANGES = [
    'add',
    'changeStatus',
    'setRoles',
    'define',
    'change',
    'delete',
    'create',
    'revoke',
    'revokeAllOf',
    'decide',
  ];
  const told = <Part extends object>(name: string, part: Part): Part =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value === 'function' && CHANGES.includes(String(key)))
          begun.push(`${name}.${String(key)}`);
        return value;
      },
    });
  const tenantOf = (tenant: TenantDirectory): TenantDirectory => ({
    ...tenant,
    members: told('members', tenant.members),
    roles: told('roles', tenant.roles),
    invitations: told('invitations', tenant.invitations),
    certificates: told('certificates', tenant.certificates),
  });
  return {
    ...storage,
    atomically: (work) =>
      storage.atomically((stores) => {
        const { accounts, sessions } = stores;
        const toldSessions = new Proxy(sessions, {
          get(target, key) {
            if (key === 'endOne' || key === 'endAllOf') begun.push(`sessions.${key}`);
            return Reflect.get(target, key) as unknown;
          },
        });
        const toldAccounts = {
          ...told('accounts', accounts),
          tenant: (id: string) => tenantOf(accounts.tenant(id)),
        };
        // Stores are made when they are asked for, so they cannot be spread.
        return work(
          Object.create(stores, {
            accounts: { value: toldAccounts },
            sessions: { value: toldSessions },
          }) as AdministrationStores,
        );
      }),
  };
}

describe('somebody who could not do it themselves', () => {
  const cases: readonly [string, (store: AdministrationStorage) => Promise<unknown>][] = [
    ['removes a manager', (s) => setMembershipStatus(members(s), manager.id, 'removed')],
    ['suspends a manager', (s) => setMembershipStatus(members(s), manager.id, 'suspended')],
    ['takes a manager’s roles', (s) => setRoles(members(s), manager.id, [])],
    ['adds a manager', (s) => addMember(members(s), { iin: nextIin(), name: 'А', roles: ['manager'] })],
    ['invites a cashier', (s) => inviteMember(members(s), { iin: nextIin(), roles: ['cashier'] })],
    ['ends the sessions of a manager', (s) => endMemberSessions(members(s), manager.id)],
    [
      'ends a session of a manager',
      (s) => endMemberSession(members(s), { membershipId: manager.id, sessionId: 's' }),
    ],
    ['opens the password of a manager', (s) => unblockMemberPassword(members(s), manager.id)],
    ['approves a certificate of a manager', (s) => approveCertificate(members(s), named())],
    ['revokes a certificate of a manager', (s) => revokeCertificate(members(s), named())],
    ['defines a role beyond them', (s) => defineRole(roles(s), { ...ROLE, name: 'boss' })],
    [
      'widens a role',
      (s) => changeRole(roles(s), { ...ROLE, permissions: ['payments.approve', 'cases.read'] }),
    ],
    ['narrows a role they do not hold', (s) => changeRole(roles(s), { ...ROLE, permissions: [] })],
    ['puts a role beyond them', (s) => putRole(roles(s), { ...ROLE, name: 'boss' })],
    ['deletes a role they do not hold', (s) => deleteRole(roles(s), 'cashier')],
    ['deletes the role of managers', (s) => deleteRole(roles(s), 'manager')],
  ];
  const members = (store: AdministrationStorage) => authorise(store, delegate, 'qaqpa:members.write');
  const roles = (store: AdministrationStorage) => authorise(store, delegate, 'qaqpa:roles.write');
  const named = () => ({ membershipId: manager.id, sha256: SHA256 });

  it.each(cases)('is stopped before anything begins to change: %s', async (_, attempt) => {
    const account = (await storage.accounts.accountById(manager.id))!;
    const certificate = { sha256: SHA256, serialNumber: '0a', notAfter: NOW };
    await storage.accounts.bindCertificate(account, certificate, NOW);
    const [last] = await storage.audit.latest(1);
    const begun: string[] = [];
    await expect(attempt(watched(begun))).rejects.toMatchObject(EXCEEDED);
    expect(begun).toEqual([]);
    expect((await storage.audit.latest(1))[0]).toEqual(last);
  });

  it('is a manager no more: what they may do does begin', async () => {
    const begun: string[] = [];
    const organisation = authorise(watched(begun), { ...delegate, authority: 'all' }, 'qaqpa:members.write');
    await setRoles(organisation, delegate.who.id!, ['cashier']);
    expect(begun).toEqual(['members.setRoles', 'sessions.endAllOf']);
  });

  it('withdraws no invitation of a manager', async () => {
    const iin = nextIin();
    const { invitation } = await invite(storage, { organisationId, iin, roles: ['manager'] }, NOW);
    const begun: string[] = [];
    await expect(revokeInvitation(members(watched(begun)), invitation.id)).rejects.toMatchObject(EXCEEDED);
    expect(begun).toEqual([]);
  });

  it('does not reach managers with a permission that has the name of their role', async () => {
    const authority = ['qaqpa:members.write', 'manager'];
    const organisation = authorise(storage, { ...delegate, authority }, 'qaqpa:members.write');
    await expect(setMembershipStatus(organisation, manager.id, 'removed')).rejects.toMatchObject(EXCEEDED);
  });

  it('is told that a member is no request before how far they reach', async () => {
    await expect(rejectRequest(members(storage), manager.id)).rejects.toMatchObject({
      code: 'MEMBERSHIP_STATUS',
    });
  });

  it('knows nobody of another organisation', async () => {
    const { id } = await storage.accounts.addOrganisation({ name: 'Басқа', bin: nextBin() }, NOW);
    const stranger = await admitted(storage.accounts, { organisationId: id, iin: nextIin() }, NOW);
    for (const attempt of [
      setMembershipStatus(members(storage), stranger.id, 'removed'),
      setRoles(members(storage), stranger.id, []),
      endMemberSessions(members(storage), stranger.id),
      unblockMemberPassword(members(storage), stranger.id),
      revokeCertificate(members(storage), { membershipId: stranger.id, sha256: SHA256 }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'MEMBERSHIP_UNKNOWN' });
    }
  });
});

describe('what is a member’s own', () => {
  it('is theirs to revoke whatever their roles, and a certificate of another is unknown to them', async () => {
    const somebody = await admitted(storage.accounts, { organisationId, iin: nextIin() }, NOW);
    const account = (await storage.accounts.accountById(somebody.id))!;
    await storage.accounts.bindCertificate(
      account,
      { sha256: SHA256, serialNumber: '0a', notAfter: NOW },
      NOW,
    );
    await expect(revokeOwnCertificate(authoriseOwn(storage, delegate), SHA256)).rejects.toMatchObject({
      code: 'CERTIFICATE_BINDING_UNKNOWN',
    });
    const theirs = byMember(delegate, { membershipId: somebody.id, organisationId });
    expect(await revokeOwnCertificate(authoriseOwn(storage, theirs), SHA256)).toMatchObject({
      status: 'revoked',
    });
    expect((await storage.audit.latest(1))[0]).toMatchObject({
      type: 'certificate.revoked',
      actor: theirs.who,
      subject: theirs.who,
    });
  });

  it.each([
    ['the gateway', gatewayAct(NOW)],
    ['an operator', inOrganisation(operatorAct('root', NOW), 'o')],
    ['a person at work on the installation', byPerson(gatewayAct(NOW), 'p', ['administrator'])],
  ])('is not that of %s', (_, act) => {
    expect(() => authoriseOwn(storage, act)).toThrow(DENIED);
  });
});

describe('the installation', () => {
  const person = (...roles: string[]) => byPerson(gatewayAct(NOW), 'person', roles);

  it('is shut to a manager, whose authority is everything in one organisation', () => {
    const act = byMember(operatorAct(null, NOW), { membershipId: manager.id, organisationId }, 'all');
    for (const duty of ['read', 'act', 'rule', 'operate'] as const) {
      expect(() => authorisePlatform(storage, act, duty)).toThrow(DENIED);
    }
  });

  it.each([
    [[], []],
    [['support'], ['read']],
    [['security-officer'], ['read', 'act']],
    [['administrator'], ['read', 'act', 'rule']],
    [['qaqpa:members.write', 'manager', 'operate'], []],
  ])('lets %j do %j and no more', (roles, duties) => {
    const done = Object.keys(PLATFORM_DUTIES).filter((duty) => {
      try {
        authorisePlatform(storage, person(...roles), duty as keyof typeof PLATFORM_DUTIES);
        return true;
      } catch (error) {
        expect(error).toEqual(DENIED);
        return false;
      }
    });
    expect(done).toEqual(duties);
  });

  it('lets an operator at the shell do everything, and knows nobody it does not know', async () => {
    const operate = authorisePlatform(storage, operatorAct('root', NOW), 'operate');
    const act = authorisePlatform(storage, operatorAct('root', NOW), 'act');
    const unknown = { code: 'PERSON_UNKNOWN' };
    await expect(setPassword(operate, nextIin(), 'Menin-kiltim-2028-Ү')).rejects.toMatchObject(unknown);
    await expect(setPersonStatus(act, { id: 'nobody' }, 'suspended')).rejects.toMatchObject(unknown);
    await expect(setPersonStatus(act, { iin: nextIin() }, 'suspended')).rejects.toMatchObject(unknown);
  });
});
