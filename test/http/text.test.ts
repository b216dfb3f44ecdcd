/** Text no store can keep, in every place that takes text, on the database that fails on it. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type DescribedOperation, fill, readContract } from '../support/contract.js';
import { type Schema } from '../support/json-schema.js';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';
import { describeWithPostgres, sharedPostgres } from '../support/postgres-server.js';
import { describeWithRedis, startRedis } from '../support/redis-server.js';
import { addTenant, type callerOf, randomIdentifiers, type Tenant } from '../support/tenant.js';

const NUL = 'Аман\u0000';

describeWithPostgres('text with characters no text has', () => {
  let world: LabGateway;
  let tenant: Tenant;
  let operations: readonly DescribedOperation[];
  let document: Schema;
  let call: ReturnType<typeof callerOf>;
  let client: string;

  beforeAll(async () => {
    const server = await sharedPostgres();
    world = await startLabGateway({ env: { QAQPA_DATABASE_URL: await server.newDatabase() } });
    const { storage } = world;
    tenant = await addTenant(world, 'ours');
    const { id } = tenant.manager.account.person;
    await storage.accounts.grantPlatformRole(id, 'administrator', { kind: 'operator', id: null }, new Date());
    ({ call } = await tenant.manager.signedIn());
    ({ operations, document } = await readContract(`http://127.0.0.1:${world.gateway.port}`));
    const added = await storage.apiClients.add('Құжат айналымы', new Date());
    client = `Basic ${Buffer.from(`${added.client.id}:${added.secret}`).toString('base64')}`;
  }, 120_000);
  afterAll(() => world.close());

  const addressOf = (operation: DescribedOperation): string => {
    const any = { organisation: tenant.organisation.id, person: tenant.employee.account.person.id };
    return fill(operation.path, {
      ...randomIdentifiers(),
      ...any,
      name: 'terms',
      operation: 'x',
      document: 'terms',
    });
  };
  const headersFor = ({ access }: DescribedOperation): Record<string, string> =>
    access === 'client' ? { authorization: client } : {};
  const fieldsOf = (operation: DescribedOperation): [string, Schema][] => {
    const path = (document['paths'] as Record<string, Record<string, Schema>>)[operation.path];
    const request = path?.[operation.method.toLowerCase()]?.['requestBody'] as Schema | undefined;
    const media = (request?.['content'] as Record<string, Schema> | undefined)?.['application/json'];
    return Object.entries(propertiesOf(media?.['schema'] as Schema | undefined));
  };
  const propertiesOf = (schema: Schema | undefined): Record<string, Schema> => {
    const reference = schema?.['$ref'];
    if (typeof reference === 'string') {
      const name = reference.split('/').at(-1) ?? '';
      const { schemas } = document['components'] as { schemas: Record<string, Schema> };
      return propertiesOf(schemas[name]);
    }
    const options = (schema?.['anyOf'] ?? schema?.['oneOf'] ?? []) as Schema[];
    const own = (schema?.['properties'] ?? {}) as Record<string, Schema>;
    return Object.assign({}, ...options.map(propertiesOf), own) as Record<string, Schema>;
  };
  const refusalOf = async (response: Response): Promise<unknown> => {
    const { code, errors } = (await response.json()) as { code: string; errors?: { problem: string }[] };
    return [response.status, code, errors?.[0]?.problem];
  };

  it('is refused in every field of every body, alone and in lists, and not repeated', async () => {
    const tried: string[] = [];
    for (const operation of operations) {
      for (const [field] of operation.takesBody ? fieldsOf(operation) : []) {
        for (const value of [NUL, [NUL], { deep: NUL }]) {
          const body = { [field]: value };
          const response = await call(operation.method, addressOf(operation), body, headersFor(operation));
          const text = await response.clone().text();
          expect([operation.id, field, ...((await refusalOf(response)) as string[]).slice(0, 2)]).toEqual([
            operation.id,
            field,
            400,
            'REQUEST_INVALID',
          ]);
          expect(text).not.toContain('u0000');
        }
        tried.push(`${operation.id} ${field}`);
      }
    }
    const promised = ['invite name', 'putRole title', 'putRole permissions', 'signInWithPassword password'];
    for (const one of promised) expect(tried).toContain(one);
    expect(tried.length).toBeGreaterThan(25);
  }, 120_000);

  it.each([
    ['an escape sequence', 'Аман\u001b[2J'],
    ['half a character', 'Аман\ud800'],
    ['a deletion', 'Аман\u007f'],
  ])('is refused for %s as well', async (_what, name) => {
    const response = await call('POST', '/v1/organisation/invitations', {
      iin: tenant.employee.iin,
      name,
      roles: [],
    });
    expect(await refusalOf(response)).toEqual([400, 'REQUEST_INVALID', 'мәтінде болмайтын таңбалар бар']);
  });

  it('is refused in the name of a field, which is not repeated', async () => {
    const response = await call('POST', '/v1/organisation/invitations', { [NUL]: 1 });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('u0000');
  });

  it('is refused in every query, and in cursors that hide it', async () => {
    const hidden = Buffer.from(JSON.stringify([Date.now(), 'a\u0000'])).toString('base64url');
    let tried = 0;
    for (const operation of operations) {
      for (const { name } of operation.parameters.filter((parameter) => parameter.in === 'query')) {
        for (const value of name === 'cursor' ? ['%00', hidden] : ['%00', 'a%00b']) {
          const response = await call(operation.method, `${addressOf(operation)}?${name}=${value}`);
          const expected = response.status === 404 && operation.path.includes('{') ? 404 : 400;
          expect([operation.id, name, value, response.status]).toEqual([operation.id, name, value, expected]);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(10);
  }, 60_000);

  it('addresses nothing in a path', async () => {
    const addressed = operations.filter(({ path }) => path.includes('{'));
    expect(addressed.length).toBeGreaterThan(15);
    for (const operation of addressed) {
      const path = operation.path.replaceAll(/\{\w+\}/g, 'a%00b');
      const body = operation.takesBody ? {} : undefined;
      const { status } = await call(operation.method, path, body, headersFor(operation));
      expect([operation.id, status]).toEqual([operation.id, 404]);
    }
  }, 60_000);

  it('is no identifier of an API client', async () => {
    const authorization = `Basic ${Buffer.from('a\u0000:b').toString('base64')}`;
    const verify = operations.find(({ access }) => access === 'client');
    const response = await call('POST', verify?.path ?? '', {}, { authorization });
    expect(response.status).toBe(401);
  });

  it('does not come in as the name of a device', async () => {
    const socket = connect(world.gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /v1/challenges HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a\u0000b\r\nContent-Length: 0\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('leaves a multi-line signature and letters of every alphabet alone', async () => {
    const name = 'Ғалым Әбдірахман-ұлы 😀';
    const made = await call('PUT', '/v1/organisation/roles/tester', { title: name, permissions: [] });
    expect(made.status).toBeLessThan(300);
    const signature = '-----BEGIN CMS-----\r\nAAAA\r\n-----END CMS-----\n';
    const signed = await call('POST', '/v1/sign-in/eds', { challengeId: 'x', signature });
    expect(signed.status).not.toBe(500);
  });

  it('finds names without regard to case, as the embedded database does', async () => {
    for (const search of ['тоо «OUR', 'ТОО', 'ours']) {
      const response = await call(
        'GET',
        `/v1/administration/organisations?search=${encodeURIComponent(search)}`,
      );
      const { items } = (await response.json()) as { items: { id: string }[] };
      expect([search, items.some(({ id }) => id === tenant.organisation.id)]).toEqual([search, true]);
    }
    const found = await call('POST', '/v1/organisation/members/search', { name: 'бЕЙТ' });
    const { items } = (await found.json()) as { items: unknown[] };
    expect(items.length).toBeGreaterThan(0);
  });
});

describeWithRedis('readiness', () => {
  it('tells the database from Redis', async () => {
    const redis = await startRedis();
    const world = await startLabGateway({ env: { QAQPA_REDIS_URL: redis.url } });
    const readiness = async (): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${world.gateway.port}/readyz`);
      return [response.status, ((await response.json()) as { checks: unknown }).checks];
    };
    const rest = { disk: 'ok', trust: 'ok', verdicts: 'ok', revocation: 'ok', proxies: 'ok' };
    expect(await readiness()).toEqual([200, { database: 'ok', redis: 'ok', ...rest }]);
    await redis.stop();
    expect(await readiness()).toEqual([503, { database: 'ok', redis: 'failed', ...rest }]);
    await world.close();
  }, 60_000);
});
