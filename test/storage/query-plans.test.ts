import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type CompiledQuery, DefaultQueryExecutor } from 'kysely';
import { type Account } from '../../src/accounts/account.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { PAGE_MAX } from '../../src/accounts/page.js';
import { operatorAct } from '../../src/audit/act.js';
import { issueChallenge, takeChallenge } from '../../src/challenge/challenge.js';
import { createPresences } from '../../src/me/presence.js';
import { type AdmissionRequest, admit } from '../../src/sign-in/admission.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { knock } from '../support/knock.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date(NOW.getTime() + 60 * 60_000);
const OPERATOR = { kind: 'operator', id: 'test' } as const;
const IIN = parseIin('850101300127')!;
const OTHER_IIN = parseIin('850101300128')!;
const BIN = parseBin('150340000123')!;
const SHA256 = 'a'.repeat(64);
const VISITOR = knock(NOW);

/** Few rows, whoever uses the installation and for how long. */
const SMALL_TABLES = [
  'master_keys',
  'schema_migrations',
  ...['audit_beginning', 'audit_chain', 'audit_tree', 'audit_keys', 'audit_touches'],
  'api_clients',
  'platform_roles',
  // What a subquery has cut to a page already.
  'page',
];

/** Reads that go along an index in its order and stop after a page. */
const PAGES: readonly RegExp[] = [
  /^select (\*|"sequence") from "audit_records" order by "sequence" (desc|asc) limit \?$/,
  /^select \* from "audit_records" where "leaf_index" is null order by "sequence" limit \?$/,
  /^select "id", "name", "bin", "created_at" from "organisations" order by "created_at", "id" limit \?$/,
];

/** Somebody's one membership of an organisation: there is no further page. */
const ONE_PERSON = '(person_id=? AND organisation_id=?)';

interface Plan {
  readonly sql: string;
  readonly steps: readonly string[];
}

describe('statements on tables that grow', () => {
  let opened: TemporaryStorage;
  let plans: readonly Plan[];

  beforeAll(async () => {
    opened = await openTemporaryStorage();
    const statements = await statementsOf(() => everything(opened));
    plans = await plansOf(opened.path, statements);
  });
  afterAll(() => opened.remove());

  const offending = (wrong: (step: string, plan: Plan) => boolean): string[] =>
    plans.flatMap((plan) =>
      plan.steps.filter((step) => wrong(step, plan)).map((step) => `${step}: ${plan.sql}`),
    );

  it('are seen here at all, from every store', () => {
    const tables = ['people', 'memberships', 'certificate_bindings', 'invitations', 'sessions', 'challenges'];
    const kept = [
      'audit_records',
      'password_attempts',
      'password_history',
      'terms_acceptances',
      'revocation_checks',
    ];
    for (const table of [...tables, ...kept]) {
      expect(plans.filter(({ sql }) => sql.includes(`"${table}"`)).length).toBeGreaterThan(1);
    }
  });

  it('read no such table from end to end', () => {
    const scans = (step: string, { sql }: Plan): boolean => {
      const [, table] = /^SCAN (\w+)/.exec(step) ?? [];
      if (table === undefined || SMALL_TABLES.includes(table)) return false;
      return !(PAGES.some((page) => page.test(sql)) && /USING (COVERING )?INDEX/.test(step));
    };
    expect(offending(scans)).toEqual([]);
  });

  it('begin every further page of a list where the last one ended', () => {
    const further = /"(created_at|first_seen_at)"(, [^)]*\))? [<>] .* limit \?$/;
    const pages = plans.filter(({ sql }) => further.test(sql));
    expect(pages.length).toBeGreaterThan(3);
    const fromTheBeginning = pages.filter(
      ({ steps }) =>
        !steps.join().includes(ONE_PERSON) && !/\((created_at|first_seen_at),\w+\)[<>]/.test(steps.join()),
    );
    expect(fromTheBeginning).toEqual([]);
  });
});

/** What is asked while `work` runs. */
async function statementsOf(work: () => Promise<void>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const executor = Object.getPrototypeOf(DefaultQueryExecutor.prototype) as {
    executeQuery: (query: CompiledQuery) => Promise<unknown>;
  };
  const asked = jest.spyOn(executor, 'executeQuery');
  try {
    await work();
    for (const [{ sql }] of asked.mock.calls) seen.add(sql);
  } finally {
    asked.mockRestore();
  }
  return seen;
}

