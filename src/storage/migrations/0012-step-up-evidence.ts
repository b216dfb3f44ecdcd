import { type Migration } from './migration.js';

/** A step-up is for one request, and its signature is kept. */
export const STEP_UP_EVIDENCE: Migration = {
  version: 12,
  name: 'step-up-evidence',
  statements: [
    `alter table sessions add column step_up_digest text`,
    `alter table sessions add column step_up_evidence text`,
    `create table step_up_signatures (
      id text primary key,
      person_id text not null references people (id),
      membership_id text not null references memberships (id),
      organisation_id text not null references organisations (id),
      operation text not null,
      digest text not null,
      text_sealed text not null,
      signature_sealed text not null,
      certificate_sha256 text not null,
      signed_at bigint not null,
      used_at bigint
    )`,
    // What refers to them is looked through whenever one of them is written.
    `create index step_up_signatures_by_membership on step_up_signatures (membership_id)`,
    `create index step_up_signatures_by_organisation on step_up_signatures (organisation_id)`,
    `create index step_up_signatures_by_person on step_up_signatures (person_id, signed_at)`,
  ],
};
