import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Authentication } from '../../src/clients/api-client.js';
import { SECRET_LIFETIME_MS } from '../../src/clients/client-secret.js';
import { Kysely, sql } from 'kysely';
import { parseDatabaseUrl } from '../../src/storage/engines/database-url.js';
import { migrate } from '../../src/storage/migrations/migrate.js';
import { CLIENT_SECRETS } from '../../src/storage/migrations/0018-client-secrets.js';
import { MIGRATIONS } from '../../src/storage/migrations/index.js';
import { createPostgresDialect, DEFAULT_POSTGRES_OPTIONS } from '../../src/storage/engines/postgres.js';
import { type Schema } from '../../src/storage/tables/schema.js';
import { createSqliteDialect } from '../../src/storage/engines/sqlite.js';
import { openServices } from '../../src/services.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const after = (ms: number): Date => new Date(NOW.getTime() + ms);

let opened: TemporaryStorage;
beforeAll(async () => {
  opened = await openTemporaryStorage();
});
afterAll(() => opened.remove());

/** A database as the program before left it: clients have one secret each, without an end. */
async function databaseOfBefore(statements: readonly string[]): Promise<string> {
  const address = parseDatabaseUrl(await opened.emptyDatabase());
  const dialect =
    address.engine === 'sqlite'
      ? createSqliteDialect(address.path, { foreignKeys: false })
      : createPostgresDialect(address.url, { ...DEFAULT_POSTGRES_OPTIONS, connections: 1 });
  const database = new Kysely<Schema>({ dialect });
  const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(CLIENT_SECRETS));
  await migrate(database, address.engine, before, NOW);
  for (const statement of statements) await sql.raw(statement).execute(database);
  await database.destroy();
  return address.engine === 'sqlite' ? `sqlite:${address.path}` : address.url;
}

const clients = () => opened.storage.apiClients;
const kindOf = async (id: string, secret: string, at: Date): Promise<Authentication['kind']> =>
  (await clients().authenticate(id, secret, at)).kind;
const secretsOf = async (id: string) => (await clients().secrets()).filter(({ clientId }) => clientId === id);

describe('an API client', () => {
  it('is known by its secret', async () => {
    const { client, secret } = await clients().add('document flow', NOW);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await clients().authenticate(client.id, secret, NOW)).toEqual({
      kind: 'known',
      client,
      endsAt: null,
    });
    expect(await clients().list()).toContainEqual(client);
  });

  it('is not known by anything else', async () => {
    const [mine, other] = [await clients().add('mine', NOW), await clients().add('other', NOW)];
    for (const secret of ['', other.secret, mine.secret.toLowerCase(), `${mine.secret} `, mine.secretId]) {
      expect(await kindOf(mine.client.id, secret, NOW)).toBe('unknown');
    }
    for (const id of ['', 'unknown', mine.client.name, mine.secretId, "' or 1=1 --"]) {
      expect(await kindOf(id, mine.secret, NOW)).toBe('unknown');
      expect(await kindOf(id, '', NOW)).toBe('unknown');
    }
  });

  it('is shut out once it is revoked, with every secret', async () => {
    const { client, secret } = await clients().add('leaving', NOW);
    const rotated = await clients().rotate(client.id, NOW);
    expect(await clients().revoke(client.id, NOW)).toBe(true);
    expect(await clients().revoke(client.id, NOW)).toBe(false);
    for (const text of [secret, 'secret' in rotated ? rotated.secret : '']) {
      expect(await kindOf(client.id, text, NOW)).toBe('unknown');
    }
    expect(await secretsOf(client.id)).toEqual([]);
    expect(await clients().rotate(client.id, NOW)).toEqual({ outcome: 'unknown' });
  });
});

