/** A first password set through an invitation: whoever made the link could have set it, so it opens that organisation alone. */
import { authorisePlatform } from '../../src/administration/platform.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Organisation } from '../../src/accounts/account.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { setPassword } from '../../src/administration/people.js';
import { operatorAct } from '../../src/audit/act.js';
import { type LabKey } from '../../src/lab/index.js';
import { type LabGateway, nextIin, signIn, startLabGateway } from '../support/lab-gateway.js';
import { invite } from '../support/members.js';
import { companyKey, nextBin, signTerms } from '../support/registration.js';
import { type TestVisitor } from '../support/visitor.js';

const PLANTED = 'Ashyq-esik-2026-Қ';
const NEXT = 'Basqa-kilt-2027-Ң';
const OWN = 'Menin-kiltim-2028-Ү';

let world: LabGateway;
beforeAll(async () => {
  world = await startLabGateway();
}, 60_000);
afterAll(() => world.close());

const invited = async (iin: string, { id: organisationId }: Organisation): Promise<string> =>
  (await invite(world.storage, { organisationId, iin: parseIin(iin)! }, new Date())).token;

interface Person {
  readonly iin: string;
  /** Joined afterwards, with the person's own EDS. */
  readonly second: Organisation;
  readonly key: LabKey;
}

/** A member of one organisation by their own EDS, then invited to the laboratory's by a link that somebody else took. */
async function personOfTwo(): Promise<Person> {
  const [iin, bin] = [nextIin(), nextBin()];
  const second = await world.storage.accounts.addOrganisation(
    { name: 'ТОО «Екінші»', bin: parseBin(bin)! },
    new Date(),
  );
  const key = await companyKey(world, { kind: 'employee', bin, iin });
  const visitor = world.visitor();
  const invitation = await invited(iin, second);
  const { challengeId, signature } = await signTerms(world, visitor, key, { body: { invitation } });
  const response = await visitor.post('/v1/registration', { challengeId, signature, invitation });
  expect(response.status).toBe(201);
  const token = await invited(iin, world.organisation);
  const taken = await world.visitor().post('/v1/invitations/accept', { token, iin, password: PLANTED });
  expect(taken.status).toBe(201);
  return { iin, second, key };
}

/** The laboratory's organisation takes the place in their name once more. */
async function plantAgain(iin: string): Promise<void> {
  const { members } = world.storage.accounts.tenant(world.organisation.id);
  const { membership } = (await members.ofIin(parseIin(iin)!))!;
  await members.changeStatus(membership.id, 'removed', { kind: 'operator', id: null }, new Date());
  const token = await invited(iin, world.organisation);
  const taken = await world.visitor().post('/v1/invitations/accept', { token, iin, password: PLANTED });
  expect(taken.status).toBe(201);
}

const organisationOf = ({ organisation: { id, name } }: LabGateway): object => ({ id, name });
const login = (iin: string, password: string, organisation?: string, visitor = world.visitor()) =>
  visitor.post('/v1/login/password', { iin, password, ...(organisation ? { organisation } : {}) });
/** All that an answer tells, but for what differs from one request to the next. */
async function told(response: Response): Promise<unknown> {
  const body = (await response.json()) as Record<string, unknown>;
  return { ...body, status: response.status, requestId: null, instance: null };
}
async function entered(iin: string, password: string): Promise<TestVisitor> {
  const visitor = world.visitor();
  expect((await login(iin, password, undefined, visitor)).status).toBe(200);
  return visitor;
}

