/** Who looked at what is not theirs, and who was denied, stands in the log before anybody is told. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditRecord } from '../../src/audit/record.js';
import { type DescribedOperation, readContract } from '../support/contract.js';
import { type LabGateway, nextIin, startLabGateway } from '../support/lab-gateway.js';
import { addSomebody, addTenant, type Caller, type Tenant } from '../support/tenant.js';
import { type Flows, openFlows } from './openapi-flows.js';

/** What tells nothing of a person: the organisation's own name and settings, and its roles. */
const NOT_OF_OTHERS = ['getOrganisation', 'listRoles'];

let world: LabGateway;
let tenant: Tenant;
let manager: Caller;
let operations: readonly DescribedOperation[];
let flows: Flows;
beforeAll(async () => {
  world = await startLabGateway();
  tenant = await addTenant(world, 'ours');
  manager = await tenant.manager.signedIn();
  ({ operations } = await readContract(`http://127.0.0.1:${world.gateway.port}`));
  flows = await openFlows(world);
}, 60_000);
afterAll(() => world.close());

const newest = async (type: AuditRecord['type']): Promise<AuditRecord | undefined> =>
  (await world.storage.audit.latest(5)).find((record) => record.type === type);

async function administrator(): Promise<Caller & { readonly personId: string }> {
  const somebody = await addSomebody(world, tenant.organisation.id, []);
  const { id: personId } = somebody.account.person;
  const by = { kind: 'operator', id: null } as const;
  await world.storage.accounts.grantPlatformRole(personId, 'administrator', by, new Date());
  return { ...(await somebody.signedIn()), personId };
}

