import { type Kysely, type Selectable } from 'kysely';
import { type ApiClient, type ApiClientStore, type StoredSecret } from '../../clients/api-client.js';
import {
  type ClientSecret,
  LIVE_SECRETS_MAX,
  SECRET_IN_USE_MS,
  SECRET_WARNING_MS,
} from '../../clients/client-secret.js';
import { inTransaction } from '../engines/transaction.js';
import { takeTurn } from '../engines/turns.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const clientById = prepared((database, asked: { id: string }) =>
  database.selectFrom('api_clients').selectAll().where('id', '=', asked.id),
);

const secretsOfClient = prepared((database, asked: { id: string }) =>
  database
    .selectFrom('api_client_secrets')
    .selectAll()
    .where('client_id', '=', asked.id)
    .where('revoked_at', 'is', null),
);

/** API clients and their secrets in the database. */
export function createSqlApiClients(database: Kysely<Schema>): ApiClientStore {
  const activeSecrets = () =>
    database
      .selectFrom('api_client_secrets')
      .innerJoin('api_clients', 'api_clients.id', 'api_client_secrets.client_id')
      .selectAll('api_client_secrets')
      .where('api_clients.status', '=', 'active')
      .where('api_client_secrets.revoked_at', 'is', null)
      .orderBy('api_client_secrets.expires_at')
      .orderBy('api_client_secrets.id');

  return {
    insert: (client, first) => inTransaction(database, (transaction) => insert(transaction, client, first)),
    async get(id) {
      const row = await clientRow(database, id);
      if (row === undefined) return null;
      const { rows } = await secretsOfClient(database, { id });
      return {
        client: fromRow(row),
        secrets: rows.map((secret) => ({ secret: secretOf(secret), hash: secret.hash })),
      };
    },
    rotate: (clientId, next, olderUntil, now) =>
      inTransaction(database, (transaction) => rotate(transaction, clientId, next, olderUntil, now)),
    revoke: (id, now) => inTransaction(database, (transaction) => revoke(transaction, id, now)),
    async revokeSecret(clientId, secretId, now) {
      await takeTurn(database, `client:${clientId}`);
      const { numUpdatedRows } = await database
        .updateTable('api_client_secrets')
        .set({ revoked_at: now.getTime() })
        .where('id', '=', secretId)
        .where('client_id', '=', clientId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async noteUse(secretId, now) {
      await database
        .updateTable('api_client_secrets')
        .set({ last_used_at: now.getTime() })
        .where('id', '=', secretId)
        .execute();
    },
    async list() {
      const rows = await database
        .selectFrom('api_clients')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },
    async secrets() {
      return (await activeSecrets().execute()).map(secretOf);
    },
    async ending(now) {
      const rows = await activeSecrets()
        .where('api_client_secrets.expires_at', '>', now.getTime())
        .where('api_client_secrets.expires_at', '<=', now.getTime() + SECRET_WARNING_MS)
        .where('api_client_secrets.last_used_at', '>=', now.getTime() - SECRET_IN_USE_MS)
        .execute();
      return rows.map(secretOf);
    },
  };
}

const clientRow = async (database: Kysely<Schema>, id: string) =>
  (await clientById(database, { id })).rows[0];

async function insert(transaction: Kysely<Schema>, client: ApiClient, first: StoredSecret): Promise<void> {
  await transaction
    .insertInto('api_clients')
    .values({
      id: client.id,
      name: client.name,
      status: client.status,
      created_at: client.createdAt.getTime(),
      revoked_at: client.revokedAt?.getTime() ?? null,
    })
    .execute();
  await insertSecret(transaction, first);
}

async function revoke(transaction: Kysely<Schema>, id: string, now: Date): Promise<boolean> {
  await takeTurn(transaction, `client:${id}`);
  const { numUpdatedRows } = await transaction
    .updateTable('api_clients')
    .set({ status: 'revoked', revoked_at: now.getTime() })
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirst();
  await transaction
    .updateTable('api_client_secrets')
    .set({ revoked_at: now.getTime() })
    .where('client_id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  return numUpdatedRows === 1n;
}

async function rotate(
  transaction: Kysely<Schema>,
  clientId: string,
  next: StoredSecret,
  olderUntil: Date,
  now: Date,
): Promise<'rotated' | 'unknown' | 'full'> {
  await takeTurn(transaction, `client:${clientId}`);
  const client = await clientRow(transaction, clientId);
  if (client?.status !== 'active') return 'unknown';
  const time = now.getTime();
  await transaction
    .deleteFrom('api_client_secrets')
    .where('client_id', '=', clientId)
    .where((row) =>
      row.or([
        row('revoked_at', 'is not', null),
        row('expires_at', '<=', time),
        ...(olderUntil.getTime() <= time ? [row('expires_at', '>', time)] : []),
      ]),
    )
    .execute();
  const live = await transaction
    .selectFrom('api_client_secrets')
    .select('id')
    .where('client_id', '=', clientId)
    .execute();
  if (live.length >= LIVE_SECRETS_MAX) return 'full';
  await transaction
    .updateTable('api_client_secrets')
    .set({ expires_at: olderUntil.getTime() })
    .where('client_id', '=', clientId)
    .where('expires_at', '>', olderUntil.getTime())
    .execute();
  await insertSecret(transaction, next);
  return 'rotated';
}

async function insertSecret(transaction: Kysely<Schema>, { secret, hash }: StoredSecret): Promise<void> {
  await transaction
    .insertInto('api_client_secrets')
    .values({
      id: secret.id,
      client_id: secret.clientId,
      hash,
      created_at: secret.createdAt.getTime(),
      expires_at: secret.expiresAt.getTime(),
      last_used_at: secret.lastUsedAt?.getTime() ?? null,
      revoked_at: null,
    })
    .execute();
}

function fromRow(row: Selectable<Schema['api_clients']>): ApiClient {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    createdAt: new Date(row.created_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
  };
}

function secretOf(row: Selectable<Schema['api_client_secrets']>): ClientSecret {
  return {
    id: row.id,
    clientId: row.client_id,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
  };
}
