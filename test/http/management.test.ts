/** What managers and those who run the installation do over HTTP, what it leaves in the log, and what they may not. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { readCheckpoint, signedBy } from '../../src/audit/checkpoint.js';
import { provedBy, readProof } from '../../src/audit/proof.js';
import { type LabGateway, nextIin, startLabGateway } from '../support/lab-gateway.js';
import {
  addSomebody,
  addTenant,
  bindCertificate,
  type Caller,
  type Somebody,
  type Tenant,
} from '../support/tenant.js';

interface LogPage {
  readonly items: readonly {
    readonly sequence: number;
    readonly type: string;
    readonly address: string | null;
    readonly actor: { readonly id: string | null };
  }[];
  readonly nextCursor: string | null;
}

const MEMBERS = '/v1/organisation/members';

describe('over HTTP', () => {
  let world: LabGateway;
  let tenant: Tenant;
  let manager: Caller;

  beforeAll(async () => {
    world = await startLabGateway();
    tenant = await addTenant(world, 'accountant');
    manager = await tenant.manager.signedIn();
  }, 60_000);
  afterAll(() => world.close());

  const newcomer = (roles: readonly string[] = [], status?: 'requested'): Promise<Somebody> =>
    addSomebody(world, tenant.organisation.id, roles, status);
  /** A password for which nobody but an invitation of the tenant vouches. */
  const plantPassword = async (somebody: Somebody): Promise<void> => {
    const iin = parseIin(somebody.iin)!;
    const { passwords } = world.storage;
    const prepared = await passwords.prepare(iin, 'Tasty-bulaq-77-Zhol');
    const { id: membershipId } = somebody.account.membership;
    await passwords.set(iin, prepared, new Date(), { membershipId, organisationId: tenant.organisation.id });
  };
  const pathOf = ({ account }: Somebody): string => `${MEMBERS}/${account.membership.id}`;
  const told = async (response: Response): Promise<string> => {
    const text = await response.text();
    const { code = '' } = text === '' ? {} : (JSON.parse(text) as { code?: string });
    return `${response.status} ${code}`.trim();
  };
  const jsonOf = async <T>(response: Response): Promise<T> => (await response.json()) as T;
  const logOf = async (caller: Caller, path: string): Promise<LogPage> =>
    jsonOf(await caller.call('GET', path));

  describe('a manager', () => {
    it('lists members part by part, each once', async () => {
      const seen: string[] = [];
      let cursor = '';
      for (let part = 0; part < 50; part += 1) {
        const page = await jsonOf<{ items: { id: string }[]; nextCursor: string | null }>(
          await manager.call('GET', `${MEMBERS}?limit=2${cursor}`),
        );
        seen.push(...page.items.map(({ id }) => id));
        if (page.nextCursor === null) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(
        expect.arrayContaining([tenant.manager.account.membership.id, tenant.employee.account.membership.id]),
      );
    });

    it.each([
      ['limit=0'],
      ['limit=101'],
      ['limit=x'],
      ['cursor=x'],
      ['status=gone'],
      ['limit=1&limit=2'],
      ['iin=850517300123'],
    ])('is told that the query %s is none', async (query) => {
      expect(await told(await manager.call('GET', `${MEMBERS}?${query}`))).toBe('400 REQUEST_INVALID');
    });

    it('reads the IIN of one member, and its end in a list', async () => {
      const { iin } = tenant.employee;
      expect(await (await manager.call('GET', MEMBERS)).text()).not.toContain(iin);
      const member = await jsonOf<object>(await manager.call('GET', pathOf(tenant.employee)));
      expect(member).toMatchObject({ iin, person: { iinMasked: `********${iin.slice(-4)}` } });
    });

    it('invites somebody once: the link is told then and never again', async () => {
      const iin = nextIin();
      const invite = (): Promise<Response> =>
        manager.call('POST', '/v1/organisation/invitations', { iin, roles: ['accountant'] });
      const first = await jsonOf<{ id: string; link: string; state: string }>(await invite());
      expect(first).toMatchObject({ state: 'open', link: expect.stringContaining('/invitation#') });
      const token = first.link.split('#')[1]!;
      const second = await jsonOf<{ id: string; link: string }>(await invite());
      expect(second.link).not.toBe(first.link);
      const list = await (await manager.call('GET', '/v1/organisation/invitations')).text();
      expect([list.includes(token), list.includes(second.id)]).toEqual([false, true]);
      const log = await (await manager.call('GET', '/v1/organisation/log?limit=100')).text();
      expect([log.includes(token), log.includes(iin), log.includes('membership.invited')]).toEqual([
        false,
        false,
        true,
      ]);
      const path = (id: string): string => `/v1/organisation/invitations/${id}`;
      expect(await told(await manager.call('DELETE', path(first.id)))).toBe('409 INVITATION_REVOKED');
      expect(await told(await manager.call('DELETE', path(second.id)))).toBe('204');
    });

    it('learns by inviting somebody nothing of what they are on the platform', async () => {
      const { accounts } = world.storage;
      const iin = nextIin();
      const { id } = await accounts.addPerson({ iin: parseIin(iin)!, name: 'Айгүл' }, new Date());
      await accounts.setPersonStatus(id, 'suspended');
      const invited = await manager.call('POST', '/v1/organisation/invitations', { iin, roles: [] });
      const { member } = await jsonOf<{ member: { id: string } }>(invited);
      const shown = await jsonOf(await manager.call('GET', `${MEMBERS}/${member.id}`));
      for (const seen of [member, shown]) expect(seen).toMatchObject({ person: { status: 'active' } });
    });

    it('invites nobody who is there already', async () => {
      const { iin } = tenant.employee;
      const answer = await manager.call('POST', '/v1/organisation/invitations', { iin, roles: [] });
      expect(await told(answer)).toBe('409 MEMBERSHIP_EXISTS');
    });

    it('decides a request once', async () => {
      const asking = await newcomer([], 'requested');
      const approve = { roles: ['accountant'] };
      expect(await told(await manager.call('POST', `${pathOf(asking)}/resume`, {}))).toBe(
        '409 MEMBERSHIP_STATUS',
      );
      expect(await told(await manager.call('POST', `${pathOf(asking)}/approve`, approve))).toBe('200');
      expect(await told(await manager.call('POST', `${pathOf(asking)}/approve`, approve))).toBe(
        '409 MEMBERSHIP_STATUS',
      );
      expect(await told(await manager.call('POST', `${pathOf(asking)}/reject`, {}))).toBe(
        '409 MEMBERSHIP_STATUS',
      );
    });

    it('is told which field names a role nobody has defined, not that there is no such member', async () => {
      const path = pathOf(await newcomer());
      const roles = ['nobody-defined-it'];
      const problem = { code: 'REQUEST_INVALID', errors: [{ path: 'roles' }] };
      for (const answer of [
        await manager.call('PUT', `${path}/roles`, { roles }),
        await manager.call('POST', '/v1/organisation/invitations', { iin: nextIin(), roles }),
      ]) {
        expect(await jsonOf(answer)).toMatchObject(problem);
      }
    });

    it('ends the sessions of a member with a change of roles, a suspension and a removal', async () => {
      const somebody = await newcomer();
      const works = async (caller: Caller): Promise<boolean> => (await caller.call('GET', '/v1/session')).ok;
      for (const [method, rest, body] of [
        ['PUT', '/roles', { roles: ['accountant'] }],
        ['POST', '/suspend', {}],
        ['POST', '/resume', {}],
        ['DELETE', '/sessions', undefined],
        ['DELETE', '', undefined],
      ] as const) {
        const caller = await somebody.signedIn();
        const before = rest === '/resume' ? true : await works(caller);
        expect([rest, before]).toEqual([rest, true]);
        expect((await manager.call(method, pathOf(somebody) + rest, body)).ok).toBe(true);
        expect([rest, await works(caller)]).toEqual([rest, rest === '/resume']);
      }
    });

    it('cannot leave the organisation without one', async () => {
      const path = pathOf(tenant.manager);
      for (const [method, rest, body] of [
        ['PUT', '/roles', { roles: [] }],
        ['POST', '/suspend', {}],
        ['DELETE', '', undefined],
      ] as const) {
        expect(await told(await manager.call(method, path + rest, body))).toBe('409 LAST_MANAGER');
      }
    });

    it('opens the password path of a member, who is shown as blocked until then', async () => {
      const somebody = await newcomer();
      const iin = parseIin(somebody.iin)!;
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await world.storage.passwords.check(iin, 'Qate-qupiya-soz-1234', new Date());
      }
      const blocked = async (): Promise<object> => jsonOf(await manager.call('GET', pathOf(somebody)));
      expect(await blocked()).toMatchObject({ passwordBlocked: true });
      const unblock = (): Promise<Response> =>
        manager.call('POST', `${pathOf(somebody)}/unblock-password`, {});
      // Nobody but the manager has said so far that the person belongs here.
      expect(await told(await unblock())).toBe('409 MEMBERSHIP_UNCONFIRMED');
      expect(await blocked()).toMatchObject({ passwordBlocked: true });
      const { membership, person } = somebody.account;
      await world.storage.accounts.confirmMembership(membership.id, new Date());
      expect(await jsonOf(await unblock())).toEqual({ lifted: true });
      const elsewhere = await addSomebody(world, world.organisation.id, []);
      const own = await logOf(await elsewhere.signedIn({ personId: person.id }), '/v1/me/log');
      expect(own.items.filter(({ type }) => type === 'password.unblocked')).toEqual([]);
      const { items: mine } = await logOf(await somebody.signedIn(), '/v1/me/log');
      expect(mine.filter(({ type }) => type === 'password.unblocked')).toMatchObject([
        { actor: { kind: 'membership', id: tenant.manager.account.membership.id } },
      ]);
      expect(await blocked()).toMatchObject({ passwordBlocked: false });
      expect(await jsonOf(await unblock())).toEqual({ lifted: false });
      const { items } = await logOf(manager, `/v1/organisation/log?member=${somebody.account.membership.id}`);
      expect(items.filter(({ type }) => type === 'password.unblocked')).toHaveLength(1);
    });

    it('is suggested no role by a certificate that was revoked', async () => {
      const somebody = await newcomer();
      const { certificateSha256 } = await bindCertificate(world, somebody.account);
      const suggested = async (): Promise<unknown> =>
        (await jsonOf<{ suggestedRoles: string[] }>(await manager.call('GET', pathOf(somebody))))
          .suggestedRoles;
      expect(await suggested()).toEqual(['head']);
      const path = `${pathOf(somebody)}/certificates/${certificateSha256}/revoke`;
      expect((await manager.call('POST', path, {})).status).toBe(200);
      expect(await suggested()).toEqual([]);
    });

    it('ends the sessions opened with a password by admitting passwords no more', async () => {
      const somebody = await newcomer();
      const [byPassword, byEds] = [
        await somebody.signedIn({ method: 'password' }),
        await somebody.signedIn(),
      ];
      const admit = (allowPasswords: boolean): Promise<Response> =>
        manager.call('PATCH', '/v1/organisation/settings', { allowPasswords });
      expect((await byPassword.call('GET', '/v1/session')).status).toBe(200);
      await admit(false);
      expect((await byPassword.call('GET', '/v1/session')).status).toBe(401);
      expect((await byEds.call('GET', '/v1/session')).status).toBe(200);
      await admit(true);
      expect((await byPassword.call('GET', '/v1/session')).status).toBe(401);
    });

    it('says and does nothing about the password of somebody invited, asking to come, or gone', async () => {
      const gone = await newcomer();
      await manager.call('DELETE', pathOf(gone));
      const asking = await newcomer([], 'requested');
      // A member of another organisation, which blocked their password; whoever knows an IIN can invite it.
      const elsewhere = await addSomebody(world, world.organisation.id, []);
      const invitation = await manager.call('POST', '/v1/organisation/invitations', {
        iin: elsewhere.iin,
        roles: [],
      });
      const invited = (await jsonOf<{ member: { id: string } }>(invitation)).member.id;
      for (const [path, { iin }] of [
        [`${MEMBERS}/${invited}`, elsewhere],
        [pathOf(asking), asking],
        [pathOf(gone), gone],
      ] as const) {
        const number = parseIin(iin)!;
        for (let attempt = 0; attempt < 5; attempt += 1) {
          await world.storage.passwords.check(number, 'Qate-qupiya-soz-1234', new Date());
        }
        expect(await jsonOf(await manager.call('GET', path))).toMatchObject({ passwordBlocked: false });
        expect(await told(await manager.call('POST', `${path}/unblock-password`, {}))).toBe(
          '409 MEMBERSHIP_STATUS',
        );
        expect(await world.storage.passwords.isBlocked(number)).toBe(true);
      }
    });

    it.each([
      [
        'a role of a wrong form',
        'PUT',
        '/v1/organisation/roles/No Role',
        { title: 'x', permissions: [] },
        '400',
      ],
      [
        'a permission nobody knows',
        'PUT',
        '/v1/organisation/roles/x',
        { title: 'x', permissions: ['qaqpa:all'] },
        '400',
      ],
      ['the built-in role', 'PUT', '/v1/organisation/roles/manager', { title: 'x', permissions: [] }, '409'],
      [
        'sessions longer than a day',
        'PATCH',
        '/v1/organisation/settings',
        { session: { idleMs: 1, lifetimeMs: 1e9, maxConcurrent: 1 } },
        '400',
      ],
      ['a setting nobody knows', 'PATCH', '/v1/organisation/settings', { bin: '123456789012' }, '400'],
      ['an operation nobody knows', 'PATCH', '/v1/organisation/settings', { stepUp: ['everything'] }, '400'],
    ])('cannot set %s', async (_what, method, path, body, status) => {
      expect((await told(await manager.call(method, path, body))).slice(0, 3)).toBe(status);
    });

    it('keeps a role somebody has', async () => {
      await newcomer(['accountant']);
      expect(await told(await manager.call('DELETE', '/v1/organisation/roles/accountant'))).toBe(
        '409 ROLE_IN_USE',
      );
    });
  });

  describe('whoever manages without being a manager', () => {
    it('gives and takes no right they do not have', async () => {
      const tenantRoles = world.storage.accounts.tenant(tenant.organisation.id).roles;
      await tenantRoles.define(
        {
          name: 'hr',
          title: 'HR',
          permissions: ['qaqpa:members.read', 'qaqpa:members.write', 'qaqpa:roles.write'],
        },
        new Date(),
      );
      await tenantRoles.define({ name: 'unused', title: '-', permissions: ['app:rule'] }, new Date());
      const { call } = await (await newcomer(['hr'])).signedIn();
      const somebody = pathOf(await newcomer());
      const attempts = [
        call('PUT', `${somebody}/roles`, { roles: ['manager'] }),
        call('PUT', `${somebody}/roles`, { roles: ['accountant'] }),
        call('POST', `${pathOf(tenant.manager)}/suspend`, {}),
        call('DELETE', `${pathOf(tenant.manager)}/sessions`),
        call('POST', `${pathOf(tenant.manager)}/unblock-password`, {}),
        call('POST', '/v1/organisation/invitations', { iin: nextIin(), roles: ['manager'] }),
        call('PUT', '/v1/organisation/roles/hr', {
          title: 'HR',
          permissions: ['qaqpa:members.read', 'qaqpa:audit.read'],
        }),
        call('DELETE', '/v1/organisation/roles/unused'),
      ];
      for (const attempt of attempts) expect(await told(await attempt)).toBe('403 AUTHORITY_EXCEEDED');
      expect(await told(await call('PUT', `${somebody}/roles`, { roles: ['hr'] }))).toBe('200');
      expect((await manager.call('GET', '/v1/session')).ok).toBe(true);
    });
  });

  describe('the log', () => {
    it('goes backwards from the newest and forwards from a place, each record once', async () => {
      const all = (await logOf(manager, '/v1/organisation/log?limit=100')).items;
      const backwards: number[] = [];
      let cursor = '';
      for (let part = 0; part < 100; part += 1) {
        const page = await logOf(manager, `/v1/organisation/log?limit=7${cursor}`);
        backwards.push(...page.items.map(({ sequence }) => sequence));
        if (page.nextCursor === null) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(backwards).toEqual([...backwards].sort((a, b) => b - a));
      expect(new Set(backwards).size).toBe(backwards.length);
      expect(backwards).toEqual(expect.arrayContaining(all.map(({ sequence }) => sequence)));
      const last = Math.min(...backwards);
      const first = await logOf(manager, `/v1/organisation/log?after=${last}&limit=2`);
      const next = await logOf(manager, `/v1/organisation/log?limit=2&cursor=${first.nextCursor!}`);
      const forwards = [...first.items, ...next.items].map(({ sequence }) => sequence);
      expect(forwards).toEqual(backwards.slice(-5, -1).reverse());
    });

    it.each(['/v1/organisation/log?cursor=b', '/v1/me/log?cursor=-1', '/v1/me/log?after=-1'])(
      'has nothing at %s',
      async (path) => {
        expect(await told(await manager.call('GET', path))).toBe('400 REQUEST_INVALID');
      },
    );

    it('about a member says when their password was blocked, to an organisation they belong to', async () => {
      const somebody = await newcomer();
      const blockOf = async (path: string): Promise<readonly unknown[]> => {
        const { items } = await logOf(manager, `/v1/organisation/log?member=${path}`);
        return items.filter(({ type }) => type === 'password.blocked').map(({ address }) => address);
      };
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const wrong = { iin: somebody.iin, password: 'Qate-qupiya-soz-1234' };
        await world.visitor().post('/v1/login/password', wrong);
      }
      expect(await blockOf(somebody.account.membership.id)).toEqual([null]);
      expect((await manager.call('DELETE', pathOf(somebody))).ok).toBe(true);
      expect(await blockOf(somebody.account.membership.id)).toEqual([]);
    });

    it('of somebody’s own tells a password confined to one organisation nothing of another', async () => {
      const somebody = await newcomer();
      await plantPassword(somebody);
      const { audit } = world.storage;
      const { id } = somebody.account.person;
      for (const organisationId of [world.organisation.id, tenant.organisation.id, null]) {
        const actor = { kind: 'person', id } as const;
        await audit.append({ type: 'terms.accepted', at: new Date(), actor, subject: actor, organisationId });
      }
      const count = async (method: 'eds' | 'password'): Promise<number> => {
        const caller = await somebody.signedIn({ method, provisional: method === 'password' });
        const { items } = await logOf(caller, '/v1/me/log');
        return items.filter(({ type }) => type === 'terms.accepted').length;
      };
      expect([await count('eds'), await count('password')]).toEqual([3, 1]);
    });

    it('is not all a provisional password is kept from: contacts entered with it are apart from the person’s', async () => {
      const somebody = await newcomer();
      await plantPassword(somebody);
      const [password, eds] = [
        await somebody.signedIn({ method: 'password', provisional: true }),
        await somebody.signedIn({ method: 'eds' }),
      ];
      const path = '/v1/me/contacts';
      await eds.call('PATCH', path, { email: 'men@example.kz', phone: '+77010000001' });
      expect(await jsonOf(await password.call('GET', path))).toEqual({ email: null, phone: null });
      expect((await password.call('PATCH', path, { email: 'basqa@example.kz' })).status).toBe(200);
      expect(await jsonOf(await password.call('GET', path))).toEqual({
        email: 'basqa@example.kz',
        phone: null,
      });
      expect(await (await password.call('GET', '/me')).text()).not.toContain('men@example.kz');
      expect(await jsonOf(await eds.call('GET', path))).toEqual({
        email: 'men@example.kz',
        phone: '+77010000001',
      });
      await world.storage.provisional.endAllOf(somebody.account.person.id, new Date());
      expect(await told(await password.call('GET', path))).toBe('403 EDS_SESSION_REQUIRED');
      expect(await (await password.call('GET', '/me')).text()).not.toContain('contacts-form');
    });

    it('of somebody’s own tells what was done to them, not from where', async () => {
      const somebody = await newcomer();
      expect((await manager.call('PUT', `${pathOf(somebody)}/roles`, { roles: ['accountant'] })).ok).toBe(
        true,
      );
      const { items } = await logOf(await somebody.signedIn(), '/v1/me/log');
      const change = items.find(({ type }) => type === 'membership.changed');
      expect(change).toMatchObject({ address: null, actor: { id: tenant.manager.account.membership.id } });
      expect(items.some(({ type }) => type.startsWith('gateway'))).toBe(false);
    });
  });

  describe('the page of a person', () => {
    it('calls roles what the organisation calls them', async () => {
      const { roles } = world.storage.accounts.tenant(tenant.organisation.id);
      await roles.define({ name: 'lawyer', title: 'Адвокат', permissions: [] }, new Date());
      const lawyer = await (await newcomer(['lawyer'])).signedIn({ method: 'eds' });
      const page = await (await lawyer.call('GET', '/me')).text();
      expect(page).toContain('<li>Адвокат</li>');
      expect(page).not.toContain('lawyer');
      expect(await (await manager.call('GET', '/me')).text()).toContain('<li>Басшы</li>');
    });
  });

  describe('the proof of a record', () => {
    const proofOf = ({ call }: Caller, { sequence }: { sequence: number }): Promise<Response> =>
      call('GET', `/v1/log/${sequence}/proof`);

    it('is for who may read the record, and says nothing to anyone else', async () => {
      const { audit, sealing } = world.storage;
      const by = { kind: 'operator', id: null } as const;
      const somebody = await newcomer();
      const own = {
        actor: { kind: 'membership', id: somebody.account.membership.id },
        address: '192.0.2.1',
      } as const;
      const at = new Date();
      await audit.append({ type: 'access.denied', at, ...own, organisationId: tenant.organisation.id });
      const [ofThem] = await audit.latest(1);
      await audit.append({ type: 'access.denied', at, actor: by, organisationId: world.organisation.id });
      const [elsewhere] = await audit.latest(1);
      await sealing.seal(world.gateway.origin, at);
      const theirs = await somebody.signedIn();
      const [mine, managers, others] = [
        await proofOf(theirs, ofThem!),
        await proofOf(manager, ofThem!),
        await proofOf(manager, elsewhere!),
      ];
      const text = await mine.text();
      expect([mine.status, mine.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(provedBy(readProof(text)!, await audit.keys())).not.toBeNull();
      expect([managers.status, await told(others)]).toEqual([200, '404 RESOURCE_UNKNOWN']);
      expect(await told(await proofOf(theirs, elsewhere!))).toBe('404 RESOURCE_UNKNOWN');
      expect(await told(await proofOf(theirs, { sequence: 10 ** 12 }))).toBe('404 RESOURCE_UNKNOWN');
      expect(await told(await proofOf(theirs, { sequence: -1 }))).toBe('404 RESOURCE_UNKNOWN');
      await world.storage.accounts.grantPlatformRole(somebody.account.person.id, 'support', by, at);
      expect((await proofOf(await somebody.signedIn(), elsewhere!)).status).toBe(200);
    });

    it('leads to the checkpoint that anyone is told', async () => {
      await world.storage.sealing.seal(world.gateway.origin, new Date());
      const answer = await fetch(`http://127.0.0.1:${world.gateway.port}/v1/log/checkpoint`);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
      const checkpoint = readCheckpoint(await answer.text())!;
      expect(signedBy(checkpoint, await world.storage.audit.keys())).not.toBeNull();
    });
  });

  describe('a security officer', () => {
    it('suspends a person everywhere, and their sessions end', async () => {
      const somebody = await newcomer();
      const officer = await newcomer();
      const by = { kind: 'operator', id: null } as const;
      const { accounts } = world.storage;
      await accounts.grantPlatformRole(officer.account.person.id, 'security-officer', by, new Date());
      const { call } = await officer.signedIn();
      const caller = await somebody.signedIn();
      const path = `/v1/administration/people/${somebody.account.person.id}`;
      expect((await call('POST', `${path}/suspend`, {})).ok).toBe(true);
      expect((await caller.call('GET', '/v1/session')).status).toBe(401);
      const log = await logOf(
        { ...caller, call },
        `/v1/administration/log?about=${somebody.account.person.id}&limit=1`,
      );
      expect(log.items).toEqual([
        expect.objectContaining({
          type: 'person.suspended',
          actor: { kind: 'person', id: officer.account.person.id },
        }),
      ]);
      expect(await told(await call('PUT', `${path}/platform-roles/support`))).toBe('403 PERMISSION_DENIED');
    });

    it('finds nobody by an IIN nobody has, and tells no IIN', async () => {
      const support = await newcomer();
      const by = { kind: 'operator', id: null } as const;
      await world.storage.accounts.grantPlatformRole(support.account.person.id, 'support', by, new Date());
      const { call } = await support.signedIn();
      const search = '/v1/administration/people/search';
      expect(await told(await call('POST', search, { iin: nextIin() }))).toBe('404 RESOURCE_UNKNOWN');
      const found = await call('POST', search, { iin: tenant.employee.iin });
      expect(found.status).toBe(200);
      expect(await found.text()).not.toContain(tenant.employee.iin);
    });
  });
});

describe('a session that calls too often', () => {
  it('is told to wait, and another from the same address is not', async () => {
    const world = await startLabGateway({ env: { QAQPA_RATE_SESSION: '3/1m' } });
    try {
      const { manager } = await addTenant(world, 'hurry');
      const [busy, calm] = [await manager.signedIn(), await manager.signedIn()];
      const statuses: number[] = [];
      for (let call = 0; call < 5; call += 1) statuses.push((await busy.call('GET', '/v1/me/log')).status);
      expect(statuses).toEqual([200, 200, 200, 429, 429]);
      expect((await calm.call('GET', '/v1/me/log')).status).toBe(200);
    } finally {
      await world.close();
    }
  }, 60_000);
});
