import { type ExpressionBuilder, type Kysely } from 'kysely';
import { type ReservedAttempt, type StoredPassword } from '../../passwords/store.js';
import { type Schema } from './schema.js';

interface Place {
  readonly membershipId: string;
  readonly organisationId: string;
  readonly personId: string;
}

/** The passwords of those who took an invitation without an EDS, each with its own count of wrong ones. */
export function createSqlProvisionalPasswords(database: Kysely<Schema>) {
  return { ...attemptsIn(database), ...hashesIn(database) };
}

export type ProvisionalPasswords = ReturnType<typeof createSqlProvisionalPasswords>;

function attemptsIn(database: Kysely<Schema>) {
  return {
    /** Counts an attempt on each whose count is below the limit, and gives those: one atomic step. */
    async reserve(
      index: string,
      membershipId: string | null,
      limit: number,
    ): Promise<readonly (ReservedAttempt['provisional'][number] & { readonly failures: number })[]> {
      const rows = await database
        .updateTable('provisional_access')
        .set((row) => ({ failures: row('failures', '+', 1) }))
        .where(standing(index, membershipId))
        .where('failures', '<', limit)
        .returning(['membership_id', 'hash', 'changed_at', 'temporary_until', 'failures'])
        .execute();
      return rows.flatMap(({ membership_id, hash, failures, ...times }) =>
        hash === null ? [] : [{ membershipId: membership_id, hash, failures, ...standingOf(times) }],
      );
    },
    async release(membershipId: string): Promise<void> {
      await database
        .updateTable('provisional_access')
        .set((row) => ({ failures: row('failures', '-', 1) }))
        .where('membership_id', '=', membershipId)
        .where('failures', '>', 0)
        .execute();
    },
    /** Forgets what was counted and says how much that was at the most. */
    async clear(index: string, membershipId: string | null): Promise<number> {
      const counted = await database
        .selectFrom('provisional_access')
        .select('failures')
        .where(standing(index, membershipId))
        .where('failures', '>', 0)
        .execute();
      if (counted.length === 0) return 0;
      await database
        .updateTable('provisional_access')
        .set({ failures: 0 })
        .where(standing(index, membershipId))
        .execute();
      return Math.max(...counted.map(({ failures }) => failures));
    },
  };
}

function hashesIn(database: Kysely<Schema>) {
  return {
    /** In place of one that ended. */
    async set({ membershipId, organisationId, personId }: Place, hash: string, now: Date): Promise<void> {
      const fresh = {
        hash,
        changed_at: now.getTime(),
        temporary_until: null,
        failures: 0,
        email_sealed: null,
        phone_sealed: null,
        ended_at: null,
        ended_contacts: 0,
      };
      await database
        .insertInto('provisional_access')
        .values({
          membership_id: membershipId,
          organisation_id: organisationId,
          person_id: personId,
          ...fresh,
        })
        .onConflict((conflict) => conflict.column('membership_id').doUpdateSet(fresh))
        .execute();
    },
    /** False where none stands. */
    async setAllOf(personId: string, hash: string, now: Date, temporaryUntil: Date | null): Promise<boolean> {
      const { numUpdatedRows } = await database
        .updateTable('provisional_access')
        .set({
          hash,
          changed_at: now.getTime(),
          temporary_until: temporaryUntil?.getTime() ?? null,
          failures: 0,
        })
        .where('person_id', '=', personId)
        .where('hash', 'is not', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** False when another has been set since, or none stands. */
    async replace(membershipId: string, hash: string, now: Date, since: Date): Promise<boolean> {
      const { numUpdatedRows } = await database
        .updateTable('provisional_access')
        .set({ hash, changed_at: now.getTime(), temporary_until: null })
        .where('membership_id', '=', membershipId)
        .where('changed_at', '=', since.getTime())
        .where('hash', 'is not', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async standing(membershipId: string): Promise<StoredPassword | null> {
      const row = await database
        .selectFrom('provisional_access')
        .select(['hash', 'changed_at', 'temporary_until'])
        .where('membership_id', '=', membershipId)
        .executeTakeFirst();
      return row?.hash == null ? null : { hash: row.hash, ...standingOf(row) };
    },
    async hashesBeside(index: string, membershipId: string | null): Promise<readonly string[]> {
      const rows = await database
        .selectFrom('provisional_access')
        .select('hash')
        .where(standing(index, null))
        .where('membership_id', '<>', membershipId ?? '')
        .execute();
      return rows.flatMap(({ hash }) => hash ?? []);
    },
  };
}

/** What stands of the person of an index, at one membership or at all of them. */
function standing(index: string, membershipId: string | null) {
  return (row: ExpressionBuilder<Schema, 'provisional_access'>) => {
    const person = row.selectFrom('people').select('people.id').where('people.iin_index', '=', index);
    const theirs = row('person_id', '=', person).and('hash', 'is not', null);
    return membershipId === null ? theirs : theirs.and('membership_id', '=', membershipId);
  };
}

/** The times of a stored password. */
export function standingOf(row: {
  readonly changed_at: number;
  readonly temporary_until: number | null;
}): Pick<StoredPassword, 'changedAt' | 'temporaryUntil'> {
  const { changed_at, temporary_until } = row;
  return {
    changedAt: new Date(changed_at),
    temporaryUntil: temporary_until === null ? null : new Date(temporary_until),
  };
}
