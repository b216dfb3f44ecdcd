import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabGateway, signIn, startLabGateway } from '../support/lab-gateway.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId: string; responses: Record<string, unknown> }>>>
  >;
}

describe('the OpenAPI document', () => {
  let world: LabGateway;
  let document: Document;
  let base: string;

  beforeAll(async () => {
    world = await startLabGateway();
    base = `http://127.0.0.1:${world.gateway.port}`;
    document = (await (await fetch(`${base}/openapi.json`)).json()) as Document;
  }, 60_000);
  afterAll(() => world.close());

  it('has the operations of the contract', () => {
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining([
        'POST /v1/login/eds/challenge',
        'POST /v1/login/eds',
        'POST /v1/login/password',
        'GET /v1/session',
        'DELETE /v1/session',
        'POST /v1/signatures/verify',
        'GET /livez',
        'GET /readyz',
      ]),
    );
  });

  it('names every operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes what the running gateway answers: each operation exists and every status it gave is announced', async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(methods)) {
        const bodied = method === 'post';
        const response = await fetch(base + path, {
          method: method.toUpperCase(),
          ...(bodied ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}),
        });
        expect([path, method, Object.keys(responses)]).toEqual([
          path,
          method,
          expect.arrayContaining([String(response.status)]),
        ]);
        expect([404, 405]).not.toContain(response.status);
      }
    }
  });

  it('describes a session as it is given', async () => {
    const { key } = await world.admit('КЕЛІСІМ');
    const body = (await (await signIn(world, world.visitor(), key)).json()) as Record<string, object>;
    const { sessionReply } = await import('../../src/http/schema.js');
    expect(sessionReply.strict().safeParse(body).error).toBeUndefined();
  });
});