describe('a client from before secrets had an end', () => {
  it('keeps its secret for a year from the migration on, and one that was revoked has none', async () => {
    const hash = createHash('sha256').update('their secret').digest('hex');
    const databaseUrl = await databaseOfBefore([
      `insert into api_clients values ('old', 'flow', '${hash}', 'active', ${NOW.getTime()}, null)`,
      `insert into api_clients values ('gone', 'flow', '${hash}', 'revoked', ${NOW.getTime()}, ${NOW.getTime()})`,
    ]);
    const storage = await openServices({ ...opened.config, databaseUrl });
    try {
      const migratedAt = Date.now();
      expect((await storage.apiClients.authenticate('old', 'their secret', new Date())).kind).toBe('known');
      expect((await storage.apiClients.authenticate('gone', 'their secret', new Date())).kind).toBe(
        'unknown',
      );
      const [secret, ...more] = await storage.apiClients.secrets();
      expect(more).toEqual([]);
      const age = migratedAt - (secret!.expiresAt.getTime() - 365 * DAY);
      expect(Math.abs(age)).toBeLessThan(HOUR);
    } finally {
      await storage.close();
    }
  });
});

describe('a secret of an API client', () => {
  it('ends by itself, and only who has it is told that it expired', async () => {
    const { client, secret, expiresAt } = await clients().add('forgetful', NOW);
    expect(expiresAt).toEqual(after(SECRET_LIFETIME_MS));
    expect(await kindOf(client.id, secret, new Date(expiresAt.getTime() - 1))).toBe('known');
    expect(await kindOf(client.id, secret, expiresAt)).toBe('expired');
    expect(await kindOf(client.id, `${secret}x`, expiresAt)).toBe('unknown');
    expect(await kindOf(client.id, '', expiresAt)).toBe('unknown');
  });

  it('is told its end from thirty days before', async () => {
    const { client, secret, expiresAt } = await clients().add('warned', NOW, 40 * DAY);
    expect(await clients().authenticate(client.id, secret, after(10 * DAY - 1))).toMatchObject({
      endsAt: null,
    });
    expect(await clients().authenticate(client.id, secret, after(10 * DAY))).toMatchObject({
      kind: 'known',
      endsAt: expiresAt,
    });
  });

  it('stays good beside a new one for the overlap, and not an instant longer', async () => {
    const { client, secret: older } = await clients().add('rotating', NOW);
    const rotated = await clients().rotate(client.id, NOW, { overlapMs: 2 * DAY, lifetimeMs: 90 * DAY });
    if (rotated.outcome !== 'rotated') throw new Error(rotated.outcome);
    expect(rotated).toMatchObject({ expiresAt: after(90 * DAY), olderUntil: after(2 * DAY) });
    expect(rotated.secret).not.toBe(older);
    for (const text of [older, rotated.secret]) {
      expect(await kindOf(client.id, text, after(2 * DAY - 1))).toBe('known');
    }
    expect(await kindOf(client.id, older, after(2 * DAY))).toBe('expired');
    expect(await kindOf(client.id, rotated.secret, after(2 * DAY))).toBe('known');
  });

  it('does not live longer by an overlap than it would have', async () => {
    const { client, secret } = await clients().add('short', NOW, DAY);
    await clients().rotate(client.id, NOW, { overlapMs: 30 * DAY });
    expect(await kindOf(client.id, secret, after(DAY))).toBe('expired');
  });

  it('is one of two at most: a third waits, or ends both', async () => {
    const { client, secret: first } = await clients().add('crowded', NOW);
    const second = await clients().rotate(client.id, NOW);
    if (second.outcome !== 'rotated') throw new Error(second.outcome);
    expect(await clients().rotate(client.id, after(DAY))).toEqual({ outcome: 'full' });
    for (const text of [first, second.secret]) {
      expect(await kindOf(client.id, text, after(DAY))).toBe('known');
    }
    const third = await clients().rotate(client.id, after(DAY), { overlapMs: 0 });
    if (third.outcome !== 'rotated') throw new Error(third.outcome);
    for (const text of [first, second.secret]) {
      expect(await kindOf(client.id, text, after(DAY))).toBe('unknown');
    }
    expect(await kindOf(client.id, third.secret, after(DAY))).toBe('known');
    expect((await secretsOf(client.id)).map(({ id }) => id)).toEqual([third.secretId]);
  });

  it('makes room for another once it has expired', async () => {
    const { client } = await clients().add('patient', NOW);
    expect(await clients().rotate(client.id, NOW)).toMatchObject({ outcome: 'rotated' });
    expect(await clients().rotate(client.id, after(7 * DAY))).toMatchObject({ outcome: 'rotated' });
    expect(await secretsOf(client.id)).toHaveLength(2);
  });

  it('is never one of three, however many rotate at once', async () => {
    const { client } = await clients().add('raced', NOW);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => clients().rotate(client.id, NOW)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      'full',
      'full',
      'full',
      'full',
      'rotated',
    ]);
    expect(await secretsOf(client.id)).toHaveLength(2);
  });

  it('is revoked alone and at once, by its own client’s name only', async () => {
    const [mine, other] = [await clients().add('mine', NOW), await clients().add('other', NOW)];
    const newer = await clients().rotate(mine.client.id, NOW);
    if (newer.outcome !== 'rotated') throw new Error(newer.outcome);
    expect(await clients().revokeSecret(other.client.id, mine.secretId, NOW)).toBe(false);
    expect(await clients().revokeSecret(mine.client.id, 'unknown', NOW)).toBe(false);
    expect(await kindOf(mine.client.id, mine.secret, NOW)).toBe('known');
    expect(await clients().revokeSecret(mine.client.id, mine.secretId, NOW)).toBe(true);
    expect(await clients().revokeSecret(mine.client.id, mine.secretId, NOW)).toBe(false);
    expect(await kindOf(mine.client.id, mine.secret, NOW)).toBe('unknown');
    expect(await kindOf(mine.client.id, newer.secret, NOW)).toBe('known');
  });

  it('is known by when it was last used, to the hour', async () => {
    const { client, secret } = await clients().add('observed', NOW);
    const lastUsed = async () => (await secretsOf(client.id))[0]?.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await clients().authenticate(client.id, 'wrong', NOW);
    expect(await lastUsed()).toBeNull();
    for (const [at, seen] of [
      [0, 0],
      [HOUR - 1, 0],
      [HOUR, HOUR],
    ] as const) {
      await clients().authenticate(client.id, secret, after(at));
      expect(await lastUsed()).toEqual(after(seen));
    }
  });

  it.each([
    ['a lifetime of nothing', { lifetimeMs: 0 }],
    ['a lifetime beyond two years', { lifetimeMs: 731 * DAY }],
    ['a lifetime that is no number', { lifetimeMs: Number.NaN }],
    ['an overlap backwards', { overlapMs: -1 }],
    ['an overlap beyond thirty days', { overlapMs: 31 * DAY }],
  ])('is not given out with %s', async (_what, terms) => {
    const { client } = await clients().add('unbounded', NOW);
    await expect(clients().rotate(client.id, NOW, terms)).rejects.toThrow(RangeError);
    expect(await secretsOf(client.id)).toHaveLength(1);
  });

  it('is pointed out while it is in use and ends soon', async () => {
    const used = await clients().add('used', NOW, 20 * DAY);
    const unused = await clients().add('unused', NOW, 20 * DAY);
    const long = await clients().add('long', NOW, 200 * DAY);
    const gone = await clients().add('gone', NOW, 20 * DAY);
    for (const { client, secret } of [used, long, gone]) {
      await clients().authenticate(client.id, secret, NOW);
    }
    await clients().revoke(gone.client.id, NOW);
    const ids = [used, unused, long, gone].map(({ secretId }) => secretId);
    const told = async (at: Date) =>
      (await clients().ending(at)).map(({ id }) => id).filter((id) => ids.includes(id));
    expect(await told(NOW)).toEqual([used.secretId]);
    expect(await told(after(20 * DAY))).toEqual([]);
    // Not used for long: nobody will miss it.
    expect(await told(after(180 * DAY))).toEqual([]);
  });
});
