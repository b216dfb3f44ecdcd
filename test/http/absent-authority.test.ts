import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { editEntry, readManifest } from '../trust/folder.js';

const ISSUING = 'lab-issuing-gost2015-512';

describe('a gateway that was never given the certificate of a pinned authority', () => {
  let world: LabGateway;
  let member: Member;
  let credentials: string;
  let file: string;
  let sha256: string;

  beforeAll(async () => {
    world = await startLabGateway();
    member = await world.admit('ЖОҚ');
    const { client, secret } = await world.storage.apiClients.add('document flow', new Date());
    credentials = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
    const entry = readManifest(world.trustFolder).entries.find(({ name }) => name === ISSUING)!;
    ({ sha256 } = entry);
    file = entry.file!;
    editEntry(world.trustFolder, ISSUING, { file: null });
    await world.gateway.reloadTrust();
  }, 60_000);
  afterAll(() => world.close());

  const verify = async (): Promise<unknown> => {
    const cms = await world.lab.signCms(member.key, Buffer.from('шарт'));
    const response = await world.visitor().fetch('/v1/signatures/verify', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: credentials },
      body: JSON.stringify({ signature: Buffer.from(cms).toString('base64') }),
    });
    return response.json();
  };

  it('names it in the verdict on what it issued, with its pin and the command that obtains it', async () => {
    expect(await verify()).toMatchObject({
      indication: 'INDETERMINATE',
      code: 'PATH_UNTRUSTED',
      trust: {
        absent: [
          {
            name: ISSUING,
            sha256,
            obtain: expect.stringContaining(`npx qaqpa trust sync --directory ${world.trustFolder}`),
          },
        ],
      },
    });
  });

  it('names it in the log when somebody is turned away for it, and when it starts to be missed', async () => {
    const before = world.logged.length;
    const response = await signIn(world, world.visitor(), member.key);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'PATH_UNTRUSTED' }]);
    const told = world.logged.slice(before).join('');
    expect(told).toContain(`${ISSUING}: pinned and not in the folder`);
    expect(told).toContain(sha256);
    expect(world.logged.slice(0, before).join('')).toContain(`${ISSUING}: pinned and not in the folder`);
  });

  it('says nothing of it about a stranger’s key', async () => {
    const stranger = await world.lab.issue({
      kind: 'individual',
      algorithm: 'gost2015-512',
      signedBy: 'self',
    });
    const before = world.logged.length;
    const response = await signIn(world, world.visitor(), stranger);
    expect(response.status).toBe(401);
    expect(world.logged.slice(before).join('')).not.toContain('pinned and not in the folder');
  });

  it('judges as if nothing had been once the certificate is there', async () => {
    editEntry(world.trustFolder, ISSUING, { file });
    await world.gateway.reloadTrust();
    const report = await verify();
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(report).not.toMatchObject({ trust: { absent: expect.anything() } });
  });
});
