import { type Kysely, type Selectable } from 'kysely';
import { type Session, type SessionOwner } from '../sessions/session.js';
import { type SessionStore } from '../sessions/store.js';
import { type Schema, type SessionsTable } from './schema.js';
import { inTransaction } from './transaction.js';

/** How many expired sessions each new one sweeps away. */
const SWEEP = 20;

/** Sessions in the database. */
export function createSqlSessions(database: Kysely<Schema>): SessionStore {
  return {
    async insert(tokenHash, session) {
      await inTransaction(database, async (transaction) => {
        await transaction
          .deleteFrom('sessions')
          .where('token_hash', 'in', (sweep) =>
            sweep
              .selectFrom('sessions')
              .select('token_hash')
              .where('idle_expires_at', '<', session.createdAt.getTime())
              .orderBy('idle_expires_at')
              .limit(SWEEP),
          )
          .execute();
        await transaction.insertInto('sessions').values(toRow(tokenHash, session)).execute();
      });
    },
    async get(tokenHash) {
      const row = await database
        .selectFrom('sessions')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },
    async touch(tokenHash, lastSeenAt, idleExpiresAt) {
      await database
        .updateTable('sessions')
        .set({ last_seen_at: lastSeenAt.getTime(), idle_expires_at: idleExpiresAt.getTime() })
        .where('token_hash', '=', tokenHash)
        .execute();
    },
    async move(oldTokenHash, newTokenHash) {
      const { numUpdatedRows } = await database
        .updateTable('sessions')
        .set({ token_hash: newTokenHash })
        .where('token_hash', '=', oldTokenHash)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async remove(tokenHash) {
      const { numDeletedRows } = await database
        .deleteFrom('sessions')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async removeAllOf(owner, exceptSessionId) {
      const { column, value } = columnOf(owner);
      let query = database.deleteFrom('sessions').where(column, '=', value);
      if (exceptSessionId !== null) query = query.where('id', '<>', exceptSessionId);
      return Number((await query.executeTakeFirst()).numDeletedRows);
    },
    async removeOne(owner, sessionId) {
      const { column, value } = columnOf(owner);
      const { numDeletedRows } = await database
        .deleteFrom('sessions')
        .where(column, '=', value)
        .where('id', '=', sessionId)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async listOf(owner) {
      const { column, value } = columnOf(owner);
      const rows = await database
        .selectFrom('sessions')
        .selectAll()
        .where(column, '=', value)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },
  };
}

function columnOf(owner: SessionOwner): {
  column: 'person_id' | 'membership_id' | 'organisation_id';
  value: string;
} {
  if ('personId' in owner) return { column: 'person_id', value: owner.personId };
  if ('membershipId' in owner) return { column: 'membership_id', value: owner.membershipId };
  return { column: 'organisation_id', value: owner.organisationId };
}

function toRow(tokenHash: string, session: Session): SessionsTable {
  return {
    token_hash: tokenHash,
    id: session.id,
    person_id: session.personId,
    organisation_id: session.organisationId,
    membership_id: session.membershipId,
    method: session.method,
    acr: session.acr,
    certificate_sha256: session.certificateSha256,
    created_at: session.createdAt.getTime(),
    last_seen_at: session.lastSeenAt.getTime(),
    idle_expires_at: session.idleExpiresAt.getTime(),
    expires_at: session.expiresAt.getTime(),
    device: session.device,
    address: session.address,
  };
}

function fromRow(row: Selectable<SessionsTable>): Session {
  return {
    id: row.id,
    personId: row.person_id,
    organisationId: row.organisation_id,
    membershipId: row.membership_id,
    method: row.method,
    acr: row.acr,
    certificateSha256: row.certificate_sha256,
    createdAt: new Date(row.created_at),
    lastSeenAt: new Date(row.last_seen_at),
    idleExpiresAt: new Date(row.idle_expires_at),
    expiresAt: new Date(row.expires_at),
    device: row.device,
    address: row.address,
  };
}
