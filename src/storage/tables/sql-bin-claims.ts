import { type Kysely } from 'kysely';
import { type BinClaim, type BinClaimStore } from '../../accounts/bin-claim.js';
import { parseBin } from '../../accounts/national-number.js';
import { inTransaction } from '../engines/transaction.js';
import { takeTurn } from '../engines/turns.js';
import { StorageError } from '../error.js';
import { type Row, toDecision } from './account-rows.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';

/** Claims of numbers in the database. */
export function createSqlBinClaims(database: Kysely<Schema>): BinClaimStore {
  return {
    insert: (claim) =>
      inTransaction(database, async (transaction) => {
        await takeTurn(transaction, `organisation:${claim.organisationId}`);
        const open = await transaction
          .selectFrom('bin_claims')
          .select('id')
          .where('organisation_id', '=', claim.organisationId)
          .where('bin', '=', claim.bin)
          .where('status', '=', 'open')
          .executeTakeFirst();
        if (open !== undefined) return false;
        await transaction.insertInto('bin_claims').values(rowOf(claim)).execute();
        return true;
      }),
    async find(id) {
      const row = await database.selectFrom('bin_claims').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toClaim(row);
    },
    list: ({ status, organisationId, ...request }) =>
      pageOf({
        request,
        async rows(after, count) {
          let rows = database.selectFrom('bin_claims').selectAll();
          if (status !== undefined) rows = rows.where('status', '=', status);
          if (organisationId !== undefined) rows = rows.where('organisation_id', '=', organisationId);
          if (after !== null) {
            rows = rows.where((row) =>
              row(row.refTuple('made_at', 'id'), '<', row.tuple(after.at, after.id)),
            );
          }
          return rows.orderBy('made_at', 'desc').orderBy('id', 'desc').limit(count).execute();
        },
        mark: ({ made_at, id }) => ({ at: made_at, id }),
        items: (rows) => Promise.resolve(rows.map(toClaim)),
      }),
    async decide(id, status, by, now) {
      // Numbers go from one organisation to another here: nobody else moves one meanwhile.
      await takeTurn(database, 'platform');
      const row = await database
        .updateTable('bin_claims')
        .set({ status, decided_at: now.getTime(), decided_by_kind: by.kind, decided_by_id: by.id })
        .where('id', '=', id)
        .where('status', '=', 'open')
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : toClaim(row);
    },
  };
}

function rowOf({ id, organisationId, bin, evidence, status, madeAt, madeBy }: BinClaim): Row<'bin_claims'> {
  return {
    id,
    organisation_id: organisationId,
    bin,
    evidence,
    status,
    made_at: madeAt.getTime(),
    made_by_kind: madeBy.kind,
    made_by_id: madeBy.id,
    decided_at: null,
    decided_by_kind: null,
    decided_by_id: null,
  };
}

function toClaim(row: Row<'bin_claims'>): BinClaim {
  const bin = parseBin(row.bin);
  if (bin === null) throw new StorageError('STORAGE_CORRUPT', 'a stored identification number is malformed');
  return {
    id: row.id,
    organisationId: row.organisation_id,
    bin,
    evidence: row.evidence,
    status: row.status,
    madeAt: new Date(row.made_at),
    madeBy: { kind: row.made_by_kind, id: row.made_by_id },
    decision: toDecision(row),
  };
}
