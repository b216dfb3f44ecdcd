/** What one request can do to other visitors: programs that attack a real gateway in a process of its own. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attack, type Finding, type GatewayProcess, serveGateway } from '../support/gateway-process.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { limitMemory, type MemoryLimit } from '../support/memory-limit.js';
import { openVisitor, type TestVisitor } from '../support/visitor.js';

const MEMORY = 512 * 1024 * 1024;
/** What Node takes by itself in a container of 512 MB, where this process cannot make one. */
const HEAP_MB = 256;

describe('a gateway in little memory', () => {
  let world: LabGateway;
  let member: Member;
  let gateway: GatewayProcess;
  let credentials: string;
  let limit: MemoryLimit | null;

  beforeAll(async () => {
    world = await startLabGateway({ env: { QAQPA_ORIGIN: 'https://gate.example.kz' } });
    member = await world.admit('ТӨЗІМ');
    const { client, secret } = await world.storage.apiClients.add('document flow', new Date());
    credentials = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
    await world.gateway.close();
    limit = limitMemory(MEMORY);
    // As an operator may have it who wants larger documents than this memory is meant for.
    const env = { ...world.env, QAQPA_VERIFY_BODY_LIMIT: String(16 * 1024 * 1024) };
    gateway = await serveGateway(env, limit === null ? [`--max-old-space-size=${HEAP_MB}`] : [], limit);
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    limit?.remove();
    await world.close();
  });

  const visitor = (): TestVisitor => openVisitor('https://gate.example.kz', gateway.address);
  /** Signs a member in and looks at the session, again and again until `over`. */
  const bystander = async (over: () => boolean): Promise<ReadonlySet<number>> => {
    const statuses = new Set<number>();
    do {
      const browser = visitor();
      statuses.add((await signIn(world, browser, member.key)).status);
      statuses.add((await browser.fetch('/v1/session')).status);
    } while (!over());
    return statuses;
  };
  const survives = async (program: string, env: Record<string, string>): Promise<void> => {
    let over = false;
    const attacked = attack(program, { GATEWAY: gateway.address, ...env }).finally(() => (over = true));
    const statuses = await bystander(() => over);
    const findings = await attacked;
    const surprising = findings.filter(({ answer, expected }: Finding) => answer !== expected);
    expect(surprising).toEqual([]);
    expect(findings.length).toBeGreaterThan(20);
    expect([...statuses]).toEqual([200]);
    expect(gateway.isRunning()).toBe(true);
    expect(gateway.peakMemory() ?? 0).toBeLessThan(MEMORY);
  };

  it('refuses what a hostile visitor sends, and answers other visitors meanwhile', async () => {
    await survives('hostile-visitor.js', {});
  }, 300_000);

  it('refuses what a hostile API client sends, and answers visitors meanwhile', async () => {
    await survives('hostile-api-client.js', { CREDENTIALS: credentials });
  }, 300_000);

  it('shows its metrics to those who ask rightly, whatever else is sent to their port', async () => {
    for (const init of [{ method: 'POST', body: Buffer.alloc(15 << 20, '[') }, { method: 'DELETE' }]) {
      expect((await fetch(gateway.metricsAddress, init)).status).toBe(404);
    }
    expect((await fetch(`${gateway.metricsAddress}?${'a&'.repeat(7_000)}`)).status).toBe(404);
    expect(await gateway.metric('process_resident_memory_bytes')).toBeLessThan(MEMORY);
  });
});
