import { type Kysely } from 'kysely';
import { GENESIS_HASH } from '../../audit/chain.js';
import { type LogSource, type StoredRecord } from '../../audit/source.js';
import { StorageError } from '../error.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { logKeys } from '../keys/log-keys.js';
import { openOrigins } from './audit-origin.js';
import { auditRecord } from './audit-row.js';
import { beyondEnd, tilesOf, treeRow } from './audit-tree.js';
import { type AuditRecordsTable, type Schema } from './schema.js';

/** The log in the database, to be verified. */
export function auditSource(database: Kysely<Schema>, cipher: FieldCipher | null): LogSource {
  const stored = async (rows: readonly AuditRecordsTable[]): Promise<readonly StoredRecord[]> => {
    const origin = await openOrigins(database, cipher, rows);
    return rows.map((row) => {
      const opened = origin(row);
      return { record: auditRecord(row, opened), origin: opened.state };
    });
  };
  return {
    async checkpoint() {
      const tree = await treeRow(database);
      if (tree === undefined) throw gone('the state');
      return tree.checkpoint;
    },
    keys: () => logKeys(database, cipher),
    async beginning() {
      const row = await database
        .selectFrom('audit_beginning')
        .selectAll()
        .where('id', '=', 1)
        .executeTakeFirst();
      if (row === undefined) throw gone('the beginning');
      const { leaves, sequence, hash } = row;
      return { leaves, sequence, hash: hash === GENESIS_HASH ? '' : hash };
    },
    async chainEnd() {
      const row = await database
        .selectFrom('audit_chain')
        .select(['sequence', 'hash'])
        .where('id', '=', 1)
        .executeTakeFirst();
      return row ?? null;
    },
    tileAt: tilesOf(database),
    sealedFrom: async (leaf, limit) =>
      stored(
        await database
          .selectFrom('audit_records')
          .selectAll()
          .where('leaf_index', '>=', leaf)
          .orderBy('leaf_index')
          .limit(limit)
          .execute(),
      ),
    unsealedAfter: async (sequence, limit) =>
      stored(
        await database
          .selectFrom('audit_records')
          .selectAll()
          .where('leaf_index', 'is', null)
          .where('sequence', '>', sequence)
          .orderBy('sequence')
          .limit(limit)
          .execute(),
      ),
    beyondEnd: () => beyondEnd(database),
  };
}

function gone(what: string): StorageError {
  return new StorageError('STORAGE_CORRUPT', `${what} of the audit log is missing`);
}
