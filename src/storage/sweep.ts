import { type Kysely } from 'kysely';
import { CHALLENGE_MEMORY_MS } from '../challenge/store.js';
import { type Schema } from './schema.js';
import { inTransaction } from './transaction.js';

/** How long attempts on an IIN nobody has are remembered, counted from the last one. */
const UNKNOWN_ATTEMPTS_MEMORY_MS = 90 * 24 * 60 * 60_000;

/** Far longer than a live session goes unchecked. */
const CHECK_MEMORY_MS = 24 * 60 * 60_000;

/** Deletes what nobody can use any more. Every table it touches grows with use; the rest is kept on purpose. */
export async function sweep(database: Kysely<Schema>, now: Date): Promise<void> {
  const time = now.getTime();
  await inTransaction(database, async (transaction) => {
    await transaction
      .deleteFrom('challenges')
      .where('expires_at', '<', time - CHALLENGE_MEMORY_MS)
      .execute();
    await transaction.deleteFrom('sessions').where('idle_expires_at', '<', time).execute();
    await transaction
      .deleteFrom('revocation_checks')
      .where('checked_at', '<', time - CHECK_MEMORY_MS)
      .where('claimed_until', '<', time - CHECK_MEMORY_MS)
      .execute();
    // Attempts on somebody's IIN stay until that person signs in: forgetting them would lift the block.
    await transaction
      .deleteFrom('password_attempts')
      .where('last_at', '<', time - UNKNOWN_ATTEMPTS_MEMORY_MS)
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('people')
              .select('people.id')
              .whereRef('people.iin_index', '=', 'password_attempts.iin_index'),
          ),
        ),
      )
      .execute();
  });
}
