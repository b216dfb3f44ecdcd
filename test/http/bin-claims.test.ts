/** A number somebody else registered: its head asks by EDS, an administrator decides; and the last administrator stays. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { type LabKey } from '../../src/lab/index.js';
import {
  type LabGateway,
  ncalayerSignature,
  nextIin,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { companyKey, nextBin, register } from '../support/registration.js';
import { addSomebody, type Caller, callerOf } from '../support/tenant.js';
import { type TestVisitor } from '../support/visitor.js';

const CLAIMS = '/v1/organisation/bin-claims';
const DECISIONS = '/v1/administration/bin-claims';
const ORGANISATIONS = '/v1/administration/organisations';

let world: LabGateway;
let administrator: Caller;
beforeAll(async () => {
  world = await startLabGateway();
  administrator = await holderOf('administrator');
}, 60_000);
afterAll(() => world.close());

async function holderOf(role: 'administrator' | 'security-officer'): Promise<Caller> {
  const somebody = await addSomebody(world, world.organisation.id, []);
  const by = { kind: 'operator', id: null } as const;
  await world.storage.accounts.grantPlatformRole(somebody.account.person.id, role, by, new Date());
  return somebody.signedIn();
}

interface Company {
  readonly bin: string;
  readonly id: string;
  readonly key: LabKey;
  readonly visitor: TestVisitor;
}

async function founded(bin = nextBin()): Promise<Company> {
  const visitor = world.visitor();
  const key = await companyKey(world, { bin });
  const response = await register(world, visitor, key);
  expect(response.status).toBe(201);
  const { organisation } = (await response.json()) as { organisation: { id: string } };
  return { bin, id: organisation.id, key, visitor };
}

async function told(response: Response): Promise<string> {
  const text = await response.text();
  const { code = '' } = text === '' ? {} : (JSON.parse(text) as { code?: string });
  return `${response.status} ${code}`.trim();
}

/** Signs the very request and makes it. */
async function claim({ visitor, key }: Pick<Company, 'visitor' | 'key'>, bin: string): Promise<Response> {
  const asked = await visitor.post('/v1/step-up/challenge', { method: 'POST', path: CLAIMS, body: { bin } });
  const { challengeId, data, text } = (await asked.json()) as Record<string, string>;
  expect(text).toContain(`bin = ${bin}`);
  const signature = await ncalayerSignature(world.lab, key, Buffer.from(data!, 'base64'));
  expect((await visitor.post('/v1/step-up', { challengeId, signature })).status).toBe(200);
  return visitor.post(CLAIMS, { bin });
}

const claimedBy = async (company: Pick<Company, 'visitor' | 'key'>, bin: string): Promise<string> => {
  const response = await claim(company, bin);
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
};

const eventsOf = async (organisationId: string): Promise<string[]> =>
  (await world.storage.audit.list({ organisationId, limit: 1000 })).map(({ type }) => type);

describe('a branch that founded an organisation of its own', () => {
  it('comes to its parent when the parent’s head asks by EDS and an administrator agrees', async () => {
    const [parent, branch] = [await founded(), await founded()];
    const iin = nextIin();
    const employee = await companyKey(world, { kind: 'employee', bin: branch.bin, iin });
    expect((await register(world, world.visitor(), employee)).status).toBe(202);

    const id = await claimedBy(parent, branch.bin);
    const open = await (await administrator.call('GET', `${DECISIONS}?status=open`)).json();
    expect(open).toMatchObject({ items: [{ id, organisation: parent.id, bin: branch.bin, status: 'open' }] });
    expect((await administrator.call('POST', `${DECISIONS}/${id}/grant`, {})).status).toBe(200);

    expect((await branch.visitor.fetch('/v1/session')).status).toBe(401);
    const holder = await world.storage.accounts.organisationByBin(parseBin(branch.bin)!);
    expect(holder).toMatchObject({ id: parent.id, branchBins: [branch.bin] });
    const { members } = world.storage.accounts.tenant(parent.id);
    const { items } = await members.list({ status: 'requested', limit: 10 });
    // Whoever managed the part manages the whole no more than anybody else.
    expect(items.map(({ membership }) => membership.roles)).toEqual([[], []]);
    expect(await told(await signIn(world, world.visitor(), branch.key))).toBe('403 ACCOUNT_REQUESTED');
    const asked = items.find(({ person }) => person.iin === parseIin(iin))!;
    const call = callerOf(parent.visitor, world.gateway.origin);
    await call('POST', `/v1/organisation/members/${asked.membership.id}/approve`, { roles: [] });
    expect((await signIn(world, world.visitor(), employee)).status).toBe(200);
    for (const organisation of [parent.id, branch.id]) {
      expect(await eventsOf(organisation)).toContain('organisation.merged');
    }
    expect(await told(await administrator.call('POST', `${ORGANISATIONS}/${branch.id}/resume`, {}))).toBe(
      '409 ORGANISATION_NOT_MERGEABLE',
    );
  }, 30_000);

  it('keeps its own when the administrator refuses', async () => {
    const [stranger, company] = [await founded(), await founded()];
    const id = await claimedBy(stranger, company.bin);
    expect((await administrator.call('POST', `${DECISIONS}/${id}/refuse`, {})).status).toBe(200);
    expect((await signIn(world, world.visitor(), company.key)).status).toBe(200);
    expect(await told(await administrator.call('POST', `${DECISIONS}/${id}/grant`, {}))).toBe(
      '409 BIN_CLAIM_STATUS',
    );
    const own = await (await stranger.visitor.fetch(CLAIMS)).json();
    expect(own).toMatchObject({ items: [{ id, status: 'refused' }] });
  }, 30_000);

  it('that is a branch of another organisation is taken over without it', async () => {
    const [right, wrong] = [await founded(), await founded()];
    const bin = nextBin();
    await world.storage.accounts.addBranch(wrong.id, parseBin(bin)!);
    const id = await claimedBy(right, bin);
    await administrator.call('POST', `${DECISIONS}/${id}/grant`, {});
    expect((await world.storage.accounts.organisationByBin(parseBin(bin)!))?.id).toBe(right.id);
    expect((await wrong.visitor.fetch('/v1/session')).status).toBe(200);
  }, 30_000);
});