async function plansOf(path: string, statements: ReadonlySet<string>): Promise<Plan[]> {
  const database = openSqlite(path, { mode: 'read' });
  try {
    return [...statements]
      .filter((sql) => /^(select|insert|update|delete)/.test(sql))
      .map((sql) => {
        const places = [...sql.matchAll(/\?/g)].map(() => null);
        const rows = database.prepare(`explain query plan ${sql}`).all(places);
        return { sql, steps: rows.map((row) => String(row['detail'])) };
      });
  } finally {
    await database.close();
  }
}

async function everything({ storage }: TemporaryStorage): Promise<void> {
  const account = await signIn(storage);
  await passwords(storage);
  await manage(storage, account);
  await operate(storage, account);
}

type Stores = TemporaryStorage['storage'];

async function signIn(storage: Stores): Promise<Account> {
  const { accounts, sessions, challenges } = storage;
  const organisation = await accounts.addOrganisation({ name: 'ТОО «Тест»', bin: BIN }, NOW);
  const person = await accounts.addPerson({ iin: IIN, name: 'Бейтаныс Адам' }, NOW);
  const { members } = accounts.tenant(organisation.id);
  await members.add({ personId: person.id, status: 'active', roles: ['manager'], by: OPERATOR }, NOW);
  const { id, browserToken } = await issueChallenge(challenges, {
    origin: 'https://login.example.kz',
    purpose: 'login',
    holder: { kind: 'address', name: '203.0.113.7' },
    now: NOW,
  });
  for (let times = 0; times < 2; times += 1) {
    await takeChallenge(challenges, { id, browserToken }, { origin: 'https://login.example.kz' }, NOW);
  }
  await accounts.holderOfCertificate(SHA256);
  const request: AdmissionRequest = {
    claimant: { iin: IIN, bin: BIN, method: 'eds' },
    certificate: {
      sha256: SHA256,
      serialNumber: '0a',
      notAfter: new Date('2027-11-23T05:00:00Z'),
      holderName: 'АДАМ БЕЙТАНЫС',
      der: new Uint8Array([48, 0]),
    },
    visitor: VISITOR,
    details: {},
  };
  let token: string | null = null;
  for (let i = 0; i < 12; i += 1) {
    const admission = await storage.atomically((stores) =>
      admit(stores, { ...request, visitor: { ...VISITOR, sessionToken: i === 1 ? token : null } }),
    );
    if (admission.outcome !== 'admitted') throw new Error(admission.code);
    ({ token } = admission);
  }
  const visitor = { ...VISITOR, sessionToken: token };
  const presences = createPresences({ storage, clock: () => new Date(NOW.getTime() + 120_000) });
  const presence = await presences.of(visitor);
  if (presence === null) throw new Error('nobody is signed in');
  const rotated = await sessions.rotate(token!, NOW);
  await presences.end({ ...visitor, sessionToken: rotated!.token });
  return presence.account;
}

async function passwords(storage: Stores): Promise<void> {
  const prepared = await storage.passwords.prepare(IIN, 'Tot-samyi-parol-41');
  await storage.passwords.set(IIN, prepared, NOW);
  const again = await storage.passwords.prepare(IIN, 'Drugoi-dlinnyi-parol-42');
  await storage.passwords.replace(IIN, again, LATER, NOW);
  await storage.passwords.check(IIN, 'Drugoi-dlinnyi-parol-42', NOW);
  await storage.passwords.check(OTHER_IIN, 'Drugoi-dlinnyi-parol-42', NOW);
  await storage.passwords.isBlocked(IIN);
  await storage.passwords.clearFailures(OTHER_IIN);
}

