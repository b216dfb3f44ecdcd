import { type Kysely } from 'kysely';
import {
  brokenBound,
  type ChallengeBounds,
  type ChallengeHolder,
  ChallengesFull,
  roomLimits,
} from '../../challenge/room.js';
import { type ChallengeStore } from '../../challenge/store.js';
import { CHALLENGE_MAX_LIFETIME_MS } from '../../challenge/text.js';
import {
  type HolderIndex,
  holderIndex,
  indexesFrom,
  openOperation,
  sealOperation,
} from '../keys/challenge-seal.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const insertChallenge = prepared((database, row: Schema['challenges']) =>
  database.insertInto('challenges').values(row),
);

/** When those that count end: later ones are of a clock that was ahead, and would take room until it is as late as that. */
interface Period {
  readonly now: number;
  readonly until: number;
}

const countOfHolder = prepared((database, asked: Period & { holder: string }) =>
  database
    .selectFrom('challenges')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('holder', '=', asked.holder)
    .where('expires_at', '>', asked.now)
    .where('expires_at', '<=', asked.until),
);

/** At most so many: more need not be known. */
const countOfNetwork = prepared((database, asked: Period & { first: string; last: string; most: number }) =>
  database
    .selectFrom((some) =>
      some
        .selectFrom('challenges')
        .select('expires_at')
        .where('holder', '>=', asked.first)
        .where('holder', '<=', asked.last)
        .where('expires_at', '>', asked.now)
        .where('expires_at', '<=', asked.until)
        .limit(asked.most)
        .as('of_network'),
    )
    .select(({ fn }) => fn.countAll<number | string>().as('count')),
);

const countOfAll = prepared((database, asked: Period) =>
  database
    .selectFrom('challenges')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('expires_at', '>', asked.now)
    .where('expires_at', '<=', asked.until),
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
  /** @param count asked once for all who want to know at the same moment */
  at(now: Date, count: () => Promise<number>): Promise<number>;
  add(): void;
}

const COUNT_AGAIN_MS = 1_000;

/** One for each process; what other processes issue within a second is not yet in it. */
export function createChallengeCount(): ChallengeCount {
  let counted = { at: Number.NaN, all: Promise.resolve(0), since: 0 };
  return {
    async at(now, count) {
      const time = now.getTime();
      // Written so that the first look, and a clock that was set back, count anew.
      if (!(Math.abs(time - counted.at) < COUNT_AGAIN_MS)) counted = { at: time, all: count(), since: 0 };
      const { all } = counted;
      try {
        return (await all) + counted.since;
      } catch (error) {
        if (counted.all === all) counted.at = Number.NaN;
        throw error;
      }
    },
    // What is kept while it is counted may count twice, and never not at all.
    add() {
      counted.since += 1;
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
  const requireRoom = async (holder: ChallengeHolder, index: HolderIndex, issuedAt: Date): Promise<void> => {
    const limits = roomLimits(holder, bounds);
    const now = issuedAt.getTime();
    const period = { now, until: now + 2 * CHALLENGE_MAX_LIFETIME_MS };
    const all = await count.at(issuedAt, async () => numberIn(await countOfAll(database, period)));
    const own = numberIn(await countOfHolder(database, { ...period, holder: index.own }));
    const around: number[] = [];
    // Networks matter in the last part of the room alone.
    for (const [at, most] of (all < limits.common ? [] : limits.fewAround).entries()) {
      const range = indexesFrom(index.around[at] ?? '');
      around.push(numberIn(await countOfNetwork(database, { ...period, ...range, most })));
    }
    const broken = brokenBound({ own, around, all }, limits);
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
        holder: index.own,
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
        if (operation === undefined) return { outcome: 'unknown' };
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
