/** One organisation against another: every operation there is, with every identifier of the other in every place that takes one. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BODIES } from '../support/bodies.js';
import { type DescribedOperation, fill, readContract } from '../support/contract.js';
import { type LabGateway, nextIin, startLabGateway } from '../support/lab-gateway.js';
import { addTenant, type Caller, randomIdentifiers, rowsOf, type Tenant } from '../support/tenant.js';

type Identifiers = Tenant['identifiers'];

describe('a manager', () => {
  let world: LabGateway;
  let ours: Tenant;
  let theirs: Tenant;
  let caller: Caller;
  let operations: readonly DescribedOperation[];

  beforeAll(async () => {
    world = await startLabGateway();
    ours = await addTenant(world, 'ours');
    theirs = await addTenant(world, 'theirs');
    caller = await ours.manager.signedIn();
    ({ operations } = await readContract(`http://127.0.0.1:${world.gateway.port}`));
  }, 60_000);
  afterAll(() => world.close());

  /** Operations of members with something in the path; the platform's are another matter. */
  const addressed = (): readonly DescribedOperation[] =>
    operations.filter(
      ({ access, platform, path }) =>
        (access === 'member' || access === 'session') && platform === null && path.includes('{'),
    );

  const namesIn = (path: string): (keyof Identifiers)[] =>
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof Identifiers);

  const answerTo = async (
    { method, path, id, takesBody }: DescribedOperation,
    identifiers: Identifiers,
  ): Promise<{ readonly status: number; readonly told: Record<string, unknown> }> => {
    if (takesBody && BODIES[id] === undefined) throw new Error(`no body for ${id}: name one in the test`);
    const response = await caller.call(method, fill(path, identifiers), takesBody ? BODIES[id] : undefined);
    const text = await response.text();
    const told = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, told: { ...told, requestId: null } };
  };

  it('has operations to try with', () => {
    expect(addressed().length).toBeGreaterThan(15);
  });

  it('gets for every identifier of another organisation the 404 of an identifier of nobody, and changes nothing there', async () => {
    const before = rowsOf(world, theirs);
    expect(before['audit_records by organisation_id']).toBeDefined();
    const tried: string[] = [];
    for (const operation of addressed()) {
      // To define a role of a name somebody else uses is to define one's own.
      if (operation.id === 'putRole') continue;
      const names = namesIn(operation.path);
      const nobody = await answerTo(operation, { ...ours.identifiers, ...randomIdentifiers() });
      expect([operation.id, nobody.status, nobody.told['code']]).toEqual([
        operation.id,
        404,
        'RESOURCE_UNKNOWN',
      ]);
      // Every mixture of ours and theirs but the one that is all ours.
      for (let mixture = 1; mixture < 2 ** names.length; mixture += 1) {
        const foreign = names.filter((_name, index) => mixture & (1 << index));
        const identifiers = {
          ...ours.identifiers,
          ...Object.fromEntries(foreign.map((name) => [name, theirs.identifiers[name]])),
        };
        expect([operation.id, foreign, await answerTo(operation, identifiers)]).toEqual([
          operation.id,
          foreign,
          nobody,
        ]);
        tried.push(operation.id);
      }
    }
    expect(tried.length).toBeGreaterThan(20);
    expect(rowsOf(world, theirs)).toEqual(before);
  });

  it('defines a role of a name another organisation uses as its own', async () => {
    const before = rowsOf(world, theirs);
    const response = await caller.call(
      'PUT',
      `/v1/organisation/roles/${theirs.identifiers.role}`,
      BODIES['putRole'],
    );
    expect(response.status).toBe(201);
    expect(rowsOf(world, theirs)).toEqual(before);
    const path = `/v1/organisation/roles/${theirs.identifiers.role}`;
    expect((await caller.call('DELETE', path)).status).toBe(204);
    expect(rowsOf(world, theirs)).toEqual(before);
  });

  it('gives nobody a role another organisation defined', async () => {
    const before = rowsOf(world, theirs);
    const roles = [theirs.identifiers.role];
    const member = ours.identifiers.member;
    const answers = [
      await caller.call('PUT', `/v1/organisation/members/${member}/roles`, { roles }),
      await caller.call('POST', '/v1/organisation/invitations', { iin: nextIin(), roles }),
    ];
    for (const answer of answers) {
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        400,
        'REQUEST_INVALID',
      ]);
    }
    expect(rowsOf(world, theirs)).toEqual(before);
  });

  it('finds nobody of another organisation in any list, by filter, by name or by IIN', async () => {
    const strangers = [theirs.manager, theirs.employee].flatMap(({ account, iin }) => [
      account.membership.id,
      account.person.id,
      iin,
    ]);
    strangers.push(theirs.organisation.id, theirs.identifiers.certificate, theirs.identifiers.invitation);
    const lists = operations.filter(
      ({ access, platform, path, method }) =>
        access === 'member' && platform === null && method === 'GET' && !path.includes('{'),
    );
    expect(lists.length).toBeGreaterThan(5);
    for (const { path, parameters } of lists) {
      const uuids = parameters.filter(({ schema }) => schema['format'] === 'uuid').map(({ name }) => name);
      for (const query of ['', ...uuids.map((name) => `?${name}=${theirs.identifiers.member}`)]) {
        const response = await caller.call('GET', path + query);
        const text = await response.text();
        expect([path, response.status]).toEqual([path, 200]);
        expect([path, strangers.filter((stranger) => text.includes(stranger))]).toEqual([path, []]);
      }
    }
    const search = '/v1/organisation/members/search';
    const byIin = await caller.call('POST', search, { iin: theirs.employee.iin });
    expect(await byIin.json()).toEqual({ items: [], nextCursor: null });
    const byName = await (await caller.call('POST', search, { name: 'Бейтаныс' })).text();
    expect(strangers.filter((stranger) => byName.includes(stranger))).toEqual([]);
  });

  it('is not helped by a cursor of another organisation’s list', async () => {
    const stranger = await theirs.manager.signedIn();
    const page = (await (await stranger.call('GET', '/v1/organisation/members?limit=1')).json()) as {
      nextCursor: string;
      items: { id: string }[];
    };
    const [first] = page.items;
    const here = await (
      await caller.call('GET', `/v1/organisation/members?cursor=${page.nextCursor}`)
    ).text();
    expect(here).not.toContain(first!.id);
    expect(here).not.toContain(theirs.identifiers.member);
  });

  it('who also belongs to the other organisation acts there only with a session for it', async () => {
    const { storage } = world;
    const { person } = ours.manager.account;
    const members = storage.accounts.tenant(theirs.organisation.id).members;
    await members.add({ personId: person.id, status: 'active', roles: ['manager'], by: null }, new Date());
    const path = `/v1/organisation/members/${theirs.identifiers.member}`;
    expect((await caller.call('GET', path)).status).toBe(404);
  });
});
