import { type Kysely } from 'kysely';
import { CHALLENGE_MEMORY_MS, type ChallengeStore } from '../challenge/store.js';
import { type Schema } from './schema.js';
import { inTransaction } from './transaction.js';

/** How many forgotten rows each new one sweeps away: more than one, so that the table shrinks after a rush. */
const SWEEP = 20;

/** Challenges in the database. */
export function createSqlChallenges(database: Kysely<Schema>): ChallengeStore {
  return {
    async put(record) {
      await inTransaction(database, async (transaction) => {
        await transaction
          .deleteFrom('challenges')
          .where('id', 'in', (sweep) =>
            sweep
              .selectFrom('challenges')
              .select('id')
              .where('expires_at', '<', record.issuedAt.getTime() - CHALLENGE_MEMORY_MS)
              .orderBy('expires_at')
              .limit(SWEEP),
          )
          .execute();
        await transaction
          .insertInto('challenges')
          .values({
            id: record.id,
            purpose: record.purpose,
            origin: record.origin,
            subject_id: record.subjectId,
            text: record.text,
            browser_hash: record.browserHash,
            issued_at: record.issuedAt.getTime(),
            expires_at: record.expiresAt.getTime(),
            used_at: null,
          })
          .execute();
      });
    },
    async take(id, browserHash, now) {
      // One statement decides who has it; everything after is only about the words for those who do not.
      const row = await database
        .updateTable('challenges')
        .set({ used_at: now.getTime() })
        .where('id', '=', id)
        .where('browser_hash', '=', browserHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now.getTime())
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined) {
        const { purpose, origin, subject_id: subjectId, text } = row;
        const [issuedAt, expiresAt] = [new Date(row.issued_at), new Date(row.expires_at)];
        const record = { id, purpose, origin, subjectId, text, browserHash, issuedAt, expiresAt };
        return { outcome: 'taken', record };
      }
      const refused = await database
        .selectFrom('challenges')
        .select(['browser_hash', 'used_at'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (refused === undefined) return { outcome: 'unknown' };
      if (refused.browser_hash !== browserHash) return { outcome: 'other-browser' };
      return { outcome: refused.used_at === null ? 'expired' : 'used' };
    },
  };
}
