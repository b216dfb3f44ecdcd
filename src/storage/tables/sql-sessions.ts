import { type Expression, type ExpressionBuilder, type Kysely, type Selectable, type SqlBool } from 'kysely';
import { z } from 'zod';
import { isOperationName } from '../../sessions/operation-name.js';
import { OBLIGATIONS, type Session, type SessionOwner, usedAt } from '../../sessions/session.js';
import { type SessionChange, type SessionStore } from '../../sessions/store.js';
import { takeTurn } from '../engines/turns.js';
import { prepared } from './prepared.js';
import { type Schema, type SessionsTable } from './schema.js';

const OBLIGATION_LIST = z.array(z.enum(OBLIGATIONS));

const insertSession = prepared((database, row: SessionsTable) => database.insertInto('sessions').values(row));

const sessionByToken = prepared((database, asked: { tokenHash: string }) =>
  database.selectFrom('sessions').selectAll().where('token_hash', '=', asked.tokenHash),
);

const touchSession = prepared(
  (database, told: { tokenHash: string; seenAt: number; idleExpiresAt: number }) =>
    database
      .updateTable('sessions')
      .set({ last_seen_at: told.seenAt, idle_expires_at: told.idleExpiresAt })
      .where('token_hash', '=', told.tokenHash),
);

const removeSession = prepared((database, asked: { tokenHash: string }) =>
  database.deleteFrom('sessions').where('token_hash', '=', asked.tokenHash),
);

const countLive = prepared((database, asked: { membershipId: string; now: number }) =>
  database
    .selectFrom('sessions')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('membership_id', '=', asked.membershipId)
    .where('idle_expires_at', '>', asked.now)
    .where('expires_at', '>', asked.now),
);

/** Sessions in the database. */
export function createSqlSessions(database: Kysely<Schema>): SessionStore {
  return {
    async insert(tokenHash, session) {
      await insertSession(database, toRow(tokenHash, session));
    },
    async get(tokenHash) {
      const [row] = (await sessionByToken(database, { tokenHash })).rows;
      return row === undefined ? null : fromRow(row);
    },
    async use(tokenHash, now, markAfterMs) {
      const [row] = (await sessionByToken(database, { tokenHash })).rows;
      if (row === undefined) return null;
      const session = fromRow(row);
      const used = usedAt(session, now, markAfterMs);
      const [seenAt, idleExpiresAt] = [used.lastSeenAt.getTime(), used.idleExpiresAt.getTime()];
      if (used !== session) await touchSession(database, { tokenHash, seenAt, idleExpiresAt });
      return used;
    },
    async move(oldTokenHash, newTokenHash, { obligations, stepUp }) {
      const { numUpdatedRows } = await database
        .updateTable('sessions')
        .set({ token_hash: newTokenHash, ...toChangeable({ obligations, stepUp }) })
        .where('token_hash', '=', oldTokenHash)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async remove(tokenHash) {
      return (await removeSession(database, { tokenHash })).numAffectedRows === 1n;
    },
    async removeAllOf(owner, exceptSessionId) {
      let query = database.deleteFrom('sessions').where(belongsTo(owner));
      if (exceptSessionId !== null) query = query.where('id', '<>', exceptSessionId);
      return Number((await query.executeTakeFirst()).numDeletedRows);
    },
    async removeOne(owner, sessionId) {
      const { numDeletedRows } = await database
        .deleteFrom('sessions')
        .where(belongsTo(owner))
        .where('id', '=', sessionId)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async listOf(owner) {
      const rows = await database
        .selectFrom('sessions')
        .selectAll()
        .where(belongsTo(owner))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },
    async crowdOf(membershipId, keep, now) {
      await takeTurn(database, `sessions:${membershipId}`);
      // Nearly always nobody: to count is quick, to sort is not.
      const [live] = (await countLive(database, { membershipId, now: now.getTime() })).rows;
      if (live === undefined || live.count <= keep) return [];
      const rows = await database
        .selectFrom('sessions')
        .selectAll()
        .where('membership_id', '=', membershipId)
        .where('idle_expires_at', '>', now.getTime())
        .where('expires_at', '>', now.getTime())
        .orderBy('created_at')
        .orderBy('id', 'desc')
        .limit(live.count - keep)
        .execute();
      return rows.map(fromRow);
    },
    async certificates(after, limit, now) {
      const rows = await database
        .selectFrom('sessions')
        .select('certificate_sha256')
        .distinct()
        .where('certificate_sha256', '>', after ?? '')
        .where('idle_expires_at', '>', now.getTime())
        .orderBy('certificate_sha256')
        .limit(limit)
        .execute();
      return rows.flatMap(({ certificate_sha256: sha256 }) => (sha256 === null ? [] : [sha256]));
    },
  };
}

function belongsTo(owner: SessionOwner) {
  return (row: ExpressionBuilder<Schema, 'sessions'>): Expression<SqlBool> => {
    if ('certificateSha256' in owner) {
      const { certificateSha256, membershipId } = owner;
      const opened = row('certificate_sha256', '=', certificateSha256);
      return membershipId === undefined ? opened : opened.and('membership_id', '=', membershipId);
    }
    if ('personId' in owner) return row('person_id', '=', owner.personId);
    if ('membershipId' in owner) return row('membership_id', '=', owner.membershipId);
    return row('organisation_id', '=', owner.organisationId);
  };
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
    authenticated_at: session.authenticatedAt.getTime(),
    last_seen_at: session.lastSeenAt.getTime(),
    idle_ms: session.idleMs,
    idle_expires_at: session.idleExpiresAt.getTime(),
    expires_at: session.expiresAt.getTime(),
    ...toChangeable(session),
    provisional: session.provisional ? 1 : 0,
    device: session.device,
    address: session.address,
  };
}

function toChangeable({
  obligations,
  stepUp,
}: SessionChange): Pick<SessionsTable, 'obligations'> & StepUpColumns {
  return {
    obligations: JSON.stringify(obligations),
    step_up_operation: stepUp?.operation ?? null,
    step_up_until: stepUp?.until.getTime() ?? null,
    step_up_digest: stepUp?.digest ?? null,
    step_up_evidence: stepUp?.evidence ?? null,
  };
}

type StepUpColumns = Pick<
  SessionsTable,
  'step_up_operation' | 'step_up_until' | 'step_up_digest' | 'step_up_evidence'
>;

function toStepUp(row: StepUpColumns): Session['stepUp'] {
  const { step_up_operation: operation, step_up_until: until } = row;
  const { step_up_digest: digest, step_up_evidence: evidence } = row;
  if (operation === null || until === null || digest === null || evidence === null) return null;
  // An operation another version of the program knows is none of ours: it allows nothing here.
  return isOperationName(operation) ? { operation, digest, evidence, until: new Date(until) } : null;
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
    authenticatedAt: new Date(row.authenticated_at),
    lastSeenAt: new Date(row.last_seen_at),
    idleMs: row.idle_ms,
    idleExpiresAt: new Date(row.idle_expires_at),
    expiresAt: new Date(row.expires_at),
    obligations: OBLIGATION_LIST.parse(JSON.parse(row.obligations)),
    stepUp: toStepUp(row),
    provisional: row.provisional === 1,
    device: row.device,
    address: row.address,
  };
}
