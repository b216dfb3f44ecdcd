import { type Kysely } from 'kysely';
import { nextRecord, walkChain } from '../audit/chain.js';
import { type AuditLog, type AuditQuery } from '../audit/log.js';
import { type AuditStretch, recordsInBlocks } from './audit-blocks.js';
import { auditRecord, auditRow } from './audit-row.js';
import { takenBy } from './database-refusal.js';
import { StorageError } from './error.js';
import { prepared } from './prepared.js';
import { type AuditRecordsTable, type Schema } from './schema.js';
import { inTransaction } from './transaction.js';

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

  const page = async (
    { after = 0, before, organisationId = null, alsoOfNone }: Place,
    atMost: number,
    party: AuditStretch['party'] = null,
  ): Promise<AuditRecordsTable[]> => {
    const limit = Math.min(Math.max(atMost, 1), PAGE);
    if (organisationId !== null || party !== null) {
      const newest = (await headRow())?.sequence ?? 0;
      const [from, to] = before === undefined ? [after + 1, newest] : [Math.min(before - 1, newest), 1];
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
      // Read before the walk: what is appended meanwhile lies beyond it and is walked as well.
      const head = await headRow();
      const walk = walkChain();
      for (;;) {
        const rows = await page({ after: walk.end.sequence }, PAGE);
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
      return { intact: true, ...walk.end };
    },
  };
}
