/** The audit log of a database from before the tree: a chain with its end in a table of its own. Only copies of such databases have it. */
import { type Kysely, sql } from 'kysely';
import { GENESIS_HASH, walkChain } from '../../audit/chain.js';
import { StorageError } from '../error.js';
import { auditRecord } from '../tables/audit-row.js';
import { type AuditRecordsTable, type Schema } from '../tables/schema.js';

const PAGE = 1_000;

interface End {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Walks the whole chain.
 *
 * @returns how many records it has
 * @throws StorageError `STORAGE_CORRUPT` naming the first record that is wrong
 */
export async function verifyChainOfBefore(database: Kysely<Schema>): Promise<number> {
  const tables = (await database.introspection.getTables()).map(({ name }) => name);
  const [begin = { sequence: 0, hash: GENESIS_HASH }] = tables.includes('audit_beginning')
    ? (await sql<End>`select sequence, hash from audit_beginning`.execute(database)).rows
    : [];
  const [head] = (await sql<End>`select sequence, hash from audit_head`.execute(database)).rows;
  const walk = walkChain(begin);
  for (let after = 0; ; after = walk.end.sequence) {
    const { rows } = await sql<AuditRecordsTable>`select * from audit_records where sequence > ${after}
      order by sequence limit ${PAGE}`.execute(database);
    for (const row of rows) {
      const record = auditRecord({ ...row, leaf_index: null }, { address: null, device: null });
      const fault = walk.step({ ...record, chain: record.chain ?? { previousHash: '', hash: '' } });
      if (fault !== null) throw broken(fault.sequence, fault.fault);
    }
    if (rows.length < PAGE) break;
  }
  if (head === undefined || walk.end.sequence < head.sequence)
    throw broken(walk.end.sequence + 1, 'end-missing');
  if (walk.end.hash !== head.hash) throw broken(walk.end.sequence, 'link-broken');
  return walk.end.sequence - begin.sequence;
}

function broken(sequence: number, fault: string): StorageError {
  return new StorageError('STORAGE_CORRUPT', `the audit chain is broken at record ${sequence} (${fault})`);
}
