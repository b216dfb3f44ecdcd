import { type Insertable, type Kysely } from 'kysely';
import { AccountError } from '../accounts/account.js';
import { type PasswordStore } from '../accounts/password.js';
import { type FieldCipher } from './field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

const removeAttempts = prepared((database, asked: { index: string }) =>
  database.deleteFrom('password_attempts').where('iin_index', '=', asked.index).returning('failures'),
);

/** Password hashes and attempts in the database. */
export function createSqlPasswords(database: Kysely<Schema>, cipher: FieldCipher): PasswordStore {
  /** Adds the present password to the latest ones and lets go of what nobody will compare with. */
  const remember = async (row: Insertable<Schema['password_history']>, count: number): Promise<void> => {
    await database.insertInto('password_history').values(row).execute();
    await database
      .deleteFrom('password_history')
      .where('person_id', '=', row.person_id)
      .where('hash', 'not in', (history) =>
        history
          .selectFrom('password_history')
          .select('hash')
          .where('person_id', '=', row.person_id)
          .orderBy('changed_at', 'desc')
          .limit(count),
      )
      .execute();
  };

  return {
    async reserveAttempt(iin, limit, now) {
      const index = cipher.blindIndex('iin', iin);
      const attempt = await database
        .insertInto('password_attempts')
        .values({ iin_index: index, failures: 1, last_at: now.getTime() })
        .onConflict((conflict) =>
          conflict
            .column('iin_index')
            .doUpdateSet((row) => ({
              failures: row('password_attempts.failures', '+', 1),
              last_at: now.getTime(),
            }))
            .where('password_attempts.failures', '<', limit),
        )
        .returning('failures')
        .executeTakeFirst();
      const stored = await database
        .selectFrom('people')
        .leftJoin('passwords', 'passwords.person_id', 'people.id')
        .select(['people.id', 'passwords.hash', 'passwords.changed_at', 'passwords.confined_to'])
        .where('people.iin_index', '=', index)
        .executeTakeFirst();
      return {
        reserved: attempt !== undefined,
        failures: attempt?.failures ?? limit,
        personId: stored?.id ?? null,
        hash: stored?.hash ?? null,
        changedAt: stored?.changed_at == null ? null : new Date(stored.changed_at),
        confinedTo: stored?.confined_to ?? null,
      };
    },
    async releaseAttempt(iin) {
      await database
        .updateTable('password_attempts')
        .set((row) => ({ failures: row('failures', '-', 1) }))
        .where('iin_index', '=', cipher.blindIndex('iin', iin))
        .where('failures', '>', 0)
        .execute();
    },
    async attempts(iin) {
      const standing = await database
        .selectFrom('password_attempts')
        .select('failures')
        .where('iin_index', '=', cipher.blindIndex('iin', iin))
        .executeTakeFirst();
      return standing?.failures ?? 0;
    },
    async clearAttempts(iin) {
      const { rows } = await removeAttempts(database, { index: cipher.blindIndex('iin', iin) });
      return rows[0]?.failures ?? 0;
    },
    async setHash(iin, hash, now, remembered, over) {
      const person = await database
        .selectFrom('people')
        .select('id')
        .where('iin_index', '=', cipher.blindIndex('iin', iin))
        .executeTakeFirst();
      if (person === undefined) throw new AccountError('PERSON_UNKNOWN', 'there is no such person');
      const row = { person_id: person.id, hash, changed_at: now.getTime() };
      if ('reach' in over) {
        const { hash: present, changed_at } = row;
        const confined_to = typeof over.reach === 'object' ? over.reach.organisationId : null;
        const kept = over.reach === 'as-before' ? {} : { confined_to };
        await database
          .insertInto('passwords')
          .values({ ...row, confined_to })
          .onConflict((conflict) =>
            conflict.column('person_id').doUpdateSet({ hash: present, changed_at, ...kept }),
          )
          .execute();
      } else {
        const { numUpdatedRows } = await database
          .updateTable('passwords')
          .set({ hash, changed_at: row.changed_at })
          .where('person_id', '=', person.id)
          .where('changed_at', '=', over.since.getTime())
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
      }
      await remember(row, remembered);
      return true;
    },
    async replaceHash(personId, oldHash, newHash) {
      for (const table of ['passwords', 'password_history'] as const) {
        await database
          .updateTable(table)
          .set({ hash: newHash })
          .where('person_id', '=', personId)
          .where('hash', '=', oldHash)
          .execute();
      }
    },
    async standing(personId) {
      const stored = await database
        .selectFrom('passwords')
        .select(['changed_at', 'confined_to'])
        .where('person_id', '=', personId)
        .executeTakeFirst();
      return stored === undefined
        ? null
        : { changedAt: new Date(stored.changed_at), confinedTo: stored.confined_to };
    },
    async latestHashes(iin, count) {
      const rows = await database
        .selectFrom('password_history')
        .innerJoin('people', 'people.id', 'password_history.person_id')
        .select('password_history.hash')
        .where('people.iin_index', '=', cipher.blindIndex('iin', iin))
        .orderBy('password_history.changed_at', 'desc')
        .limit(count)
        .execute();
      return rows.map(({ hash }) => hash);
    },
  };
}
