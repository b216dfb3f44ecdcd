import { type Kysely } from 'kysely';
import { type JobClaims } from '../../jobs/claim.js';
import { type Schema } from './schema.js';

/** Claims on jobs in the database: one statement each, so that of two instances one gets the row. */
export function createSqlJobClaims(database: Kysely<Schema>): JobClaims {
  return {
    async take(job, { holder, now, until, furthest }) {
      const taken = await database
        .insertInto('job_claims')
        .values({ job, holder, claimed_until: until.getTime() })
        .onConflict((conflict) =>
          conflict
            .column('job')
            .doUpdateSet({ holder, claimed_until: until.getTime() })
            .where((row) =>
              row.or([
                row('job_claims.claimed_until', '<=', now.getTime()),
                row('job_claims.claimed_until', '>', furthest.getTime()),
                row('job_claims.holder', '=', holder),
              ]),
            ),
        )
        .returning('job')
        .execute();
      return taken.length > 0;
    },
    async keep(job, { holder, until }) {
      const kept = await database
        .updateTable('job_claims')
        .set({ claimed_until: until.getTime() })
        .where('job', '=', job)
        .where('holder', '=', holder)
        .returning('job')
        .execute();
      return kept.length > 0;
    },
  };
}
