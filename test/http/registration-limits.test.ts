/** What registering and inviting may cost others: who may, how often one person, how many one organisation. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { type LabGateway, nextIin, signIn, startLabGateway } from '../support/lab-gateway.js';
import { companyKey, nextBin, personalKey, register } from '../support/registration.js';
import { callerOf } from '../support/tenant.js';

const DAY = 24 * 60 * 60_000;

let world: LabGateway;
let now = new Date();
beforeAll(async () => {
  world = await startLabGateway({
    clock: () => now,
    env: {
      QAQPA_REGISTRATIONS_PER_DAY: '2',
      QAQPA_INVITATIONS_PER_DAY: '3',
      QAQPA_INVITATIONS_PER_DAY_ALONE: '2',
    },
  });
}, 60_000);
afterAll(() => world.close());

async function codeOf(response: Response): Promise<string> {
  const { code = 'none' } = (await response.json()) as { code?: string };
  return `${response.status} ${code}`;
}

describe('registration', () => {
  it('by personal keys is closed unless the operator opens it', () => {
    expect(loadConfig({}).registration).toEqual(['legal-entity', 'employee']);
  });

  it('is closed to a personal key where it is not opened, and tells nothing of the person', async () => {
    const closed = await startLabGateway({ env: { QAQPA_REGISTRATION: 'legal-entity employee' } });
    try {
      for (const kind of ['individual', 'sole-proprietor']) {
        const response = await register(closed, closed.visitor(), await personalKey(closed), { kind });
        expect(await codeOf(response)).toBe('403 REGISTRATION_CLOSED');
      }
    } finally {
      await closed.close();
    }
  }, 30_000);

  it('of one person is done so often in twenty-four hours and no more, whatever became of it', async () => {
    const iin = nextIin();
    const founded = await register(world, world.visitor(), await companyKey(world, { bin: nextBin(), iin }));
    const asked = await companyKey(world, { bin: world.bin, kind: 'employee', iin });
    const requested = await register(world, world.visitor(), asked);
    expect([founded.status, requested.status]).toEqual([201, 202]);
    const third = await companyKey(world, { bin: nextBin(), iin });
    const refused = await register(world, world.visitor(), third);
    expect([await codeOf(refused), refused.headers.get('set-cookie')]).toEqual([
      '429 REGISTRATION_LIMIT',
      null,
    ]);
    const other = await register(world, world.visitor(), await companyKey(world, { bin: nextBin() }));
    expect(other.status).toBe(201);
    now = new Date(now.getTime() + DAY);
    expect((await register(world, world.visitor(), third)).status).toBe(201);
  }, 30_000);
});

describe('an organisation', () => {
  const manager = async (
    key: Awaited<ReturnType<typeof personalKey>>,
    more: object,
  ): Promise<{ invite: () => Promise<string> }> => {
    const visitor = world.visitor();
    expect((await register(world, visitor, key, more)).status).toBe(201);
    const call = callerOf(visitor, world.gateway.origin);
    const invitations = '/v1/organisation/invitations';
    return {
      invite: async () => codeOf(await call('POST', invitations, { iin: nextIin(), roles: [] })),
    };
  };

  it('of somebody who practises alone invites fewer people in twenty-four hours than a company', async () => {
    const alone = await manager(await personalKey(world), { kind: 'individual' });
    const company = await manager(await companyKey(world, { bin: nextBin() }), {});
    const answers: string[][] = [];
    for (const { invite } of [alone, company]) {
      answers.push([await invite(), await invite(), await invite(), await invite()]);
    }
    const [some, none] = ['201 none', '429 INVITATION_LIMIT'];
    expect(answers).toEqual([
      [some, some, none, none],
      [some, some, some, none],
    ]);
  }, 30_000);

  it('invites again the next day', async () => {
    const key = await companyKey(world, { bin: nextBin() });
    const { invite } = await manager(key, {});
    for (let sent = 0; sent < 3; sent += 1) expect(await invite()).toBe('201 none');
    expect(await invite()).toBe('429 INVITATION_LIMIT');
    now = new Date(now.getTime() + DAY);
    const visitor = world.visitor();
    expect((await signIn(world, visitor, key)).status).toBe(200);
    const call = callerOf(visitor, world.gateway.origin);
    const again = await call('POST', '/v1/organisation/invitations', { iin: nextIin(), roles: [] });
    expect(again.status).toBe(201);
  }, 30_000);
});
