/** Wrong passwords from many addresses, and what they leave to other visitors. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timesOf } from '../../src/audit/refusal-summaries.js';
import { makeIin } from '../../src/lab/index.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';

describe('a flood of wrong passwords', () => {
  let world: LabGateway;
  let member: Member;

  beforeAll(async () => {
    world = await startLabGateway({ env: { QAQPA_RATE_PASSWORD_FAILURES: '100000/1m' } });
    member = await world.admit('ДАУЫЛ');
  }, 60_000);
  afterAll(() => world.close());

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${world.gateway.metricsPort}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
    );
  };

  it('is shed beyond what is soon looked at, while signatures and sessions are answered', async () => {
    const answers = new Map<string, number>();
    let over = false;
    let next = 0;
    const sender = async (): Promise<void> => {
      const visitor = world.visitor();
      while (!over) {
        next += 1;
        const iin = makeIin({ born: '1971-03-04', sex: 'male', order: next % 9_000 });
        const response = await visitor.post('/v1/login/password', {
          iin,
          password: `Qate-qupiya-soz-${next}`,
        });
        const { code } = (await response.json()) as { code: string };
        const answer = `${response.status} ${code}`;
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        if (response.status !== 503) continue;
        expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    };
    const flood = Array.from({ length: 80 }, sender);

    const statuses: number[] = [];
    let running = 0;
    let waiting = 0;
    for (let i = 0; i < 3; i += 1) {
      const visitor = world.visitor();
      statuses.push((await signIn(world, visitor, member.key)).status);
      statuses.push((await visitor.fetch('/v1/session')).status);
      running = Math.max(running, await metric('qaqpa_password_hashes{state="running"}'));
      waiting = Math.max(waiting, await metric('qaqpa_password_hashes{state="waiting"}'));
    }
    over = true;
    await Promise.all(flood);

    expect(statuses).toEqual(Array(6).fill(200));
    expect([...answers.keys()].sort()).toEqual(['401 PASSWORD_WRONG', '503 GATEWAY_BUSY']);
    const allowed = await metric('qaqpa_password_hashes{state="allowed"}');
    expect(allowed).toBeGreaterThan(0);
    expect(await metric('qaqpa_password_hashes{state="most"}')).toBeLessThanOrEqual(allowed);
    expect(running).toBeLessThanOrEqual(allowed);
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThanOrEqual(64);
    expect(await metric('qaqpa_passwords_shed_total')).toBe(answers.get('503 GATEWAY_BUSY'));
    expect(await metric('qaqpa_password_hashes_total')).toBe(answers.get('401 PASSWORD_WRONG'));
    expect(await metric('qaqpa_password_hashes{state="waiting"}')).toBe(0);
  }, 120_000);
});

describe('wrong credentials of API clients', () => {
  it('are limited by address and recorded within the limit, and right ones go on', async () => {
    const world = await startLabGateway({ env: { QAQPA_RATE_CLIENT_FAILURES: '3/1m' } });
    try {
      const { client, secret } = await world.storage.apiClients.add('document flow', new Date());
      const ask = async (credentials: string | null): Promise<[number, string | null]> => {
        const headers: Record<string, string> = { 'content-type': 'application/json' };
        if (credentials !== null) headers['authorization'] = `Bearer ${credentials}`;
        const response = await world
          .visitor()
          .fetch('/v1/signatures/verify', { method: 'POST', headers, body: '{}' });
        return [response.status, response.headers.get('retry-after')];
      };
      const wrong = [`${client.id}.${secret.slice(1)}`, `${client.id}.`, `nobody.${secret}`];
      for (const credentials of wrong) expect(await ask(credentials)).toEqual([401, null]);
      for (const credentials of wrong)
        expect(await ask(credentials)).toEqual([429, expect.stringMatching(/^\d+$/)]);
      expect((await ask(null))[0]).toBe(401);
      expect((await ask(`${client.id}.${secret}`))[0]).toBe(400);
      // The first is there at once; what was counted, when the gateway stops.
      await world.gateway.close();
      const records = await world.storage.audit.list({ after: 0, limit: 1000 });
      const refused = records.filter(({ type }) => type === 'client.refused');
      expect(refused.map(timesOf)).toEqual([1, 2]);
    } finally {
      await world.close();
    }
  }, 60_000);
});
