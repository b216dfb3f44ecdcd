/** What must not skew when many decide at once: through two storages on one database, as two gateways have them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, type Organisation } from '../../src/accounts/account.js';
import { type Act, byPerson, operatorAct } from '../../src/audit/act.js';
import { authorise } from '../../src/administration/authority.js';
import { authorisePlatform } from '../../src/administration/platform.js';
import { claimBin, mergeOrganisation } from '../../src/administration/bin-claims.js';
import { inviteMember } from '../../src/administration/invitations.js';
import { setMembershipStatus, setRoles } from '../../src/administration/members.js';
import { grantPlatformRole, revokePlatformRole, setPersonStatus } from '../../src/administration/people.js';
import { deleteRole } from '../../src/administration/roles.js';
import { issueChallenge, takeChallenge } from '../../src/challenge/challenge.js';
import { LIVE_SECRETS_MAX } from '../../src/clients/client-secret.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { NOW } from '../support/sample-records.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const MAX_FAILURES = 5;
const MAX_SESSIONS = 3;
const SESSION_LIMITS = { idleMs: 60_000, lifetimeMs: 600_000, maxConcurrent: MAX_SESSIONS };
const GROUNDS = { origin: 'https://id.example.kz', termsOf: () => null };
const OPERATOR = operatorAct('test', NOW);
/** Who is held to what an operator may put aside. */
const ADMINISTRATOR = byPerson(OPERATOR, 'an administrator', ['administrator']);

let opened: TemporaryStorage;
let doors: readonly OpenServices[];
beforeAll(async () => {
  opened = await openTemporaryStorage({ passwordMaxFailures: MAX_FAILURES, sessionLimits: SESSION_LIMITS });
  doors = [opened.storage, await openServices(opened.config)];
});
afterAll(async () => {
  for (const storage of doors.slice(1)) await storage.close();
  await opened.remove();
});

/** Each attempt at once, in turn through one door and the other: what came of it, or the code it was refused with. */
async function storm<T>(
  attempts: readonly ((storage: OpenServices) => Promise<T>)[],
): Promise<readonly (T | { readonly refused: unknown })[]> {
  return Promise.all(
    attempts.map(async (attempt, index) => {
      try {
        return await attempt(doors[index % doors.length]!);
      } catch (error) {
        const { code = error } = error as { readonly code?: unknown };
        return { refused: code };
      }
    }),
  );
}

const times = <T>(count: number, of: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => of(index));

async function organisation(): Promise<Organisation> {
  return opened.storage.accounts.addOrganisation({ name: 'ТОО «Дауыл»', bin: nextBin() }, NOW);
}

async function member(organisationId: string, roles: readonly string[]): Promise<Account> {
  const { accounts } = opened.storage;
  const person = await accounts.addPerson({ iin: nextIin(), name: '' }, NOW);
  const { members } = accounts.tenant(organisationId);
  const { id } = await members.add({ personId: person.id, status: 'active', roles, by: null }, NOW);
  return members.get(id);
}

const actIn = (organisationId: string, authority: 'all' | readonly string[] = 'all') => ({
  ...OPERATOR,
  organisationId,
  authority,
});
const members = (storage: OpenServices, ...[id, authority]: Parameters<typeof actIn>) =>
  authorise(storage, actIn(id, authority), 'qaqpa:members.write');
const rule = (storage: OpenServices, act: Act = OPERATOR) => authorisePlatform(storage, act, 'rule');

