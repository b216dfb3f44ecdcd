import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { type Account, type Organisation } from '../../src/accounts/account.js';
import { inOrganisation, operatorAct } from '../../src/audit/act.js';
import { record } from '../../src/audit/recorder.js';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { makeBin } from '../../src/lab/index.js';
import { type NewSession } from '../../src/sessions/session.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { type LabGateway, nextIin } from './lab-gateway.js';
import { type TestVisitor } from './visitor.js';

/** Somebody who could sign in, with a session made for the occasion. */
export interface Somebody {
  readonly account: Account;
  readonly iin: string;
  /** A browser that holds a live session. */
  signedIn(change?: Partial<NewSession>): Promise<Caller>;
}

export interface Caller {
  readonly visitor: TestVisitor;
  readonly sessionId: string;
  /** Calls as our own page does. */
  readonly call: (
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ) => Promise<Response>;
}

/** An organisation with one of everything a stranger might want to touch. */
export interface Tenant {
  readonly organisation: Organisation;
  readonly manager: Somebody;
  readonly employee: Somebody;
  /** What stands for each name in the path of an operation. */
  readonly identifiers: {
    readonly member: string;
    readonly session: string;
    readonly certificate: string;
    readonly invitation: string;
    readonly role: string;
    /** Of a record of its log, which is sealed. */
    readonly id: string;
  };
}

let organisations = 0;
const NOBODY = { kind: 'operator', id: 'test' } as const;

export async function addTenant(world: LabGateway, role: string): Promise<Tenant> {
  const { storage } = world;
  const now = new Date();
  organisations += 1;
  const bin = parseBin(makeBin({ registered: '2016-04', order: organisations }))!;
  const organisation = await storage.accounts.addOrganisation({ name: `ТОО «${role}»`, bin }, now);
  const tenant = storage.accounts.tenant(organisation.id);
  await tenant.roles.define({ name: role, title: role, permissions: ['app:use'] }, now);
  const manager = await addSomebody(world, organisation.id, ['manager']);
  const employee = await addSomebody(world, organisation.id, []);
  const { membership } = employee.account;
  const { certificateSha256 } = await bindCertificate(world, employee.account);
  await storage.accounts.confirmMembership(membership.id, now);
  const { sessionId } = await employee.signedIn({ certificateSha256 });
  const invited = await addSomebody(world, organisation.id, [], 'invited');
  const { invitation } = await tenant.invitations.create(
    {
      membershipId: invited.account.membership.id,
      expiresAt: new Date(now.getTime() + 3_600_000),
      by: NOBODY,
    },
    now,
  );
  return {
    organisation,
    manager,
    employee,
    identifiers: {
      member: membership.id,
      session: sessionId,
      certificate: certificateSha256,
      invitation: invitation.id,
      role,
      id: await sealedRecord(world, organisation.id),
    },
  };
}

async function sealedRecord(
  { gateway, storage: { audit, sealing } }: LabGateway,
  organisationId: string,
): Promise<string> {
  const act = inOrganisation(operatorAct('test', new Date()), organisationId);
  await record(audit, act, 'organisation.changed', { subject: { kind: 'organisation', id: organisationId } });
  await sealing.seal(gateway.origin, new Date());
  const [sealed] = await audit.list({ organisationId, before: Infinity, limit: 1 });
  return String(sealed!.sequence);
}

export async function bindCertificate(
  { storage }: LabGateway,
  account: Account,
): Promise<{ readonly certificateSha256: string }> {
  const certificateSha256 = randomBytes(32).toString('hex');
  const notAfter = new Date(Date.now() + 90 * 24 * 3_600_000);
  const seen = { sha256: certificateSha256, serialNumber: '0a1b', notAfter, templateRoles: ['head'] };
  await storage.accounts.bindCertificate(account, seen, new Date());
  return { certificateSha256 };
}

export async function addSomebody(
  world: LabGateway,
  organisationId: string,
  roles: readonly string[],
  status: 'active' | 'invited' | 'requested' = 'active',
): Promise<Somebody> {
  const { storage } = world;
  const now = new Date();
  const iin = nextIin();
  const person = await storage.accounts.addPerson({ iin: parseIin(iin)!, name: 'Бейтаныс Адам' }, now);
  const { members } = storage.accounts.tenant(organisationId);
  const { id } = await members.add({ personId: person.id, status, roles, by: NOBODY }, now);
  const account = await members.get(id);
  return {
    account,
    iin,
    async signedIn(change = {}) {
      const { token, session } = await storage.sessions.create(
        {
          personId: person.id,
          organisationId,
          membershipId: id,
          method: 'eds',
          certificateSha256: null,
          device: 'test',
          address: '192.0.2.9',
          ...change,
        },
        new Date(),
      );
      const visitor = world.visitor();
      visitor.setCookie('__Host-qaqpa-session', token);
      return { visitor, sessionId: session.id, call: callerOf(visitor, world.gateway.origin) };
    },
  };
}

export function callerOf(visitor: TestVisitor, origin: string): Caller['call'] {
  return (method, path, body, headers = {}) =>
    visitor.fetch(path, {
      method,
      headers: {
        ...(method === 'GET' ? {} : { origin, 'sec-fetch-site': 'same-origin' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

/** Every row the database has about an organisation and its people, whatever table it stands in. */
export function rowsOf({ env }: LabGateway, { organisation }: Tenant): Record<string, unknown[]> {
  const database = openSqlite(`${env['QAQPA_DATA_DIR']!}/qaqpa.db`, { mode: 'read' });
  try {
    const columns = database
      .prepare(
        `select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
          where m.type = 'table' and c.name in ('organisation_id', 'person_id', 'membership_id')
          order by m.name, c.name`,
      )
      .all() as unknown as { table: string; column: 'organisation_id' | 'person_id' | 'membership_id' }[];
    const where = {
      organisation_id: '= ?',
      person_id: 'in (select person_id from memberships where organisation_id = ?)',
      membership_id: 'in (select id from memberships where organisation_id = ?)',
    };
    const rows = columns.map(({ table, column }) => [
      `${table} by ${column}`,
      database.prepare(`select * from "${table}" where ${column} ${where[column]}`).all([organisation.id]),
    ]);
    const itself = database.prepare('select * from organisations where id = ?').all([organisation.id]);
    return { ...(Object.fromEntries(rows) as Record<string, unknown[]>), organisations: itself };
  } finally {
    void database.close();
  }
}

/** An identifier of nothing at all, of the form each name in a path has. */
export function randomIdentifiers(): Record<keyof Tenant['identifiers'], string> {
  return {
    member: randomUUID(),
    session: randomUUID(),
    invitation: randomUUID(),
    certificate: randomBytes(32).toString('hex'),
    role: `r-${randomBytes(8).toString('hex')}`,
    id: String(10 ** 12 + randomInt(10 ** 9)),
  };
}
