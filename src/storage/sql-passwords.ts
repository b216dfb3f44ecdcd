import { type Kysely } from 'kysely';
import { AccountError } from '../accounts/account.js';
import { type PasswordStore } from '../accounts/password.js';
import { type FieldCipher } from './field-cipher.js';
import { type Schema } from './schema.js';

/** Password hashes and attempts in the database. */
export function createSqlPasswords(database: Kysely<Schema>, cipher: FieldCipher): PasswordStore {
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
        .select(['people.id', 'passwords.hash'])
        .where('people.iin_index', '=', index)
        .executeTakeFirst();
      return {
        reserved: attempt !== undefined,
        failures: attempt?.failures ?? limit,
        personId: stored?.id ?? null,
        hash: stored?.hash ?? null,
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
    async clearAttempts(iin) {
      const cleared = await database
        .deleteFrom('password_attempts')
        .where('iin_index', '=', cipher.blindIndex('iin', iin))
        .returning('failures')
        .executeTakeFirst();
      return cleared?.failures ?? 0;
    },
    async setHash(iin, hash, now) {
      const person = await database
        .selectFrom('people')
        .select('id')
        .where('iin_index', '=', cipher.blindIndex('iin', iin))
        .executeTakeFirst();
      if (person === undefined) throw new AccountError('PERSON_UNKNOWN', 'there is no such person');
      await database
        .insertInto('passwords')
        .values({ person_id: person.id, hash, changed_at: now.getTime() })
        .onConflict((conflict) =>
          conflict.column('person_id').doUpdateSet({ hash, changed_at: now.getTime() }),
        )
        .execute();
    },
    async replaceHash(personId, oldHash, newHash) {
      await database
        .updateTable('passwords')
        .set({ hash: newHash })
        .where('person_id', '=', personId)
        .where('hash', '=', oldHash)
        .execute();
    },
  };
}
