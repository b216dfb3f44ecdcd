import { type Kysely } from 'kysely';
import { type ChainPlace, nextRecord, walkChain } from '../../audit/chain.js';
import { type AuditLog, type AuditQuery, type ChainVerdict } from '../../audit/log.js';
import { type AuditStretch, recordsInBlocks } from './audit-blocks.js';
import { auditRecord, auditRow } from './audit-row.js';
import { takenBy } from '../engines/database-refusal.js';
import { StorageError } from '../error.js';
import { prepared } from './prepared.js';
import { type AuditRecordsTable, type Schema } from './schema.js';
import { inTransaction } from '../engines/transaction.js';

const PAGE = 1_000;

/** Taking the number first locks the end of the chain on every database: no two records can follow the same one. */
const takeNumber = prepared((database) =>
  database
    .updateTable('audit_head')
    .set((row) => ({ sequence: row('sequence', '+', 1) }))
    .where('id', '=', 1)
    .returning(['sequence', 'hash']),
);

const insertRecord = prepared((database, row: AuditRecordsTable) =>
  database.insertInto('audit_records').values(row),
);

const moveHead = prepared((database, end: { hash: string }) =>
  database.updateTable('audit_head').set({ hash: end.hash }).where('id', '=', 1),
);

const leaveHead = prepared((database) =>
  database
    .updateTable('audit_head')
    .set((row) => ({ sequence: row.ref('sequence'), hash: row.ref('hash') }))
    .where('id', '=', 1),
);

interface Place {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly organisationId?: string | null | undefined;
  readonly alsoOfNone?: AuditQuery['alsoOfNone'];
}

/** The audit log in the database. */
export function createSqlAudit(database: Kysely<Schema>): AuditLog {
  const headRow = () =>
    database.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).executeTakeFirst();

  const beginRow = async (): Promise<ChainPlace> => {
    const begin = await database
      .selectFrom('audit_beginning')
      .select(['sequence', 'hash'])
      .where('id', '=', 1)
      .executeTakeFirst();
    if (begin === undefined)
      throw new StorageError('STORAGE_CORRUPT', 'the beginning of the audit chain is missing');
    return begin;
  };

  const page = async (
    { after = 0, before, organisationId = null, alsoOfNone }: Place,
    atMost: number,
    party: AuditStretch['party'] = null,
  ): Promise<AuditRecordsTable[]> => {
    const limit = Math.min(Math.max(atMost, 1), PAGE);
    if (organisationId !== null || party !== null) {
      const newest = (await headRow())?.sequence ?? 0;
      const oldest = (await beginRow()).sequence + 1;
      const [from, to] =
        before === undefined ? [Math.max(after + 1, oldest), newest] : [Math.min(before - 1, newest), oldest];
      // A place beyond the end has nothing after it, one at the beginning nothing before it.
      if (before === undefined ? from > to : from < to) return [];
      return recordsInBlocks(database, { from, to, limit, organisationId, alsoOfNone, party });
    }
    let query = database.selectFrom('audit_records').selectAll();
    if (before === undefined) query = query.where('sequence', '>', after);
    else if (Number.isFinite(before)) query = query.where('sequence', '<', before);
    return query
      .orderBy('sequence', before === undefined ? 'asc' : 'desc')
      .limit(limit)
      .execute();
  };

  /** One look per identifier and column, each along its own index: a condition with "or" would read an organisation's whole log. */
  const pageAbout = async (query: AuditQuery, limit: number): Promise<AuditRecordsTable[]> => {
    const found = new Map<number, AuditRecordsTable>();
    for (const id of query.about ?? []) {
      for (const column of ['actor_id', 'subject_id'] as const) {
        for (const row of await page(query, limit, { column, id })) found.set(row.sequence, row);
      }
    }
    const direction = query.before === undefined ? 1 : -1;
    return [...found.values()].sort((a, b) => direction * (a.sequence - b.sequence)).slice(0, limit);
  };

  const verifyFrom = async (begin: ChainPlace): Promise<ChainVerdict> => {
    // Read before the walk: what is appended meanwhile lies beyond it and is walked as well.
    const head = await headRow();
    const walk = walkChain(begin);
    for (let after = 0; ; after = walk.end.sequence) {
      // From 0 at first: a record in front of the beginning is one that was put back.
      const rows = await page({ after }, PAGE);
      for (const row of rows) {
        const fault = walk.step(auditRecord(row));
        if (fault !== null) return { intact: false, ...fault };
        if (walk.end.sequence === head?.sequence && walk.end.hash !== head.hash) {
          return { intact: false, sequence: walk.end.sequence, fault: 'link-broken' };
        }
      }
      if (rows.length < PAGE) break;
    }
    if (head === undefined || walk.end.sequence < head.sequence) {
      return { intact: false, sequence: walk.end.sequence + 1, fault: 'end-missing' };
    }
    return { intact: true, ...walk.end, begin };
  };

  return {
    append: (event) =>
      takenBy('the audit log', () =>
        inTransaction(database, async (transaction) => {
          const [head] = (await takeNumber(transaction, {})).rows;
          if (head === undefined)
            throw new StorageError('STORAGE_CORRUPT', 'the end of the audit chain is missing');
          const record = nextRecord({ sequence: head.sequence - 1, hash: head.hash }, event);
          await insertRecord(transaction, auditRow(record));
          await moveHead(transaction, { hash: record.hash });
        }),
      ),
    touch: () =>
      takenBy('the audit log', () =>
        inTransaction(database, async (transaction) => {
          await leaveHead(transaction, {});
        }),
      ),
    async list(query) {
      if (query.after !== undefined && query.before !== undefined) {
        throw new RangeError('a list of audit records goes one way: after or before');
      }
      const { limit = 100 } = query;
      return (await (query.about === undefined ? page(query, limit) : pageAbout(query, limit))).map(
        auditRecord,
      );
    },
    async latest(limit) {
      return (await page({ before: Infinity }, limit)).map(auditRecord);
    },
    async verifyChain() {
      for (;;) {
        const begin = await beginRow();
        const verdict = await verifyFrom(begin);
        // What was deleted under our feet is no fault: the chain begins later now.
        if (verdict.intact || (await beginRow()).sequence === begin.sequence) return verdict;
      }
    },
  };
}
