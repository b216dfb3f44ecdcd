import { type Migration } from './migration.js';

/** Which instance does what is done once in the cluster; a row for each job there is. */
export const JOB_CLAIMS: Migration = {
  version: 23,
  name: 'job-claims',
  statements: [
    `create table job_claims (
      job text primary key,
      holder text not null,
      claimed_until bigint not null
    )`,
  ],
};
