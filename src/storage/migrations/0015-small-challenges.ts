import { type Migration } from './migration.js';

/** What is kept of a challenge is what its text cannot be written again without. Those under way, of five minutes, are asked for again. */
export const SMALL_CHALLENGES: Migration = {
  version: 15,
  name: 'small-challenges',
  statements: [
    `drop table challenges`,
    `create table challenges (
        id text primary key,
        purpose text not null,
        subject_id text,
        operation_sealed text,
        nonce text not null,
        text_hash text not null,
        browser_hash text not null,
        holder text not null,
        issued_at bigint not null,
        expires_at bigint not null,
        used_at bigint
      )`,
    `create index challenges_by_expiry on challenges (expires_at)`,
    // Those of one holder that are not over are counted whenever they ask for one more.
    `create index challenges_by_holder on challenges (holder, expires_at)`,
    // Whose certificate was refused at the door.
    `create index certificate_bindings_by_certificate on certificate_bindings (certificate_sha256)`,
  ],
};
