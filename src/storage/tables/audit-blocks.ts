/**
 * Finding records of one organisation or party. The indexes of the log begin with the block a record is in, so that writing touches
 * the newest block alone and costs the same however long the log is; reading walks the blocks (docs/decisions/0011).
 */
import { type Kysely, sql } from 'kysely';
import { type AuditQuery } from '../../audit/log.js';
import { type AuditRecordsTable, type Schema } from './schema.js';

/** As in the indexes: 65,536 records a block. */
const BLOCK = sql<number>`(sequence >> 16)`;
const BLOCK_LENGTH = 2 ** 16;
/** What is looked for is mostly in the block looked at first; after it four at a time, then so many. */
const MOST_AT_ONCE = 16;

export interface AuditStretch {
  /** First record to look at, and last; the other way round for newest first. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly organisationId: string | null;
  readonly alsoOfNone: AuditQuery['alsoOfNone'];
  readonly party: { readonly column: 'actor_id' | 'subject_id'; readonly id: string } | null;
}

/** The records of a stretch in its direction, no more than `limit`. */
export async function recordsInBlocks(
  database: Kysely<Schema>,
  stretch: AuditStretch,
): Promise<AuditRecordsTable[]> {
  const found: AuditRecordsTable[] = [];
  for (const blocks of blocksOf(stretch)) {
    const [first, ...others] = blocks.map((block) =>
      pageOfBlock(database, { ...stretch, limit: stretch.limit - found.length }, block),
    );
    if (first === undefined) break;
    found.push(...(await others.reduce((all, page) => all.unionAll(page), first).execute()));
    if (found.length >= stretch.limit) break;
  }
  return found.slice(0, stretch.limit);
}

/** Numbers of blocks in the direction of the stretch, in growing handfuls. */
function* blocksOf({ from, to }: AuditStretch): Generator<readonly number[]> {
  const step = from <= to ? 1 : -1;
  const last = Math.floor(to / BLOCK_LENGTH);
  let next = Math.floor(from / BLOCK_LENGTH);
  for (let turn = 0; (last - next) * step >= 0; turn += 1) {
    const count = Math.min(4 ** turn, MOST_AT_ONCE, (last - next) * step + 1);
    const start = next;
    yield Array.from({ length: count }, (_, index) => start + index * step);
    next += count * step;
  }
}

function pageOfBlock(
  database: Kysely<Schema>,
  { from, to, limit, organisationId, alsoOfNone, party }: AuditStretch,
  block: number,
) {
  const ascending = from <= to;
  let rows = database
    .selectFrom('audit_records')
    .selectAll()
    .where(BLOCK, '=', block)
    .where('sequence', '>=', Math.min(from, to))
    .where('sequence', '<=', Math.max(from, to));
  if (organisationId !== null) {
    rows =
      alsoOfNone === undefined
        ? rows.where('organisation_id', '=', organisationId)
        : rows.where((row) => {
            const ofNone = row('organisation_id', 'is', null);
            const counts = alsoOfNone === 'every type' ? ofNone : ofNone.and('type', 'in', alsoOfNone);
            return row('organisation_id', '=', organisationId).or(counts);
          });
  }
  if (party !== null) rows = rows.where(party.column, '=', party.id);
  const page = rows.orderBy('sequence', ascending ? 'asc' : 'desc').limit(limit);
  return database.selectFrom(page.as('page')).selectAll();
}