describe('a storm through two doors', () => {
  it('leaves every organisation one of two managers who remove each other', async () => {
    const places = await Promise.all(
      times(6, async () => {
        const { id } = await organisation();
        return { id, managers: [await member(id, ['manager']), await member(id, ['manager'])] };
      }),
    );
    const outcomes = await storm(
      places.flatMap(({ id, managers }) =>
        managers.map(
          ({ membership }) =>
            (storage: OpenServices) =>
              setMembershipStatus(members(storage, id), membership.id, 'removed'),
        ),
      ),
    );
    for (const [index, { id }] of places.entries()) {
      const pair = outcomes.slice(2 * index, 2 * index + 2);
      expect(pair.filter((outcome) => 'refused' in outcome)).toEqual([{ refused: 'LAST_MANAGER' }]);
      const { items } = await opened.storage.accounts
        .tenant(id)
        .members.list({ status: 'active', role: 'manager', limit: 10 });
      expect(items).toHaveLength(1);
    }
  });

  it('leaves the installation one of its administrators, however they are taken away', async () => {
    const { accounts } = opened.storage;
    const { id } = await organisation();
    const administrators = await Promise.all(times(4, () => member(id, [])));
    const iins = administrators.map(({ person }) => person.iin);
    for (const iin of iins) {
      await grantPlatformRole(rule(opened.storage), { iin }, 'administrator');
    }
    const outcomes = await storm<unknown>(
      iins.map((iin, index) => async (storage: OpenServices) => {
        await (index % 2 === 0
          ? revokePlatformRole(rule(storage, ADMINISTRATOR), { iin }, 'administrator')
          : setPersonStatus(authorisePlatform(storage, ADMINISTRATOR, 'act'), { iin }, 'suspended'));
        return 'taken';
      }),
    );
    expect(outcomes.toSorted()).toEqual([{ refused: 'LAST_ADMINISTRATOR' }, 'taken', 'taken', 'taken']);
    const left = await accounts.platformPeople();
    expect(left.filter(({ person }) => person.status === 'active')).toHaveLength(1);
  });

  it('gives no more tries at a password than a patient guesser gets', async () => {
    const { person } = await member((await organisation()).id, []);
    const outcomes = await storm(
      times(24, () => (storage: OpenServices) => storage.passwords.check(person.iin, 'not this one', NOW)),
    );
    const wrong = outcomes.filter((outcome) => 'outcome' in outcome && outcome.outcome === 'wrong');
    expect(wrong).toHaveLength(MAX_FAILURES);
    expect(wrong.filter((outcome) => 'blockedNow' in outcome && outcome.blockedNow)).toHaveLength(1);
    expect(await opened.storage.passwords.isBlocked(person.iin)).toBe(true);
  });

  it('uses a challenge up once', async () => {
    const challenge = await issueChallenge(opened.storage.challenges, {
      origin: 'https://id.example.kz',
      purpose: 'login',
      holder: { kind: 'address', name: '203.0.113.7', networks: null },
      now: NOW,
      lifetimeMs: 60_000,
      browserToken: null,
    });
    const outcomes = await storm(
      times(12, () => (storage: OpenServices) => takeChallenge(storage.challenges, challenge, GROUNDS, NOW)),
    );
    expect(outcomes.filter((outcome) => 'outcome' in outcome && outcome.outcome === 'taken')).toHaveLength(1);
  });

  it('takes an invitation once, and leaves one of those made for a member at once', async () => {
    const { id } = await organisation();
    const iin = nextIin();
    const made = await storm(
      times(6, () => (storage: OpenServices) => inviteMember(members(storage, id), { iin, roles: [] })),
    );
    const tokens = made.flatMap((issued) => ('token' in issued ? [issued.token] : []));
    expect(tokens).toHaveLength(6);
    const taken = await storm(
      tokens.flatMap((token) =>
        times(
          3,
          () => (storage: OpenServices) =>
            storage.atomically(({ accounts }) => accounts.takeInvitation(token, iin, NOW)),
        ),
      ),
    );
    expect(taken.filter((outcome) => 'membership' in outcome)).toHaveLength(1);
    const { items } = await opened.storage.accounts
      .tenant(id)
      .invitations.list({ state: 'open', limit: 10 }, NOW);
    expect(items).toEqual([]);
  });

  it('registers a number, a practice and a person once', async () => {
    const bin = nextBin();
    const organisations = await storm(
      times(
        8,
        () => (storage: OpenServices) =>
          storage.atomically(({ accounts }) => accounts.addOrganisation({ name: 'ТОО «Бір»', bin }, NOW)),
      ),
    );
    expect(organisations.filter((outcome) => 'id' in outcome)).toHaveLength(1);
    const refusals = organisations.filter((outcome) => 'refused' in outcome);
    expect(refusals).toEqual(times(7, () => ({ refused: 'ORGANISATION_BIN_TAKEN' })));

    const iin = nextIin();
    const people = await storm(
      times(
        8,
        () => (storage: OpenServices) =>
          storage.atomically(({ accounts }) => accounts.addPerson({ iin, name: '' }, NOW)),
      ),
    );
    expect(new Set(people.map((person) => ('id' in person ? person.id : person.refused))).size).toBe(1);
  });

  it('asks for a number once, and merges an organisation into one', async () => {
    const [from, into, other] = [await organisation(), await organisation(), await organisation()];
    const head = await member(into.id, ['manager']);
    const { accounts, stepUpSignatures } = opened.storage;
    const certificateSha256 = 'c'.repeat(64);
    await accounts.bindCertificate(
      head,
      { sha256: certificateSha256, serialNumber: '01', notAfter: NOW, templateRoles: ['head'] },
      NOW,
    );
    await stepUpSignatures.keep({
      id: 'evidence of the storm',
      personId: head.person.id,
      membershipId: head.membership.id,
      organisationId: into.id,
      operation: 'organisation.claim',
      digest: 'd'.repeat(64),
      certificateSha256,
      signedAt: NOW,
      usedAt: null,
      text: 'text',
      signature: new Uint8Array([1]),
    });
    const signature = {
      evidence: 'evidence of the storm',
      membershipId: head.membership.id,
      certificateSha256,
    };
    const claims = await storm(
      times(
        6,
        () => (storage: OpenServices) =>
          claimBin(authorise(storage, actIn(into.id), 'qaqpa:settings.write'), from.bin!, signature),
      ),
    );
    expect(claims.filter((outcome) => 'refused' in outcome)).toEqual(
      times(5, () => ({ refused: 'BIN_CLAIM_STATUS' })),
    );

    await Promise.all(times(3, () => member(from.id, [])));
    const merged = await storm<unknown>([
      ...[into, other].map(({ id }) => async (storage: OpenServices) => {
        await mergeOrganisation(rule(storage), { from: from.id, into: id });
        return 'merged';
      }),
      ...times(4, () => async (storage: OpenServices) => {
        const { id } = await storage.accounts.addPerson({ iin: nextIin(), name: '' }, NOW);
        const { members } = storage.accounts.tenant(from.id);
        await members.add({ personId: id, status: 'active', roles: [], by: null }, NOW);
        return 'added';
      }),
    ]);
    expect(merged.slice(0, 2).toSorted()).toEqual([{ refused: 'ORGANISATION_NOT_MERGEABLE' }, 'merged']);
    const [{ bins } = {}] = await opened.query(
      `select count(*) as bins from organisation_bins where bin = '${from.bin!}'`,
    );
    expect(Number(bins)).toBe(1);
  });

  it('uses a signature up once', async () => {
    const outcomes = await storm(
      times(
        12,
        () => (storage: OpenServices) =>
          storage.atomically(({ stepUpSignatures }) => stepUpSignatures.use('evidence of the storm', NOW)),
      ),
    );
    expect(outcomes.filter((used) => used === true)).toHaveLength(1);
  });

  it('leaves a membership no more sessions than it may have, and tells of each end once', async () => {
    const { person, membership } = await member((await organisation()).id, []);
    const outcomes = await storm(
      times(
        12,
        () => (storage: OpenServices) =>
          storage.atomically(({ sessions }) =>
            sessions.create(
              {
                personId: person.id,
                organisationId: membership.organisationId,
                membershipId: membership.id,
                method: 'eds',
                certificateSha256: null,
                device: null,
                address: null,
              },
              NOW,
            ),
          ),
      ),
    );
    const ended = outcomes.flatMap((outcome) => ('ended' in outcome ? outcome.ended : []));
    expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
    expect(ended).toHaveLength(12 - MAX_SESSIONS);
    expect(await opened.storage.sessions.list({ membershipId: membership.id }, NOW)).toHaveLength(
      MAX_SESSIONS,
    );
  });

  it('never leaves a member a role that is no longer defined', async () => {
    const { id } = await organisation();
    const tenant = opened.storage.accounts.tenant(id);
    const people = await Promise.all(times(6, () => member(id, [])));
    for (const [index] of people.entries()) {
      await tenant.roles.define({ name: `role-${index}`, title: 'role', permissions: [] }, NOW);
    }
    await storm<unknown>(
      people.flatMap(({ membership }, index) => [
        (storage: OpenServices) => setRoles(members(storage, id), membership.id, [`role-${index}`]),
        (storage: OpenServices) =>
          deleteRole(authorise(storage, actIn(id), 'qaqpa:roles.write'), `role-${index}`),
      ]),
    );
    const defined = (await tenant.roles.list()).map(({ name }) => name);
    const { items } = await tenant.members.list({ limit: 10 });
    const held = items.flatMap(({ membership }) => membership.roles);
    expect(held.filter((role) => !defined.includes(role))).toEqual([]);
    expect(defined).toHaveLength(held.length + 1);
  });

  it('never lets a delegate remove a member who is made a manager at that moment', async () => {
    const { id } = await organisation();
    await member(id, ['manager']);
    const people = await Promise.all(times(6, () => member(id, [])));
    const outcomes = await storm<unknown>(
      people.flatMap(({ membership }) => [
        (storage: OpenServices) => setRoles(members(storage, id), membership.id, ['manager']),
        (storage: OpenServices) =>
          setMembershipStatus(members(storage, id, ['qaqpa:members.write']), membership.id, 'removed'),
      ]),
    );
    for (const [index] of people.entries()) {
      const pair = outcomes.slice(2 * index, 2 * index + 2);
      expect(pair.filter((outcome) => 'refused' in (outcome as object))).toHaveLength(1);
    }
  });

  it('lets no session in that a removal did not end', async () => {
    const { id } = await organisation();
    await member(id, ['manager']);
    const people = await Promise.all(times(6, () => member(id, [])));
    await storm<unknown>(
      people.flatMap(({ membership, person }) => [
        (storage: OpenServices) =>
          storage.atomically(async ({ accounts, sessions }) => {
            const [account] = await accounts.accountsOf(person.iin);
            if (account?.membership.status !== 'active') return null;
            return sessions.create(
              {
                personId: person.id,
                organisationId: id,
                membershipId: membership.id,
                method: 'eds',
                certificateSha256: null,
                device: null,
                address: null,
              },
              NOW,
            );
          }),
        (storage: OpenServices) => setMembershipStatus(members(storage, id), membership.id, 'suspended'),
      ]),
    );
    expect(await opened.storage.sessions.list({ organisationId: id }, NOW)).toEqual([]);
  });

  it('leaves no contacts beside a provisional access that ends', async () => {
    const { id } = await organisation();
    const people = await Promise.all(times(6, () => member(id, [])));
    const { passwords } = opened.storage;
    for (const { person, membership } of people) {
      const hash = await passwords.prepare(person.iin, 'Кең-байтақ далада 7 қазына');
      await passwords.set(person.iin, hash, NOW, { membershipId: membership.id, organisationId: id });
    }
    await storm<unknown>(
      people.flatMap(({ person, membership }) => [
        (storage: OpenServices) =>
          storage.atomically(async ({ provisional }) => {
            const before = await provisional.contactsOf(membership.id);
            if (before === null) return false;
            return provisional.setContacts(membership.id, { ...before, email: 'a@example.kz' });
          }),
        (storage: OpenServices) =>
          storage.atomically(({ provisional }) => provisional.endAllOf(person.id, NOW)),
      ]),
    );
    const left = await opened.query(
      `select membership_id from provisional_access where organisation_id = '${id}' and
        (email_sealed is not null or hash is not null)`,
    );
    expect(left).toEqual([]);
  });

  it('gives a client no more secrets than it may have', async () => {
    const { client } = await opened.storage.apiClients.add('storm', NOW);
    const outcomes = await storm(
      times(
        8,
        () => (storage: OpenServices) =>
          storage.atomically(({ apiClients }) => apiClients.rotate(client.id, NOW)),
      ),
    );
    const rotated = outcomes.filter((outcome) => 'outcome' in outcome && outcome.outcome === 'rotated');
    expect(rotated).toHaveLength(LIVE_SECRETS_MAX - 1);
    const secrets = await opened.storage.apiClients.secrets();
    expect(secrets.filter(({ clientId }) => clientId === client.id)).toHaveLength(LIVE_SECRETS_MAX);
  });

  it('leaves the log whole', async () => {
    expect(await opened.storage.audit.verify()).toMatchObject({ intact: true });
    expect(doors.map((storage) => storage.contention().givenUp)).toEqual([0, 0]);
  });
});
