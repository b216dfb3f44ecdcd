import { randomUUID } from 'node:crypto';
import { type Kysely } from 'kysely';
import { AccountError } from '../../accounts/account.js';
import { type BinClaim, type BinClaims } from '../../accounts/bin-claim.js';
import { parseBin } from '../../accounts/national-number.js';
import { type Row, toDecision } from './account-rows.js';
import { StorageError } from '../error.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';
import { inTransaction } from '../engines/transaction.js';

/** Claims of numbers in the database. */
export function createSqlBinClaims(database: Kysely<Schema>): BinClaims {
  const get = async (executor: Kysely<Schema>, id: string): Promise<BinClaim> => {
    const row = await executor.selectFrom('bin_claims').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new AccountError('BIN_CLAIM_UNKNOWN', 'there is no such claim');
    return toClaim(row);
  };

  return {
    make: ({ organisationId, bin, evidence, madeBy }, now) =>
      inTransaction(database, async (transaction) => {
        const open = await transaction
          .selectFrom('bin_claims')
          .select('id')
          .where('organisation_id', '=', organisationId)
          .where('bin', '=', bin)
          .where('status', '=', 'open')
          .executeTakeFirst();
        if (open !== undefined)
          throw new AccountError('BIN_CLAIM_STATUS', 'this number is asked for already');
        const row: Row<'bin_claims'> = {
          id: randomUUID(),
          organisation_id: organisationId,
          bin,
          evidence,
          status: 'open',
          made_at: now.getTime(),
          made_by_kind: madeBy.kind,
          made_by_id: madeBy.id,
          decided_at: null,
          decided_by_kind: null,
          decided_by_id: null,
        };
        await transaction.insertInto('bin_claims').values(row).execute();
        return toClaim(row);
      }),
    get: (id) => get(database, id),
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
    decide: (id, status, by, now) =>
      inTransaction(database, async (transaction) => {
        await get(transaction, id);
        const row = await transaction
          .updateTable('bin_claims')
          .set({ status, decided_at: now.getTime(), decided_by_kind: by.kind, decided_by_id: by.id })
          .where('id', '=', id)
          .where('status', '=', 'open')
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw new AccountError('BIN_CLAIM_STATUS', 'the claim is decided already');
        return toClaim(row);
      }),
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
