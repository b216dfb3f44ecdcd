import { type Migration } from './migration.js';

/** The log's indexes block after block: a new record goes where the last ones went, however long the log has grown. */
export const AUDIT_BLOCKS: Migration = {
  version: 9,
  name: 'audit-blocks',
  statements: [
    `drop index audit_records_by_organisation`,
    `drop index audit_records_by_actor`,
    `drop index audit_records_by_subject`,
    `create index audit_records_by_organisation on audit_records ((sequence >> 16), organisation_id, sequence)`,
    `create index audit_records_by_actor on audit_records ((sequence >> 16), actor_id, sequence)`,
    `create index audit_records_by_subject on audit_records ((sequence >> 16), subject_id, sequence)`,
  ],
};