describe('a claim', () => {
  it('is signed in any case, however fresh the sign-in', async () => {
    const company = await founded();
    expect(await told(await company.visitor.post(CLAIMS, { bin: nextBin() }))).toBe('403 STEP_UP_REQUIRED');
  });

  it('is signed by the head: another manager’s key is not enough', async () => {
    const company = await founded();
    const iin = nextIin();
    const key = await companyKey(world, { kind: 'employee', bin: company.bin, iin });
    expect((await register(world, world.visitor(), key)).status).toBe(202);
    const { members } = world.storage.accounts.tenant(company.id);
    const { membership } = (await members.ofIin(parseIin(iin)!))!;
    const call = callerOf(company.visitor, world.gateway.origin);
    await call('POST', `/v1/organisation/members/${membership.id}/approve`, { roles: ['manager'] });
    const visitor = world.visitor();
    expect((await signIn(world, visitor, key)).status).toBe(200);
    expect(await told(await claim({ visitor, key }, nextBin()))).toBe('403 BIN_CLAIM_HEAD_REQUIRED');
  }, 30_000);

  it('is not made twice, nor of one’s own number', async () => {
    const company = await founded();
    const bin = nextBin();
    await claimedBy(company, bin);
    expect(await told(await claim(company, bin))).toBe('409 BIN_CLAIM_STATUS');
    expect(await told(await claim(company, company.bin))).toBe('409 BIN_CLAIM_STATUS');
  });

  it('is decided by an administrator: by no officer and by no manager', async () => {
    const company = await founded();
    const id = await claimedBy(company, nextBin());
    const officer = await holderOf('security-officer');
    const manager = { call: callerOf(company.visitor, world.gateway.origin) };
    for (const { call } of [officer, manager]) {
      expect(await told(await call('POST', `${DECISIONS}/${id}/grant`, {}))).toBe('403 PERMISSION_DENIED');
    }
  });

  it('of one organisation is not seen by another', async () => {
    const [one, another] = [await founded(), await founded()];
    await claimedBy(one, nextBin());
    expect(await (await another.visitor.fetch(CLAIMS)).json()).toEqual({ items: [], nextCursor: null });
  });
});

describe('an administrator', () => {
  it('merges and releases without a claim, and nothing that cannot be', async () => {
    const [part, whole] = [await founded(), await founded()];
    const branch = nextBin();
    await world.storage.accounts.addBranch(whole.id, parseBin(branch)!);
    const release = `${ORGANISATIONS}/${whole.id}/release-branch`;
    expect((await administrator.call('POST', release, { bin: branch })).status).toBe(200);
    expect(await world.storage.accounts.organisationByBin(parseBin(branch)!)).toBeNull();
    expect(await told(await administrator.call('POST', release, { bin: branch }))).toBe(
      '404 RESOURCE_UNKNOWN',
    );
    expect(await told(await administrator.call('POST', release, { bin: whole.bin }))).toBe(
      '404 RESOURCE_UNKNOWN',
    );
    const merge = (from: string, into: string): Promise<Response> =>
      administrator.call('POST', `${ORGANISATIONS}/${from}/merge`, { into });
    expect(await told(await merge(whole.id, whole.id))).toBe('409 ORGANISATION_NOT_MERGEABLE');
    expect((await merge(part.id, whole.id)).status).toBe(200);
    expect(await told(await merge(part.id, whole.id))).toBe('409 ORGANISATION_NOT_MERGEABLE');
    expect(await told(await merge(whole.id, part.id))).toBe('409 ORGANISATION_NOT_MERGEABLE');
  }, 30_000);

  it('who is the only one is not kept out through their organisation, nor by what happens to the others', async () => {
    const alone = await startLabGateway();
    try {
      const { accounts } = alone.storage;
      const by = { kind: 'operator', id: null } as const;
      const bin = parseBin(nextBin())!;
      const home = await accounts.addOrganisation({ name: 'Платформа', bin }, new Date());
      const grant = async (organisationId: string, role: 'administrator' | 'security-officer') => {
        const somebody = await addSomebody(alone, organisationId, []);
        await accounts.grantPlatformRole(somebody.account.person.id, role, by, new Date());
        return somebody;
      };
      await grant(home.id, 'administrator');
      const officer = await (await grant(alone.organisation.id, 'security-officer')).signedIn();
      const suspend = async (): Promise<string> =>
        told(await officer.call('POST', `${ORGANISATIONS}/${home.id}/suspend`, {}));
      expect(await suspend()).toBe('409 LAST_ADMINISTRATOR');
      // Another one who has no place to sign in at is none.
      const second = await grant(alone.organisation.id, 'administrator');
      const { members } = accounts.tenant(alone.organisation.id);
      const { id } = second.account.membership;
      await members.changeStatus(id, 'suspended', by, new Date());
      expect(await suspend()).toBe('409 LAST_ADMINISTRATOR');
      await members.changeStatus(id, 'active', by, new Date());
      expect(await suspend()).toBe('200');
    } finally {
      await alone.close();
    }
  }, 30_000);
});
