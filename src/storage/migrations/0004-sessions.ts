import { type Migration } from './migration.js';

export const SESSIONS: Migration = {
  version: 4,
  name: 'sessions',
  statements: [
    `alter table sessions add column authenticated_at bigint not null default 0`,
    `alter table sessions add column idle_ms bigint not null default 0`,
    `alter table sessions add column obligations text not null default '[]'`,
    `alter table sessions add column step_up_operation text`,
    `alter table sessions add column step_up_until bigint`,
    `update sessions set authenticated_at = created_at, idle_ms = idle_expires_at - last_seen_at`,
    `create index sessions_by_certificate on sessions (certificate_sha256)`,
    // Shared by the instances, so that a certificate is asked about once and not by each of them.
    `create table revocation_checks (
      certificate_sha256 text primary key,
      claimed_until bigint not null,
      checked_at bigint not null
    )`,
    `create index revocation_checks_by_time on revocation_checks (checked_at)`,
  ],
};
