import { type Kysely, type Selectable } from 'kysely';
import { type ApiClient, type ApiClientStore } from '../federation/api-client.js';
import { type Schema } from './schema.js';

/** API clients in the database. */
export function createSqlApiClients(database: Kysely<Schema>): ApiClientStore {
  return {
    async insert(client, secretHash) {
      await database
        .insertInto('api_clients')
        .values({
          id: client.id,
          name: client.name,
          secret_hash: secretHash,
          status: client.status,
          created_at: client.createdAt.getTime(),
          revoked_at: client.revokedAt?.getTime() ?? null,
        })
        .execute();
    },
    async get(id) {
      const row = await database
        .selectFrom('api_clients')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : { client: fromRow(row), secretHash: row.secret_hash };
    },
    async revoke(id, now) {
      const { numUpdatedRows } = await database
        .updateTable('api_clients')
        .set({ status: 'revoked', revoked_at: now.getTime() })
        .where('id', '=', id)
        .where('status', '=', 'active')
        .executeTakeFirst();
      return numUpdatedRows === 1n;
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
  };
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
