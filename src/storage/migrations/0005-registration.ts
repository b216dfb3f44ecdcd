import { type Migration } from './migration.js';

/** Challenges are about something; acceptances of the terms with their evidence. */
export const REGISTRATION: Migration = {
  version: 5,
  name: 'registration',
  statements: [
    // The operation, or the version of the terms.
    `alter table challenges add column subject_id text`,
    `create table terms_acceptances (
      id text primary key,
      person_id text not null references people (id),
      version text not null,
      language text not null,
      signed_text text not null,
      signature_sealed text not null,
      certificate_sha256 text not null,
      accepted_at bigint not null
    )`,
    `create table invitation_attempts (
      invitation_id text primary key,
      failures integer not null,
      last_at bigint not null
    )`,
    `create index terms_acceptances_by_person on terms_acceptances (person_id, version)`,
  ],
};
