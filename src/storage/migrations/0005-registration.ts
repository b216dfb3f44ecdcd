import { type Migration } from './migration.js';

/** Challenges are about something; acceptances of the terms with their evidence; what people say of how to reach them. */
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
      documents text not null,
      signed_text text not null,
      signature_sealed text not null,
      certificate_sha256 text not null,
      accepted_at bigint not null,
      unique (person_id, version)
    )`,
    `create table contacts (
      person_id text primary key references people (id),
      email_sealed text,
      phone_sealed text,
      changed_at bigint not null
    )`,
  ],
};
