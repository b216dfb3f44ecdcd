import { type Migration } from './migration.js';

/** A number somebody else registered can be asked for, and an organisation merged into the one it belongs to. */
export const BIN_CLAIMS: Migration = {
  version: 13,
  name: 'bin-claims',
  statements: [
    `alter table organisations add column merged_into text references organisations (id)`,
    `create table bin_claims (
      id text primary key,
      organisation_id text not null references organisations (id),
      bin text not null,
      evidence text not null references step_up_signatures (id),
      status text not null check (status in ('open', 'granted', 'refused')),
      made_at bigint not null,
      made_by_kind text not null,
      made_by_id text,
      decided_at bigint,
      decided_by_kind text,
      decided_by_id text
    )`,
    `create index bin_claims_by_organisation on bin_claims (organisation_id, made_at, id)`,
    `create index bin_claims_by_evidence on bin_claims (evidence)`,
    `create index bin_claims_by_time on bin_claims (made_at, id)`,
  ],
};
