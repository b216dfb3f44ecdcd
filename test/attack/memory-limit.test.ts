/** No request ends the process, in as little memory as a container of 512 MB has: the system kills it where it takes more. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attack, type GatewayProcess, serveGateway } from '../support/gateway-process.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { limitMemory, type MemoryLimit } from '../support/memory-limit.js';
import { openVisitor } from '../support/visitor.js';

const MEMORY = 512 * 1024 * 1024;
/**
 * Where this process may limit nothing, the gateway is told of the limit as in a container, and has the heap that Node takes there. Its
 * peak is looked at, with half as much again for files and for what the system would have taken back.
 */
const AS_IN_CONTAINER = [
  '--max-old-space-size=259',
  `--import=data:text/javascript,process.constrainedMemory=()=>${MEMORY}`,
];
const ORIGIN = 'https://gate.example.kz';

describe('a gateway in 512 MB', () => {
  let world: LabGateway;
  let member: Member;
  let limit: MemoryLimit | null;
  let gateway: GatewayProcess;
  const credentials: string[] = [];

  beforeAll(async () => {
    world = await startLabGateway({ env: { QAQPA_ORIGIN: ORIGIN } });
    member = await world.admit('ТӨЗІМ');
    for (let count = 0; count < 3; count += 1) {
      const { client, secret } = await world.storage.apiClients.add(`documents ${count}`, new Date());
      credentials.push(`Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`);
    }
    await world.gateway.close();
    // With as many threads as it takes by itself, as on any machine.
    const env = Object.fromEntries(Object.entries(world.env).filter(([name]) => name !== 'QAQPA_WORKERS'));
    limit = limitMemory(MEMORY);
    gateway = await serveGateway(env, limit === null ? AS_IN_CONTAINER : [], limit);
  }, 60_000);
  afterAll(async () => {
    await gateway.stop();
    limit?.remove();
    await world.close();
  });

  it('judges or refuses the documents that take most of it, several at once, and goes on', async () => {
    const documents = await attack('hostile-documents.js', {
      GATEWAY: gateway.address,
      CREDENTIALS: credentials.join(' '),
    });
    // On a busy machine the thread of a long document is ended for its time; that must be an exception.
    const ended = documents.filter(({ answer }) => answer === '503 SERVICE_UNAVAILABLE');
    expect(ended.length).toBeLessThanOrEqual(2);
    const surprising = documents.filter(({ answer, expected }) => answer !== expected);
    expect(surprising.filter((finding) => !ended.includes(finding))).toEqual([]);
    expect(documents.length).toBeGreaterThan(10);
    expect(gateway.isRunning()).toBe(true);
    if (limit === null) expect(gateway.peakMemory()).toBeLessThan(1.5 * MEMORY);
    else expect(limit.killed()).toBe(false);
    const browser = openVisitor(ORIGIN, gateway.address);
    expect((await signIn(world, browser, member.key)).status).toBe(200);
  }, 300_000);
});