async function manage(storage: Stores, { organisation, person, membership }: Account): Promise<void> {
  const { members, roles, invitations, certificates, ...tenant } = storage.accounts.tenant(organisation.id);
  await tenant.organisation();
  await tenant.changeSettings({ allowPersonalKeys: true });
  await roles.define({ name: 'clerk', title: 'Clerk', permissions: [] }, NOW);
  await roles.change({ name: 'clerk', title: 'Clerk', permissions: ['app:use'] });
  await members.setRoles(membership.id, ['manager', 'clerk']);
  await members.setRoles(membership.id, ['manager']);
  await roles.delete('clerk');
  await roles.list();
  await members.holdersOf('manager');
  await members.ofPerson(person.id);
  await members.ofIin(IIN);
  const other = await storage.accounts.addPerson({ iin: OTHER_IIN, name: '' }, NOW);
  const added = {
    personId: other.id,
    status: 'invited',
    roles: ['manager'],
    name: 'Біреу',
    by: OPERATOR,
  } as const;
  const invited = await members.add(added, NOW);
  const details = { membershipId: invited.id, expiresAt: LATER, by: OPERATOR };
  const first = await invitations.create(details, NOW);
  await invitations.revoke(first.invitation.id, NOW);
  await invitations.revokeAllOf(invited.id, NOW);
  const { token } = await invitations.create(details, NOW);
  await storage.accounts.invitationOf(token);
  await storage.accounts.takeInvitation(token, OTHER_IIN, NOW);
  await storage.invitationAttempts.count('invitation', NOW);
  await storage.invitationAttempts.release('invitation');
  await members.changeStatus(invited.id, 'suspended', OPERATOR, NOW);

  const cursor = Buffer.from(JSON.stringify([NOW.getTime(), 'b'])).toString('base64url');
  for (const page of [{ limit: PAGE_MAX }, { limit: PAGE_MAX, cursor }]) {
    await members.list(page);
    await members.list({ ...page, status: 'active' });
    await members.list({ ...page, role: 'manager', name: 'адам' });
    await members.list({ ...page, iin: IIN });
    await certificates.list(page);
    await certificates.list({ ...page, status: 'pending', undecided: true });
    await certificates.list({ ...page, membershipId: membership.id });
    await storage.accounts.listOrganisations(page);
    await storage.accounts.listOrganisations({ ...page, search: 'тест' });
    for (const state of [undefined, 'open', 'taken', 'revoked', 'expired'] as const) {
      await invitations.list(state === undefined ? page : { ...page, state }, NOW);
    }
  }
  await certificates.of(membership.id);
  await certificates.decide({ membershipId: membership.id, sha256: SHA256 }, 'revoked', OPERATOR, NOW);
}

async function operate(storage: Stores, { organisation, person, membership }: Account): Promise<void> {
  const { accounts, sessions, audit, terms, certificateChecks } = storage;
  await accounts.personByIin(IIN);
  await accounts.personById(person.id);
  await accounts.accountsOf(IIN);
  await accounts.organisationByOwner(IIN);
  await accounts.addOrganisation({ kind: 'individual', name: 'Адвокат', ownerId: person.id }, NOW);
  await accounts.addBranch(organisation.id, parseBin('150341000124')!);
  await accounts.setContacts(person.id, { email: 'a@example.kz', phone: null });
  await accounts.contactsOf(person.id);
  await accounts.grantPlatformRole(person.id, 'support', OPERATOR, NOW);
  await accounts.platformRolesOf(person.id);
  await accounts.platformPeople();
  await accounts.revokePlatformRole(person.id, 'support');
  await accounts.setPersonStatus(person.id, 'active');
  await accounts.setOrganisationStatus(organisation.id, 'active');
  await accounts.certificateBytesOf(membership.id, SHA256);

  const challenge = { subjectId: '1.0/kk', text: 'text' };
  const signed = { challenge, cms: new Uint8Array([48, 0]), certificate: { sha256: SHA256 } };
  const { id } = await terms.accept(person.id, signed, NOW);
  await terms.acceptancesOf(person.id);
  await terms.evidenceOf(person.id, id);

  const owners = [
    { personId: person.id },
    { membershipId: membership.id },
    { organisationId: organisation.id },
    { certificateSha256: SHA256 },
    { certificateSha256: SHA256, membershipId: membership.id },
  ];
  for (const owner of owners) {
    await sessions.list(owner, NOW);
    await sessions.endOne(owner, 'session');
    await sessions.endAllOf(owner, 'session');
  }
  await sessions.liveCertificates(null, 500, NOW);
  await certificateChecks.of([SHA256]);
  await certificateChecks.claim([SHA256], { dueBefore: NOW, now: NOW, until: LATER });
  await certificateChecks.settle([{ certificate: SHA256, checkedAt: NOW }], NOW);

  for (const place of [{}, { after: 1 }, { before: 9 }, { before: Infinity }]) {
    await audit.list(place);
    await audit.list({ ...place, organisationId: organisation.id });
    await audit.list({ ...place, about: [membership.id] });
    await audit.list({ ...place, organisationId: organisation.id, about: [membership.id] });
    for (const alsoOfNone of [['password.blocked'], 'every type'] as const) {
      await audit.list({ ...place, organisationId: organisation.id, alsoOfNone, about: [membership.id] });
    }
  }
  await audit.latest(20);
  await storage.sealing.seal('https://login.example.kz', NOW);
  await storage.sealing.rotateKey(operatorAct('test', NOW));
  await storage.sealing.seal('https://login.example.kz', NOW);
  await storage.sealing.backlog();
  await audit.prove(1);
  await audit.touch();
  await audit.verify();
  await storage.purge(LATER);
  await storage.ping();
}
