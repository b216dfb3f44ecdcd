import { type DeleteQueryBuilder, type DeleteResult, type Kysely } from 'kysely';
import { type Schema } from '../tables/schema.js';

/** How long attempts on an IIN nobody has are remembered, counted from the last one. */
const UNKNOWN_ATTEMPTS_MEMORY_MS = 90 * 24 * 60 * 60_000;

/** Far longer than a live session goes unchecked. */
const CHECK_MEMORY_MS = 24 * 60 * 60_000;

/** Rows that go at once: after a rush nobody's sign-in waits for all of it. */
const SLICE = 500;

/**
 * Deletes what nobody can use any more. Every table it touches grows with use; the rest is kept on purpose.
 *
 * @param ending when it is aborted no further slice is begun
 */
export async function sweep(database: Kysely<Schema>, now: Date, ending?: AbortSignal): Promise<void> {
  const time = now.getTime();
  const slices = [
    database
      .deleteFrom('challenges')
      .where('id', 'in', (old) =>
        old
          .selectFrom('challenges')
          .select('id')
          .where('expires_at', '<', time)
          .orderBy('expires_at')
          .limit(SLICE),
      ),
    database
      .deleteFrom('sessions')
      .where('token_hash', 'in', (old) =>
        old
          .selectFrom('sessions')
          .select('token_hash')
          .where('idle_expires_at', '<', time)
          .orderBy('idle_expires_at')
          .limit(SLICE),
      ),
    database.deleteFrom('revocation_checks').where('certificate_sha256', 'in', (old) =>
      old
        .selectFrom('revocation_checks')
        .select('certificate_sha256')
        .where('checked_at', '<', time - CHECK_MEMORY_MS)
        .where('claimed_until', '<', time - CHECK_MEMORY_MS)
        .orderBy('checked_at')
        .limit(SLICE),
    ),
    // Attempts on somebody's IIN stay until that person signs in: forgetting them would lift the block.
    database.deleteFrom('password_attempts').where('iin_index', 'in', (old) =>
      old
        .selectFrom('password_attempts')
        .select('iin_index')
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
        .orderBy('last_at')
        .limit(SLICE),
    ),
  ];
  for (const slice of slices) await repeatWhileFull(slice, ending);
}

/** Each slice is a unit of work of its own. */
async function repeatWhileFull<Table extends keyof Schema>(
  slice: DeleteQueryBuilder<Schema, Table, DeleteResult>,
  ending: AbortSignal | undefined,
): Promise<void> {
  while (ending?.aborted !== true) {
    const { numDeletedRows } = await slice.executeTakeFirstOrThrow();
    if (numDeletedRows < BigInt(SLICE)) return;
  }
}