describe('a password that an invitation set', () => {
  it('does not open another organisation, nor tell whether the person belongs to it', async () => {
    const { iin, second } = await personOfTwo();
    const stranger = await world.storage.accounts.addOrganisation(
      { name: 'ТОО «Бөтен»', bin: parseBin(nextBin())! },
      new Date(),
    );
    const refused = await told(await login(iin, PLANTED, second.id));
    expect(refused).toMatchObject({ status: 403, code: 'ACCOUNT_NONE' });
    expect(refused).toEqual(await told(await login(iin, PLANTED, stranger.id)));
    expect(refused).toEqual(await told(await login(iin, PLANTED, '00000000-0000-4000-8000-000000000000')));
  }, 30_000);

  it('opens the organisation that invited and offers no other to choose from', async () => {
    const { iin } = await personOfTwo();
    const response = await login(iin, PLANTED);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ organisation: { id: world.organisation.id } });
  }, 30_000);

  it('shows and ends none of the person’s sessions elsewhere', async () => {
    const { iin, key } = await personOfTwo();
    const elsewhere = world.visitor();
    await signIn(world, elsewhere, key);
    await plantAgain(iin);
    const { session } = (await (await elsewhere.fetch('/v1/session')).json()) as { session: { id: string } };
    const visitor = await entered(iin, PLANTED);
    const listed = await (await visitor.fetch('/v1/me/sessions')).text();
    expect(listed).not.toContain('Екінші');
    expect(listed).not.toContain(session.id);
    const init = { method: 'DELETE', headers: { origin: world.gateway.origin } };
    expect((await visitor.fetch(`/v1/me/sessions/${session.id}`, init)).status).toBe(404);
    await visitor.post('/v1/me/sessions/end-all', {});
    expect((await elsewhere.fetch('/v1/session')).status).toBe(200);
  }, 30_000);

  it('reaches no further after it was changed by somebody who knows it, or set by an operator', async () => {
    const { iin, second } = await personOfTwo();
    const visitor = await entered(iin, PLANTED);
    const change = await visitor.post('/v1/me/password', { current: PLANTED, password: NEXT });
    expect(change.status).toBe(204);
    expect(await told(await login(iin, NEXT, second.id))).toMatchObject({ code: 'ACCOUNT_NONE' });
    const platform = authorisePlatform(world.storage, operatorAct(null, new Date()), 'operate');
    await setPassword(platform, parseIin(iin)!, OWN);
    expect(await told(await login(iin, OWN, second.id))).toMatchObject({ code: 'ACCOUNT_NONE' });
    expect((await login(iin, OWN)).status).toBe(200);
  }, 30_000);

  it('ends with the EDS sign-in of the person, who is told, with its sessions and contacts', async () => {
    const { iin, second, key } = await personOfTwo();
    const planted = await entered(iin, PLANTED);
    const contacts = { email: 'bireu@example.kz', phone: null };
    const init = {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', origin: world.gateway.origin },
      body: JSON.stringify(contacts),
    };
    expect((await planted.fetch('/v1/me/contacts', init)).status).toBe(200);
    const visitor = world.visitor();
    const signedIn = (await (await signIn(world, visitor, key)).json()) as { provisionalEnded: object[] };
    expect(signedIn.provisionalEnded).toEqual([
      { organisation: organisationOf(world), setAt: expect.any(String), contacts: true },
    ]);
    expect((await planted.fetch('/v1/session')).status).toBe(401);
    expect((await login(iin, PLANTED)).status).toBe(401);
    expect(await (await visitor.fetch('/v1/me/contacts')).json()).toEqual({ email: null, phone: null });
    const mine = await (await visitor.fetch('/v1/me/memberships')).json();
    expect(mine).toMatchObject({ provisionalEnded: signedIn.provisionalEnded });
    const page = await (await visitor.fetch('/me')).text();
    expect(page).toContain('data-provisional-ended');
    const log = (await (await visitor.fetch('/v1/me/log')).json()) as { items: { type: string }[] };
    expect(log.items.filter(({ type }) => type === 'provisional-access.ended')).toHaveLength(1);
    // Where else the person belongs is in the log of neither organisation.
    for (const { id } of [second, world.organisation]) {
      const records = await world.storage.audit.list({ organisationId: id, before: Infinity, limit: 100 });
      expect(records.filter(({ type }) => type === 'provisional-access.ended')).toEqual([]);
    }
    // Told once: the next sign-in has nothing to tell.
    const again = (await (await signIn(world, world.visitor(), key)).json()) as {
      provisionalEnded: object[];
    };
    expect(again.provisionalEnded).toEqual([]);
  }, 30_000);

  it('leaves a place that does not get in the way until the person confirms it, and that they can leave', async () => {
    const { iin, second, key } = await personOfTwo();
    const visitor = world.visitor();
    await signIn(world, visitor, key);
    expect((await visitor.post('/v1/me/password', { password: OWN })).status).toBe(204);
    expect(await told(await login(iin, OWN))).toMatchObject({ status: 200, organisation: { id: second.id } });
    const { items } = (await (await visitor.fetch('/v1/me/memberships')).json()) as {
      items: { id: string; provisional: boolean; organisation: { id: string } }[];
    };
    const place = items.find(({ provisional }) => provisional)!;
    expect(place.organisation.id).toBe(world.organisation.id);
    const byPassword = await entered(iin, OWN);
    const path = `/v1/me/memberships/${place.id}`;
    expect(await told(await byPassword.post(`${path}/confirm`, {}))).toMatchObject({
      code: 'EDS_SESSION_REQUIRED',
    });
    expect((await visitor.post(`${path}/confirm`, {})).status).toBe(200);
    expect(await told(await visitor.post(`${path}/confirm`, {}))).toMatchObject({
      code: 'MEMBERSHIP_STATUS',
    });
    const choice = (await (await login(iin, OWN)).json()) as { code: string; choices: { id: string }[] };
    expect(choice.code).toBe('ACCOUNT_CHOICE_REQUIRED');
    expect(choice.choices.map(({ id }) => id).sort()).toEqual([second.id, world.organisation.id].sort());
    const init = { method: 'DELETE', headers: { origin: world.gateway.origin } };
    expect((await visitor.fetch(path, init)).status).toBe(204);
    expect((await visitor.fetch(path, init)).status).toBe(404);
    expect((await login(iin, OWN, world.organisation.id)).status).toBe(403);
    expect((await login(iin, OWN)).status).toBe(200);
  }, 30_000);
});
