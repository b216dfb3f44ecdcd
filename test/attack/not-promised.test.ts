/** What SECURITY.md says is not promised, done against a real gateway: what it takes, and where it ends. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditRecord, sealOf } from '../../src/audit/chain.js';
import { auditRow } from '../../src/storage/tables/audit-row.js';
import { openSqlite, type SqliteConnection } from '../../src/storage/engines/sqlite-connection.js';
import {
  askChallenge,
  type LabGateway,
  type Member,
  ncalayerSignature,
  signIn,
  startLabGateway,
} from '../support/lab-gateway.js';
import { type TestVisitor } from '../support/visitor.js';

const SESSION = '__Host-qaqpa-session';

interface Listed {
  readonly id: string;
  readonly current: boolean;
  readonly address: string;
}

let world: LabGateway;
let victim: Member;
beforeAll(async () => {
  world = await startLabGateway({ env: { QAQPA_STEP_UP_FRESH: '0s', QAQPA_TRUSTED_PROXIES: 'loopback' } });
  victim = await world.admit('АЛДАНҒАН', 'gost2015-512', ['manager']);
}, 60_000);
afterAll(() => world.close());

async function codeOf(response: Response): Promise<string> {
  const { code = 'none' } = (await response.json()) as { readonly code?: string };
  return `${response.status} ${code}`;
}

async function sessionsOf(visitor: TestVisitor): Promise<readonly Listed[]> {
  const response = await visitor.fetch('/v1/me/sessions');
  return ((await response.json()) as { readonly sessions: readonly Listed[] }).sessions;
}

describe('a site that passes the challenge of its own browser on to a victim', () => {
  const from = { 'x-forwarded-for': '203.0.113.66' };
  let relay: TestVisitor;

  it('gets the session of the victim who signs it, although the text names another site', async () => {
    relay = world.visitor();
    const { challengeId, data, text } = await askChallenge(relay);
    expect(text).toContain(`Сайт: ${world.gateway.origin}\n`);
    const signature = await ncalayerSignature(world.lab, victim.key, Buffer.from(data, 'base64'));
    expect((await relay.post('/v1/login/eds', { challengeId, signature }, from)).status).toBe(200);
    expect(await (await relay.fetch('/v1/session')).json()).toMatchObject({ person: { iin: victim.iin } });
  });

  it('does nothing with it that is signed by itself, where no sign-in stands in for that', async () => {
    const password = 'Bóten-adamnyń-sózi-9';
    const [settings, set] = [
      await relay.fetch('/v1/organisation/settings', {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', origin: world.gateway.origin },
        body: '{"certificates":"approve"}',
      }),
      await relay.post('/v1/me/password', { password }),
    ];
    expect([await codeOf(settings), await codeOf(set)]).toEqual([
      '403 STEP_UP_REQUIRED',
      '403 STEP_UP_REQUIRED',
    ]);
  });

  it('is seen by the victim with its address, and is out when they end it', async () => {
    const own = world.visitor();
    await signIn(world, own, victim.key);
    const foreign = (await sessionsOf(own)).filter(({ current }) => !current);
    expect(foreign).toMatchObject([{ address: '203.0.113.66' }]);
    const ended = await own.fetch(`/v1/me/sessions/${foreign[0]!.id}`, {
      method: 'DELETE',
      headers: { origin: world.gateway.origin },
    });
    expect([ended.status, (await relay.fetch('/v1/session')).status]).toEqual([204, 401]);
  });

  it('gets nothing with the challenge of the victim’s own browser', async () => {
    const { challengeId, data } = await askChallenge(world.visitor());
    const signature = await ncalayerSignature(world.lab, victim.key, Buffer.from(data, 'base64'));
    const answer = await world.visitor().post('/v1/login/eds', { challengeId, signature }, from);
    expect(await codeOf(answer)).toBe('409 CHALLENGE_OTHER_BROWSER');
  });
});

describe('an operator who can write to the database', () => {
  let database: SqliteConnection;
  beforeAll(() => {
    database = openSqlite(join(world.env['QAQPA_DATA_DIR']!, 'qaqpa.db'), { mode: 'write' });
  });
  afterAll(() => database.close());

  it('opens a session in the name of a person without any key, which no record of a sign-in speaks of', async () => {
    const visitor = world.visitor();
    await signIn(world, visitor, victim.key);
    const token = 'A'.repeat(43);
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const [row] = database
      .prepare('select * from sessions where token_hash = ?')
      .all([hash(visitor.cookie(SESSION)!)]);
    const planted: Record<string, unknown> = { ...row!, token_hash: hash(token), id: 'planted' };
    const names = Object.keys(planted);
    database
      .prepare(`insert into sessions (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
      .run(Object.values(planted));
    const thief = world.visitor();
    thief.setCookie(SESSION, token);
    expect(await (await thief.fetch('/v1/session')).json()).toMatchObject({
      session: { id: 'planted', method: 'eds' },
      person: { iin: victim.iin },
    });
    const records = await world.storage.audit.latest(1000);
    expect(records.filter(({ subject }) => subject?.id === 'planted')).toEqual([]);
  });

  it('rewrites the audit log so that it proves whole, but not against a line kept elsewhere', async () => {
    const { audit } = world.storage;
    const before = await audit.verifyChain();
    expect(before).toMatchObject({ intact: true });
    const records = await audit.list({ limit: 1000 });
    const relayed = records.find(({ address }) => address === '203.0.113.66')!;
    let end = { sequence: 0, hash: '0'.repeat(64) };
    const rewritten = records.map((record): AuditRecord => {
      const address = record.sequence === relayed.sequence ? '127.0.0.1' : record.address;
      const unsealed = { ...record, address, previousHash: end.hash };
      end = { sequence: record.sequence, hash: sealOf(unsealed) };
      return { ...unsealed, hash: end.hash };
    });
    database.exec('begin immediate; drop trigger audit_records_keep');
    const write = database.prepare(
      'update audit_records set address = ?, previous_hash = ?, hash = ? where sequence = ?',
    );
    for (const { address, previous_hash: previous, hash, sequence } of rewritten.map(auditRow)) {
      write.run([address, previous, hash, sequence]);
    }
    database.prepare('update audit_head set hash = ?').run([end.hash]);
    database.exec('commit');
    expect(await audit.verifyChain()).toMatchObject({ intact: true, ...end });
    expect(end).toMatchObject({ sequence: before.sequence });
    expect(end).not.toMatchObject({ hash: (before as { hash: string }).hash });
  });
});
