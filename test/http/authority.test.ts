/** Who may call what: every operation against every kind of caller that may not. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PlatformRole, PLATFORM_ROLES } from '../../src/accounts/platform-role.js';
import { ACTION_WORDS } from '../../src/http/kernel/action-words.js';
import { BODIES } from '../support/bodies.js';
import { type DescribedOperation, fill, readContract } from '../support/contract.js';
import { type LabGateway, nextIin, startLabGateway } from '../support/lab-gateway.js';
import {
  addSomebody,
  addTenant,
  bindCertificate,
  callerOf,
  type Caller,
  randomIdentifiers,
  type Tenant,
} from '../support/tenant.js';

const ACCESS = ['open', 'browser', 'session', 'member', 'client'];
const UNKNOWN = {
  ...randomIdentifiers(),
  organisation: randomIdentifiers().member,
  claim: randomIdentifiers().member,
  person: randomIdentifiers().member,
};
const pathOf = ({ path }: DescribedOperation): string => fill(path, { ...UNKNOWN, role: 'support' });

describe('an operation', () => {
  let world: LabGateway;
  let tenant: Tenant;
  let operations: readonly DescribedOperation[];

  beforeAll(async () => {
    world = await startLabGateway();
    tenant = await addTenant(world, 'ours');
    ({ operations } = await readContract(`http://127.0.0.1:${world.gateway.port}`));
  }, 60_000);
  afterAll(() => world.close());

  /** How a caller is refused before anything they sent is read: the body is none any operation takes. */
  const outcome = async (
    call: Caller['call'],
    operation: DescribedOperation,
    headers: Record<string, string> = {},
  ): Promise<string> => {
    const body = operation.takesBody ? { 'no operation takes this': true } : undefined;
    const response = await call(operation.method, pathOf(operation), body, headers);
    const text = await response.text();
    const { code = 'none' } = text === '' ? {} : (JSON.parse(text) as { code?: string });
    return `${operation.id} ${response.status} ${code}`;
  };

  const expectAll = async (
    wanted: (operation: DescribedOperation) => boolean,
    call: Caller['call'],
    answer: string,
    headers: Record<string, string> = {},
  ): Promise<void> => {
    const concerned = operations.filter(wanted);
    expect(concerned.length).toBeGreaterThan(5);
    const outcomes: string[] = [];
    for (const operation of concerned) outcomes.push(await outcome(call, operation, headers));
    expect(outcomes).toEqual(concerned.map(({ id }) => `${id} ${answer}`));
  };

  const signedInOnly = ({ access }: DescribedOperation): boolean =>
    access === 'member' || access === 'session';

  it('says who may call it', () => {
    expect(operations.filter(({ access }) => !ACCESS.includes(access))).toEqual([]);
  });

  it('of somebody signed in is refused without a session, and with one that has ended', async () => {
    const stranger = callerOf(world.visitor(), world.gateway.origin);
    await expectAll(signedInOnly, stranger, '401 SESSION_NONE');
    const gone = await tenant.employee.signedIn();
    await world.storage.sessions.endOne(
      { membershipId: tenant.employee.account.membership.id },
      gone.sessionId,
    );
    await expectAll(signedInOnly, gone.call, '401 SESSION_NONE');
  });

  it('that changes something is refused to a page of another origin, whoever is signed in', async () => {
    const { call } = await tenant.manager.signedIn();
    const changing = (operation: DescribedOperation): boolean =>
      operation.method !== 'GET' && (signedInOnly(operation) || operation.access === 'browser');
    const elsewhere: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of elsewhere) {
      await expectAll(changing, call, '403 REQUEST_ORIGIN', headers);
    }
  });

  it('of members is refused to a session that owes something', async () => {
    for (const obligation of ['accept-terms', 'change-password'] as const) {
      const { call } = await tenant.manager.signedIn({ obligations: [obligation] });
      await expectAll(({ access }) => access === 'member', call, '403 OBLIGATIONS_PENDING');
    }
  });

  it('with a permission is refused to an employee without it', async () => {
    const { call } = await tenant.employee.signedIn();
    await expectAll(({ permission }) => permission !== null, call, '403 PERMISSION_DENIED');
  });

  it('is refused once the role that allowed it is taken, and at once', async () => {
    const { storage } = world;
    const directory = storage.accounts.tenant(tenant.organisation.id);
    await directory.roles.define(
      { name: 'clerk', title: 'Clerk', permissions: ['qaqpa:members.read'] },
      new Date(),
    );
    const clerk = await addSomebody(world, tenant.organisation.id, ['clerk']);
    const { call } = await clerk.signedIn();
    expect((await call('GET', '/v1/organisation/members')).status).toBe(200);
    await directory.members.setRoles(clerk.account.membership.id, []);
    expect((await call('GET', '/v1/organisation/members')).status).toBe(403);
  });

  it('to be signed has words for what is signed', () => {
    const signed = operations.filter(({ stepUp }) => stepUp !== null).map(({ id }) => id);
    expect(signed.length).toBeGreaterThan(20);
    expect(signed.filter((id) => ACTION_WORDS[id] === undefined)).toEqual([]);
  });

  it('to be signed is refused to a session opened with a password', async () => {
    const { call } = await tenant.manager.signedIn({ method: 'password' });
    const { certificateSha256 } = await bindCertificate(world, tenant.manager.account);
    const own = ({ stepUp, platform }: DescribedOperation): boolean => stepUp !== null && platform === null;
    const answers: unknown[] = [];
    for (const { id, method, path, takesBody } of operations.filter(own)) {
      // What is signed is the request itself, so it has to be one that could be made.
      const mine = id === 'revokeOwnCertificate' ? { certificate: certificateSha256 } : {};
      const body = takesBody ? (BODIES[id] ?? { iin: nextIin(), roles: [] }) : undefined;
      const response = await call(method, fill(path, { ...tenant.identifiers, ...mine }), body);
      const told = (await response.json()) as { code: string; sign?: { action: { kk: string; ru: string } } };
      answers.push([id, response.status, told.code, (told.sign?.action.ru ?? '') !== '']);
    }
    expect(answers.length).toBeGreaterThan(10);
    expect(answers).toEqual(operations.filter(own).map(({ id }) => [id, 403, 'STEP_UP_REQUIRED', true]));
  });

  describe('of those who run the installation', () => {
    const platform = ({ platform: roles }: DescribedOperation): boolean => roles !== null;

    const holder = async (role: PlatformRole): Promise<Caller> => {
      const somebody = await addSomebody(world, tenant.organisation.id, []);
      const { id } = somebody.account.person;
      await world.storage.accounts.grantPlatformRole(id, role, { kind: 'operator', id: null }, new Date());
      return somebody.signedIn();
    };

    it('is refused to a manager', async () => {
      const { call } = await tenant.manager.signedIn();
      await expectAll(platform, call, '403 PERMISSION_DENIED');
    });

    it.each(PLATFORM_ROLES)('is open to %s where it says so, and refused everywhere else', async (role) => {
      const { call } = await holder(role);
      const refused = operations.filter(({ platform: roles }) => roles !== null && !roles.includes(role));
      const open = operations.filter(({ platform: roles }) => roles?.includes(role) === true);
      for (const operation of refused) {
        expect(await outcome(call, operation)).toBe(`${operation.id} 403 PERMISSION_DENIED`);
      }
      for (const operation of open) expect(await outcome(call, operation)).not.toMatch(/ (401|403|5\d\d) /);
      expect([role, refused.length > 0]).toEqual([role, role !== 'administrator']);
      expect(open.length).toBeGreaterThan(5);
    });

    it('lets support read and nothing else', () => {
      const names = operations.flatMap(({ platform: roles, id }) => (roles?.includes('support') ? [id] : []));
      expect(names.filter((id) => !/^(list|get|read|search)/.test(id))).toEqual([]);
    });

    it('is refused to whoever signed in with a password', async () => {
      const somebody = await addSomebody(world, tenant.organisation.id, []);
      const { id } = somebody.account.person;
      const by = { kind: 'operator', id: null } as const;
      await world.storage.accounts.grantPlatformRole(id, 'administrator', by, new Date());
      const { call } = await somebody.signedIn({ method: 'password' });
      await expectAll(platform, call, '403 EDS_SESSION_REQUIRED');
    });
  });
});
