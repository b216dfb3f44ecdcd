/** The contract held against the running gateway, both ways: what it says is true, and nothing is left unsaid. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Contract, type DescribedOperation, fill, readContract } from '../support/contract.js';
import { faults, resolve, type Schema } from '../support/json-schema.js';
import { misfits, RECORD_SHAPES, recordShapes } from '../support/record-shapes.js';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';
import { addTenant, callerOf } from '../support/tenant.js';
import { type Flows, openFlows } from './openapi-flows.js';

/** What people see and what pages are made of: not for programs, and not described. */
const isPage = (route: string): boolean => /^GET \/(?!v1\/)/.test(route);
/** `app.all` of a path refuses what the routes before it did not take. */
const isRefusal = (methods: readonly string[]): boolean => methods.includes('purge');

interface Layer {
  readonly route?: {
    readonly path: string | readonly string[];
    readonly methods: Readonly<Record<string, boolean>>;
  };
}

describe('the OpenAPI document', () => {
  let world: LabGateway;
  let contract: Contract;
  let flows: Flows;

  beforeAll(async () => {
    world = await startLabGateway();
    contract = await readContract(`http://127.0.0.1:${world.gateway.port}`);
    flows = await openFlows(world);
  }, 60_000);
  afterAll(() => world.close());

  const problemsOf = (
    { id, responses }: DescribedOperation,
    status: number,
    type: string | null,
    text: string,
  ): readonly string[] => {
    const response = responses[String(status)];
    if (response === undefined) return [`${id} answered ${status}, which it does not announce`];
    if (text === '')
      return response.content === undefined ? [] : [`${id} ${status} announces a body and sent none`];
    const described = response.content?.[type?.split(';')[0] ?? ''];
    if (described === undefined)
      return [`${id} ${status} sent ${type ?? 'nothing'}, which it does not announce`];
    const told: unknown = type?.startsWith('text/plain') === true ? text : JSON.parse(text);
    return faults(told, described.schema, contract.document, `${id} ${status}`);
  };

  const judge = async (operation: DescribedOperation, response: Response): Promise<readonly string[]> =>
    problemsOf(operation, response.status, response.headers.get('content-type'), await response.text());

  it('is OpenAPI 3.1 with every reference at home', () => {
    const { document, operations } = contract;
    expect(document['openapi']).toMatch(/^3\.1\.\d$/);
    expect(document['info']).toMatchObject({ title: 'Qaqpa', version: expect.any(String) });
    expect(document['servers']).toEqual([{ url: world.gateway.origin }]);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name!);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(() => resolve(reference, document)).not.toThrow();
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    for (const { id, path, parameters, responses } of operations) {
      expect([id, path]).toEqual([id, expect.stringMatching(/^(\/[a-z0-9{}._-]+)+$/)]);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect([id, inPath.map(({ name }) => `{${name}}`).sort()]).toEqual([
        id,
        (path.match(/\{\w+\}/g) ?? []).sort(),
      ]);
      expect(inPath.filter(({ required }) => required !== true)).toEqual([]);
      expect([id, Object.keys(responses).filter((status) => !/^[2-5]\d\d$/.test(status))]).toEqual([id, []]);
      expect([id, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([id, true]);
    }
  });

  it('names the security of every operation that has one, and only schemes it defines', () => {
    const schemes = Object.keys((contract.document['components'] as Schema)['securitySchemes'] ?? {});
    const paths = contract.document['paths'] as Record<string, Record<string, { security?: object[] }>>;
    for (const { id, path, method, access } of contract.operations) {
      const { security = [] } = paths[path]![method.toLowerCase()]!;
      const named = security.flatMap((item) => Object.keys(item));
      expect(named.filter((name) => !schemes.includes(name))).toEqual([]);
      const wanted =
        access === 'client'
          ? ['clientBasic', 'clientBearer']
          : ['session', 'member'].includes(access)
            ? ['session']
            : [];
      expect([id, named]).toEqual([id, wanted]);
    }
  });

  it('leaves out no route but pages; that it has one for every operation, those say that answer', () => {
    const router = world.gateway.app.router as unknown as { readonly stack: readonly Layer[] };
    const routed = router.stack.flatMap(({ route }) =>
      route === undefined || isRefusal(Object.keys(route.methods))
        ? []
        : Object.keys(route.methods)
            .filter((method) => method !== '_all')
            .map((method) => `${method.toUpperCase()} ${String(route.path).replaceAll(/:(\w+)/g, '{$1}')}`),
    );
    // Operations are no routes of Express: what is described is what is mounted.
    expect(routed.filter((route) => !isPage(route))).toEqual([]);
    expect(routed).toContain('GET /openapi.json');
  });

  it('knows a flow for every operation, and no flow for what is not there', () => {
    const ids = contract.operations.map(({ id }) => id);
    expect(ids.filter((id) => !(id in flows))).toEqual([]);
    expect(Object.keys(flows).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('describes what every operation answers when all is well', async () => {
    const wrong: string[] = [];
    for (const operation of contract.operations) {
      const response = await flows[operation.id]!();
      if (!response.ok)
        wrong.push(`${operation.id} answered ${response.status}: ${await response.clone().text()}`);
      wrong.push(...(await judge(operation, response)));
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('leaves the records it always left: of these events, by and about these parties, with these facts', async () => {
    expect(await recordShapes(world.storage.audit)).toEqual(RECORD_SHAPES);
    expect(await misfits(world.storage.audit)).toEqual([]);
  });

  it('describes what every operation answers to a stranger who sends rubbish', async () => {
    const call = callerOf(world.visitor(), world.gateway.origin);
    const wrong: string[] = [];
    for (const operation of contract.operations) {
      const identifiers = Object.fromEntries(operation.parameters.map(({ name }) => [name, 'support']));
      const path = fill(operation.path, identifiers);
      const rubbish = operation.takesBody ? { rubbish: true } : undefined;
      const response = await call(operation.method, path, rubbish);
      if (response.status >= 500 || response.status === 405) wrong.push(`${operation.id} ${response.status}`);
      wrong.push(...(await judge(operation, response)));
    }
    expect(wrong).toEqual([]);
  });

  it('describes what every operation of members answers to a manager who sends rubbish', async () => {
    const manager = await (await addTenant(world, 'rubbish')).manager.signedIn();
    const wrong: string[] = [];
    for (const operation of contract.operations.filter(({ access }) => access === 'member')) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      const path = fill(operation.path, Object.fromEntries(inPath.map(({ name }) => [name, 'support'])));
      const query = operation.parameters.length > inPath.length ? '?rubbish=1' : '';
      const rubbish = operation.takesBody ? { rubbish: 1 } : undefined;
      const response = await manager.call(operation.method, path + query, rubbish);
      if (response.ok && (query !== '' || operation.takesBody || inPath.length > 0)) {
        wrong.push(`${operation.id} took rubbish`);
      }
      wrong.push(...(await judge(operation, response)));
    }
    expect(wrong).toEqual([]);
  });

  it('answers a method it does not describe with 405 and those it does', async () => {
    const call = callerOf(world.visitor(), world.gateway.origin);
    for (const path of new Set(contract.operations.map((operation) => operation.path))) {
      const here = contract.operations.filter((operation) => operation.path === path);
      const other = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find(
        (method) => !here.some((operation) => operation.method === method),
      )!;
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, 'support']);
      const response = await call(other, fill(path, Object.fromEntries(names) as Record<string, string>));
      const allowed = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
      expect([path, response.status, response.headers.get('allow')]).toEqual([path, 405, allowed.join(', ')]);
    }
  });
});