describe('a read of what is not one’s own', () => {
  it('is an event with a person and a session, whichever operation it is', async () => {
    const reads = operations.filter(
      ({ permission, platform, id }) =>
        (permission !== null || platform !== null) && /^(list|get|read|search)/.test(id),
    );
    const told: string[] = [];
    for (const { id, platform } of reads) {
      if (NOT_OF_OTHERS.includes(id)) continue;
      const response = await flows[id]!();
      expect([id, response.status]).toEqual([id, 200]);
      const record = await newest('records.read');
      expect([id, record?.details['operation']]).toEqual([id, id]);
      expect([id, record?.requestId]).toEqual([id, response.headers.get('x-request-id')]);
      const { kind, id: actor } = record!.actor;
      expect([id, kind, typeof actor]).toEqual([id, platform === null ? 'membership' : 'person', 'string']);
      expect([id, record?.details['session']]).toEqual([id, expect.any(String)]);
      told.push(id);
    }
    expect(told.length).toBeGreaterThan(12);
  }, 60_000);

  it('by IIN names whom it found, and never the number', async () => {
    const { iin, account } = tenant.employee;
    const path = '/v1/organisation/members/search';
    expect((await manager.call('POST', path, { iin })).status).toBe(200);
    expect(await newest('records.read')).toMatchObject({
      actor: { kind: 'membership', id: tenant.manager.account.membership.id },
      subject: { kind: 'membership', id: account.membership.id },
      details: { operation: 'searchMembers', by: 'iin', found: 1, session: manager.sessionId },
    });
    const officer = await administrator();
    await officer.call('POST', '/v1/administration/people/search', { iin });
    expect(await newest('records.read')).toMatchObject({
      actor: { kind: 'person', id: officer.personId },
      subject: { kind: 'person', id: account.person.id },
      organisationId: null,
      details: { operation: 'searchPeople', by: 'iin', found: 1, session: officer.sessionId },
    });
    expect(JSON.stringify(await world.storage.audit.latest(10))).not.toContain(iin);
  });

  it('that finds nobody is one too: the same number leaves the same reference, another one another', async () => {
    const officer = await administrator();
    const [first, second] = [nextIin(), nextIin()];
    const references: unknown[] = [];
    for (const iin of [first, first, second]) {
      const response = await officer.call('POST', '/v1/administration/people/search', { iin });
      expect(response.status).toBe(404);
      const record = (await newest('records.read'))!;
      expect(record).toMatchObject({ subject: null, details: { found: 0 } });
      references.push(record.details['iin']);
      expect(JSON.stringify(record)).not.toContain(iin);
    }
    expect(references[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(references[1]).toBe(references[0]);
    expect(references[2]).not.toBe(references[0]);
  });

  it('of a person’s stands in that person’s own log', async () => {
    const officer = await administrator();
    const { account } = tenant.employee;
    await officer.call('GET', `/v1/administration/people/${account.person.id}/sessions`);
    await manager.call('GET', `/v1/organisation/log?member=${account.membership.id}`);
    const own = (await (await (await tenant.employee.signedIn()).call('GET', '/v1/me/log')).json()) as {
      items: { type: string; actor: { id: string }; details: { operation: string } }[];
    };
    const reads = own.items.filter(({ type }) => type === 'records.read');
    expect(reads.map(({ actor, details }) => [actor.id, details.operation])).toEqual(
      expect.arrayContaining([
        [officer.personId, 'listPersonSessions'],
        [tenant.manager.account.membership.id, 'readOrganisationLog'],
      ]),
    );
  });

  it('by name keeps the name out of the log', async () => {
    await manager.call('POST', '/v1/organisation/members/search', { name: 'Бейтаныс' });
    const record = (await newest('records.read'))!;
    expect(record.details).toMatchObject({ by: 'name' });
    expect(JSON.stringify(record)).not.toContain('Бейтаныс');
  });

  it('of one’s own is none', async () => {
    const before = (await world.storage.audit.latest(1))[0]!.sequence;
    const { call } = await tenant.employee.signedIn();
    for (const path of ['/v1/me/log', '/v1/me/sessions', '/v1/me/memberships', '/v1/session']) {
      expect((await call('GET', path)).status).toBe(200);
    }
    const since = await world.storage.audit.list({ after: before, limit: 20 });
    expect(since.filter(({ type }) => type === 'records.read')).toEqual([]);
  });
});

describe('somebody who is denied', () => {
  it('is named with their session, for want of a permission and of a platform role', async () => {
    const employee = await tenant.employee.signedIn();
    const tried = [
      ['GET', '/v1/organisation/members', 'listMembers', 'PERMISSION_DENIED'],
      ['GET', '/v1/administration/organisations', 'listOrganisations', 'PERMISSION_DENIED'],
    ] as const;
    for (const [method, path, operation, reason] of tried) {
      const response = await employee.call(method, path);
      expect(response.status).toBe(403);
      const record = (await newest('access.denied'))!;
      expect(record).toMatchObject({
        subject: { kind: 'session', id: employee.sessionId },
        reason,
        requestId: response.headers.get('x-request-id'),
        details: { operation, session: employee.sessionId },
      });
      const { membership, person } = tenant.employee.account;
      expect([membership.id, person.id]).toContain(record.actor.id);
    }
  });

  it('is named where they would give more than they have', async () => {
    const { storage } = world;
    const directory = storage.accounts.tenant(tenant.organisation.id);
    const clerk = { name: 'inviter', title: 'Inviter', permissions: ['qaqpa:members.write'] };
    await directory.roles.define(clerk, new Date());
    const somebody = await addSomebody(world, tenant.organisation.id, ['inviter']);
    const { call, sessionId } = await somebody.signedIn();
    const response = await call('POST', '/v1/organisation/invitations', {
      iin: nextIin(),
      roles: ['manager'],
    });
    expect(response.status).toBe(403);
    expect(await newest('access.denied')).toMatchObject({
      actor: { kind: 'membership', id: somebody.account.membership.id },
      organisationId: tenant.organisation.id,
      reason: 'AUTHORITY_EXCEEDED',
      details: { operation: 'invite', session: sessionId },
    });
  });

  it('is not for a stranger, an unknown identifier, or a mistake in what was sent', async () => {
    const before = (await world.storage.audit.latest(1))[0]!.sequence;
    await world.visitor().fetch('/v1/organisation/members');
    await manager.call('GET', '/v1/organisation/members/00000000-0000-4000-8000-000000000000');
    await manager.call('PATCH', '/v1/organisation/settings', { nothing: true });
    const since = await world.storage.audit.list({ after: before, limit: 20 });
    expect(since.filter(({ type }) => type === 'access.denied')).toEqual([]);
  });
});
