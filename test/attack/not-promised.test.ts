/** What SECURITY.md says is not promised, done against a real gateway: what it takes, and where it ends. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCheckpoint } from '../../src/audit/checkpoint.js';
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

  it('rewrites the sealed log with the very key, so that it proves whole, but not against a checkpoint kept elsewhere', async () => {
    const { audit, sealing } = world.storage;
    const now = new Date();
    await sealing.seal(world.gateway.origin, now);
    const kept = readCheckpoint((await audit.checkpoint())!)!;
    expect(await audit.verify({ kept })).toMatchObject({ intact: true });
    const [record] = await audit.list({ limit: 1 });
    database.exec(`begin immediate; drop trigger audit_records_keep; drop trigger audit_tiles_stays; drop trigger audit_tree_grows;
      update audit_records set reason = 'none' where sequence = ${record!.sequence};
      update audit_records set leaf_index = null; delete from audit_tiles;
      update audit_tree set size = 0, checkpoint = null; commit`);
    await sealing.seal(world.gateway.origin, now);
    expect(await audit.verify()).toMatchObject({ intact: true });
    expect(await audit.verify({ kept })).toMatchObject({ intact: false, fault: 'kept-differs' });
  });
});
