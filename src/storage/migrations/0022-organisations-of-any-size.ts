import { type Migration } from './migration.js';

/** Lists of one organisation that its size made dearer, and claims of a number that two may ask for at once. */
export const ORGANISATIONS_OF_ANY_SIZE: Migration = {
  version: 22,
  name: 'organisations-of-any-size',
  statements: [
    `create index certificate_bindings_by_status
      on certificate_bindings (organisation_id, status, first_seen_at, certificate_sha256)`,
    `create index certificate_bindings_of_member
      on certificate_bindings (organisation_id, membership_id, first_seen_at, certificate_sha256)`,
    `create index certificate_bindings_undecided
      on certificate_bindings (organisation_id, first_seen_at, certificate_sha256) where decided_at is null`,
    // In the very words of `holds` in sql-members.ts, or no database finds it.
    `create index memberships_of_managers on memberships (organisation_id, created_at, id)
      where roles like '%"manager"%'`,
    `create index memberships_of_managers_by_status on memberships (organisation_id, status, created_at, id)
      where roles like '%"manager"%'`,
    `create index invitations_open on invitations (organisation_id, created_at, id)
      where taken_at is null and revoked_at is null`,
    `create unique index bin_claims_open on bin_claims (organisation_id, bin) where status = 'open'`,
  ],
};
