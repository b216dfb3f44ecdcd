import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { type TestVisitor } from '../support/visitor.js';

describe.each([
  ['threads', 1],
  ['turns', 0],
])('a flood of documents, judged in %s', (_mode, threads) => {
  let world: LabGateway;
  let member: Member;
  let authorization: string;
  let body: string;

  beforeAll(async () => {
    world = await startLabGateway({ threads, env: { QAQPA_OCSP_REUSE: '1h' } });
    member = await world.admit('ТАСҚЫН');
    const { client, secret } = await world.storage.apiClients.add('document flow', new Date());
    authorization = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
    const cms = await world.lab.signCms(member.key, Buffer.from('Шарт № 8'));
    body = JSON.stringify({ signature: Buffer.from(cms).toString('base64') });
  }, 60_000);
  afterAll(() => world.close());

  const ask = (visitor: TestVisitor): Promise<Response> =>
    visitor.fetch('/v1/signatures/verify', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body,
    });

  it('lets health, sessions and sign-ins be answered, sheds what is too much, and leaves nothing behind', async () => {
    const statuses = new Map<number, number>();
    const refusals: Response[] = [];
    let over = false;
    const sender = async (): Promise<void> => {
      const visitor = world.visitor();
      while (!over) {
        const response = await ask(visitor);
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (response.status === 503 && refusals.length === 0) refusals.push(response);
        else await response.arrayBuffer();
        if (response.status === 503) await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    const judged = (): number => statuses.get(200) ?? 0;
    // More than the lane of documents holds.
    const flood = Array.from({ length: 150 }, sender);

    const visitor = world.visitor();
    const signedIn: number[] = [];
    for (let i = 0; i < 2; i += 1) {
      const before = judged();
      expect((await signIn(world, visitor, member.key)).status).toBe(200);
      expect((await visitor.fetch('/v1/session')).status).toBe(200);
      expect((await visitor.fetch('/livez')).status).toBe(200);
      signedIn.push(judged() - before);
    }
    over = true;
    await Promise.all(flood);

    // The flood went on all the while: documents were judged, and some had to be sent away.
    expect(signedIn.some((count) => count > 0)).toBe(true);
    expect([...statuses.keys()].sort()).toEqual([200, 503]);
    expect(refusals[0]!.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refusals[0]!.json()).toMatchObject({ code: 'VERIFIER_BUSY' });
    const after = await ask(visitor);
    expect([after.status, await after.json()]).toMatchObject([200, { indication: 'TOTAL_PASSED' }]);
    const metrics = await (await fetch(`http://127.0.0.1:${world.gateway.metricsPort}/metrics`)).text();
    expect(metrics).toContain('qaqpa_verdict_queue{lane="document"} 0');
    expect(metrics).toMatch(/qaqpa_verdicts_total\{lane="document",code="VERIFIER_BUSY"\} [1-9]/);
    expect(metrics).toContain(`qaqpa_verdict_threads{state="alive"} ${threads}`);
  }, 120_000);

  it('asks a responder about every sign-in and judges its answers, with a single thread as well', async () => {
    const fresh = await startLabGateway({ threads });
    try {
      const somebody = await fresh.admit('ЖАҢА');
      const visitor = fresh.visitor();
      expect((await signIn(fresh, visitor, somebody.key)).status).toBe(200);
      fresh.ocsp.behave('revoked');
      expect(await (await signIn(fresh, visitor, somebody.key)).json()).toMatchObject({
        code: 'CERTIFICATE_REVOKED',
      });
    } finally {
      await fresh.close();
    }
  }, 120_000);
});
