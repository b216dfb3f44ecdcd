/** The attacks of one organisation on people and on the others, against a real gateway; and what each must come to. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Organisation } from '../../src/accounts/account.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { type LabKey } from '../../src/lab/index.js';
import { type LabGateway, nextIin, signIn, startLabGateway } from '../support/lab-gateway.js';
import { addMember, invite } from '../support/members.js';
import { companyKey, nextBin, register } from '../support/registration.js';
import { type HostileTenant, openHostileTenant, PLANTED } from './hostile-tenant.js';

const OWN = 'Menin-kiltim-2028-Ү';

let world: LabGateway;
let hostile: HostileTenant;
let victims: Organisation;
let bin: string;
beforeAll(async () => {
  world = await startLabGateway();
  hostile = await openHostileTenant(world);
  bin = nextBin();
  victims = await world.storage.accounts.addOrganisation(
    { name: 'ТОО «Құрбан»', bin: parseBin(bin)! },
    new Date(),
  );
}, 60_000);
afterAll(() => world.close());

const invited = async (iin: string): Promise<string> =>
  (await invite(world.storage, { organisationId: victims.id, iin: parseIin(iin)! }, new Date())).token;

/** A member of the other organisation who has come with their EDS and set a password. */
async function victim(): Promise<{ readonly iin: string; readonly key: LabKey }> {
  const iin = nextIin();
  await addMember(
    world.storage.accounts,
    { organisationId: victims.id, iin: parseIin(iin)!, name: 'ҚҰРБАН ТЕСТ' },
    new Date(),
  );
  const key = await companyKey(world, { kind: 'employee', bin, iin, surname: 'ҚҰРБАН' });
  const visitor = world.visitor();
  expect((await signIn(world, visitor, key)).status).toBe(200);
  expect((await visitor.post('/v1/me/password', { password: OWN })).status).toBe(204);
  const contacts = { email: 'qurban@example.kz', phone: '+77010000001' };
  const headers = { 'content-type': 'application/json', origin: world.gateway.origin };
  await visitor.fetch('/v1/me/contacts', { method: 'PATCH', headers, body: JSON.stringify(contacts) });
  return { iin, key };
}

const enter = async (
  iin: string,
  password: string,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await world.visitor().post('/v1/login/password', { iin, password });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('whoever knows an IIN and has an organisation', () => {
  it('learns nothing about its person that they would not learn about somebody nobody knows', async () => {
    const nobody = await hostile.probe(nextIin());
    const member = await victim();
    const blocked = await victim();
    for (let failure = 0; failure < 6; failure += 1) await enter(blocked.iin, 'Qate-qupiya-soz-1234');
    const invitedElsewhere = nextIin();
    await invited(invitedElsewhere);
    const planted = nextIin();
    const another = await openHostileTenant(world);
    await another.take(await another.invite(planted), planted);
    const known = { member: member.iin, blocked: blocked.iin, invitedElsewhere, planted };
    for (const [who, iin] of Object.entries(known)) {
      expect([who, await hostile.probe(iin)]).toEqual([who, nobody]);
    }
  }, 120_000);

  it('keeps nobody from joining another organisation, with a password or with an EDS', async () => {
    for (const taken of [false, true]) {
      const [first, second] = [nextIin(), nextIin()];
      for (const iin of [first, second]) {
        const theirs = await hostile.invite(iin);
        if (taken) await hostile.take(theirs, iin);
      }
      const accept = { token: await invited(first), iin: first, password: OWN };
      expect((await world.visitor().post('/v1/invitations/accept', accept)).status).toBe(201);
      expect(await enter(first, OWN)).toMatchObject({
        status: 200,
        body: { organisation: { id: victims.id } },
      });
      const key = await companyKey(world, { kind: 'employee', bin, iin: second });
      const joined = await register(world, world.visitor(), key, { invitation: await invited(second) });
      expect(joined.status).toBe(201);
    }
  }, 60_000);

  it('leaves nothing behind that outlives the EDS sign-in of the real person, and does not get in its way', async () => {
    const { iin, key } = await victim();
    const { session } = await hostile.take(await hostile.invite(iin), iin);
    expect((await session.fetch('/v1/session')).status).toBe(200);
    expect(await enter(iin, OWN)).toMatchObject({ status: 200, body: { organisation: { id: victims.id } } });
    const visitor = world.visitor();
    const signedIn = (await (await signIn(world, visitor, key)).json()) as { provisionalEnded: unknown[] };
    expect(signedIn.provisionalEnded).toHaveLength(1);
    expect((await session.fetch('/v1/session')).status).toBe(401);
    expect((await enter(iin, PLANTED)).status).toBe(401);
    expect(await enter(iin, OWN)).toMatchObject({ status: 200, body: { organisation: { id: victims.id } } });
  }, 60_000);

  it('gets five tries at a password and no sixth, whatever they clear with one of their own', async () => {
    const { iin, key } = await victim();
    const answers = await hostile.guess(iin, 3);
    expect(answers.filter((answer) => answer === '401 PASSWORD_WRONG')).toHaveLength(5);
    expect(answers.slice(5).every((answer) => answer === '423 PASSWORD_BLOCKED')).toBe(true);
    expect((await enter(iin, OWN)).status).toBe(423);
    // The person's EDS opens it again.
    expect((await signIn(world, world.visitor(), key)).status).toBe(200);
    expect((await enter(iin, OWN)).status).toBe(200);
  }, 60_000);

  it('does not lift the block of a password by making its person a member', async () => {
    const { iin } = await victim();
    for (let failure = 0; failure < 6; failure += 1) await enter(iin, 'Qate-qupiya-soz-1234');
    const theirs = await hostile.invite(iin);
    const unblock = (): Promise<unknown> =>
      hostile.call('POST', `/v1/organisation/members/${theirs.member}/unblock-password`, {});
    expect(await unblock()).toMatchObject({ status: 409 });
    await hostile.take(theirs, iin);
    expect(await unblock()).toMatchObject({ status: 200, body: { lifted: false } });
    expect((await enter(iin, OWN)).status).toBe(423);
  }, 60_000);
});
