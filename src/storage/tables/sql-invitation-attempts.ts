import { type Kysely } from 'kysely';
import { type InvitationAttempts } from '../../accounts/invitation-attempts.js';
import { type Schema } from './schema.js';

export function createSqlInvitationAttempts(database: Kysely<Schema>): InvitationAttempts {
  return {
    async count(invitationId, now) {
      const { failures } = await database
        .insertInto('invitation_attempts')
        .values({ invitation_id: invitationId, failures: 1, last_at: now.getTime() })
        .onConflict((conflict) =>
          conflict.column('invitation_id').doUpdateSet((row) => ({
            failures: row('invitation_attempts.failures', '+', 1),
            last_at: now.getTime(),
          })),
        )
        .returning('failures')
        .executeTakeFirstOrThrow();
      return failures;
    },
    async release(invitationId) {
      await database
        .updateTable('invitation_attempts')
        .set((row) => ({ failures: row('failures', '-', 1) }))
        .where('invitation_id', '=', invitationId)
        .execute();
    },
  };
}
