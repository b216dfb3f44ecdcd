import { type Kysely } from 'kysely';
import { type ChallengeStore } from '../challenge/store.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const insertChallenge = prepared((database, row: Schema['challenges']) =>
  database.insertInto('challenges').values(row),
);

/** One statement decides who has it; everything after is only about the words for those who do not. */
const useChallenge = prepared((database, asked: { id: string; browserHash: string; now: number }) =>
  database
    .updateTable('challenges')
    .set({ used_at: asked.now })
    .where('id', '=', asked.id)
    .where('browser_hash', '=', asked.browserHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', asked.now)
    .returningAll(),
);

/** Challenges in the database. */
export function createSqlChallenges(database: Kysely<Schema>): ChallengeStore {
  return {
    async put(record) {
      await insertChallenge(database, {
        id: record.id,
        purpose: record.purpose,
        origin: record.origin,
        subject_id: record.subjectId,
        text: record.text,
        browser_hash: record.browserHash,
        issued_at: record.issuedAt.getTime(),
        expires_at: record.expiresAt.getTime(),
        used_at: null,
      });
    },
    async take(id, browserHash, now) {
      const [row] = (await useChallenge(database, { id, browserHash, now: now.getTime() })).rows;
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
