import { type Kysely } from 'kysely';
import {
  brokenBound,
  type ChallengeBounds,
  type ChallengeHolder,
  ChallengesFull,
  roomLimits,
} from '../challenge/room.js';
import { type ChallengeStore } from '../challenge/store.js';
import { holderIndex, openOperation, sealOperation } from './challenge-seal.js';
import { type FieldCipher } from './field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const insertChallenge = prepared((database, row: Schema['challenges']) =>
  database.insertInto('challenges').values(row),
);

const countOfHolder = prepared((database, asked: { holder: string; now: number }) =>
  database
    .selectFrom('challenges')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('holder', '=', asked.holder)
    .where('expires_at', '>', asked.now),
);

const countOfAll = prepared((database, asked: { now: number }) =>
  database
    .selectFrom('challenges')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('expires_at', '>', asked.now),
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

/** All challenges that are not over, counted at most once a second: a hundred thousand are not counted at every sign-in. */
export interface ChallengeCount {
  at(now: Date, count: () => Promise<number>): Promise<number>;
  add(): void;
}

const COUNT_AGAIN_MS = 1_000;

/** One for each process; what other processes issue within a second is not yet in it. */
export function createChallengeCount(): ChallengeCount {
  let counted = { at: Number.NaN, all: 0 };
  return {
    async at(now, count) {
      const time = now.getTime();
      // Written so that the first look, and a clock that was set back, count anew.
      if (!(Math.abs(time - counted.at) < COUNT_AGAIN_MS)) counted = { at: time, all: await count() };
      return counted.all;
    },
    add() {
      counted.all += 1;
    },
  };
}

interface SqlChallengeParts {
  readonly cipher: FieldCipher;
  readonly bounds: ChallengeBounds;
  readonly count: ChallengeCount;
}

/** Challenges in the database. */
export function createSqlChallenges(
  database: Kysely<Schema>,
  { cipher, bounds, count }: SqlChallengeParts,
): ChallengeStore {
  const requireRoom = async (holder: ChallengeHolder, index: string, issuedAt: Date): Promise<void> => {
    const limits = roomLimits(holder, bounds);
    const now = issuedAt.getTime();
    const all = await count.at(issuedAt, async () => numberIn(await countOfAll(database, { now })));
    const own = numberIn(await countOfHolder(database, { holder: index, now }));
    const broken = brokenBound({ own, all }, limits);
    if (broken !== null) throw new ChallengesFull(broken);
  };

  return {
    async put(record, holder) {
      const { id, purpose, subjectId, operation, nonce, textHash, browserHash } = record;
      const { issuedAt, expiresAt } = record;
      const index = holderIndex(cipher, holder);
      await requireRoom(holder, index, issuedAt);
      await insertChallenge(database, {
        id,
        purpose,
        subject_id: subjectId,
        operation_sealed: sealOperation(cipher, id, operation),
        nonce,
        text_hash: textHash,
        browser_hash: browserHash,
        holder: index,
        issued_at: issuedAt.getTime(),
        expires_at: expiresAt.getTime(),
        used_at: null,
      });
      count.add();
    },
    async take(id, browserHash, now) {
      const [row] = (await useChallenge(database, { id, browserHash, now: now.getTime() })).rows;
      if (row !== undefined) {
        const { purpose, subject_id: subjectId, nonce, text_hash: textHash } = row;
        const [issuedAt, expiresAt] = [new Date(row.issued_at), new Date(row.expires_at)];
        const operation = openOperation(cipher, id, row.operation_sealed);
        const kept = { id, purpose, subjectId, operation, nonce, textHash, browserHash };
        return { outcome: 'taken', record: { ...kept, issuedAt, expiresAt } };
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

/** PostgreSQL counts in eight octets, which come as text. */
function numberIn({ rows }: { readonly rows: readonly { readonly count: number | string }[] }): number {
  return Number(rows[0]?.count ?? 0);
}
