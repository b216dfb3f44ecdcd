import { type Migration } from './migration.js';

/** What somebody did and what was done to them is found without reading the log of everybody. */
export const AUDIT_PARTIES: Migration = {
  version: 6,
  name: 'audit-parties',
  statements: [
    `create index audit_records_by_actor on audit_records (actor_id, sequence)`,
    `create index audit_records_by_subject on audit_records (subject_id, sequence)`,
  ],
};
