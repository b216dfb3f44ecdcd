/** docs/api.md says that its commands work: they are run as they stand. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabGateway, nextIin, startLabGateway } from '../support/lab-gateway.js';
import { addSomebody, addTenant, type Caller } from '../support/tenant.js';

const GUIDE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'api.md'), 'utf8');
const BLOCKS = [...GUIDE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
const run = promisify(execFile);
const curlPresent = spawnSync('curl', ['--version']).status === 0;
const COOKIE = '__Host-qaqpa-session';

(curlPresent ? describe : describe.skip)('the guide to the API', () => {
  let world: LabGateway;
  let env: NodeJS.ProcessEnv;

  const cookieOf = ({ visitor }: Caller): string => `${COOKIE}=${visitor.cookie(COOKIE)!}`;

  beforeAll(async () => {
    world = await startLabGateway();
    const { organisation, manager, employee } = await addTenant(world, 'first');
    const requested = await addSomebody(world, organisation.id, [], 'requested');
    const ruler = await addSomebody(world, organisation.id, []);
    const by = { kind: 'operator', id: null } as const;
    const { accounts } = world.storage;
    await accounts.grantPlatformRole(ruler.account.person.id, 'administrator', by, new Date());
    const { client, secret } = await world.storage.apiClients.add('guide', new Date());
    const key = await world.lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
    const signature = await world.lab.signCms(key, Buffer.from('шарт'));
    env = {
      CLIENT: `${client.id}:${secret}`,
      SIGNATURE: Buffer.from(signature).toString('base64'),
      PATH: process.env['PATH'],
      QAQPA: `http://127.0.0.1:${world.gateway.port}`,
      COOKIE: cookieOf(await manager.signedIn()),
      ADMINISTRATOR: cookieOf(await ruler.signedIn()),
      IIN: employee.iin,
      NEW_IIN: nextIin(),
      MEMBER: employee.account.membership.id,
      REQUESTED: requested.account.membership.id,
    };
  }, 60_000);
  afterAll(() => world.close());

  it('has commands to run', () => {
    expect(BLOCKS.length).toBeGreaterThan(8);
    expect(BLOCKS.filter((block) => !block.startsWith('curl '))).toEqual([]);
  });

  it('runs as it stands', async () => {
    for (const block of BLOCKS) {
      const outcome = await run('sh', ['-euc', block], { env }).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ stderr: '' });
      expect([block, (outcome as { code?: number }).code]).toEqual([block, undefined]);
    }
  }, 60_000);
});
