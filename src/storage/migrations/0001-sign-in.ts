import { GENESIS_HASH } from '../../audit/chain.js';
import { type Migration } from './migration.js';

export const SIGN_IN: Migration = {
  version: 1,
  name: 'sign-in',
  statements: [
    `create table master_keys (
        key_id text primary key,
        created_at bigint not null
      )`,
    `create table organisations (
        id text primary key,
        name text not null,
        bin text not null unique,
        status text not null check (status in ('active', 'suspended')),
        settings text not null,
        created_at bigint not null
      )`,
    `create table organisation_bins (
        bin text primary key,
        organisation_id text not null references organisations (id)
      )`,
    `create index organisation_bins_by_organisation on organisation_bins (organisation_id)`,
    `create table subject_keys (
        subject_id text primary key,
        master_key_id text not null references master_keys (key_id),
        wrapped_key text not null
      )`,
    `create table people (
        id text primary key,
        iin_index text not null unique,
        iin_sealed text not null,
        name_sealed text not null,
        status text not null check (status in ('active', 'suspended')),
        created_at bigint not null
      )`,
    `create table memberships (
        id text primary key,
        organisation_id text not null references organisations (id),
        person_id text not null references people (id),
        roles text not null,
        status text not null check (status in ('active', 'suspended', 'removed')),
        since bigint not null,
        until bigint,
        unique (person_id, organisation_id)
      )`,
    `create index memberships_by_organisation on memberships (organisation_id)`,
    `create table certificate_bindings (
        membership_id text not null references memberships (id),
        certificate_sha256 text not null,
        serial_number text not null,
        not_after bigint not null,
        first_seen_at bigint not null,
        last_seen_at bigint not null,
        primary key (membership_id, certificate_sha256)
      )`,
    `create table passwords (
        person_id text primary key references people (id),
        hash text not null,
        changed_at bigint not null
      )`,
    // Keyed by the blind index and not by a person: an IIN nobody has leaves the same trace as one somebody has.
    `create table password_attempts (
        iin_index text primary key,
        failures integer not null,
        last_at bigint not null
      )`,
    `create table challenges (
        id text primary key,
        purpose text not null,
        origin text not null,
        text text not null,
        browser_hash text not null,
        issued_at bigint not null,
        expires_at bigint not null,
        used_at bigint
      )`,
    `create index challenges_by_expiry on challenges (expires_at)`,
    `create table sessions (
        token_hash text primary key,
        id text not null unique,
        person_id text not null,
        organisation_id text not null,
        membership_id text not null,
        method text not null,
        acr text not null,
        certificate_sha256 text,
        created_at bigint not null,
        last_seen_at bigint not null,
        idle_expires_at bigint not null,
        expires_at bigint not null,
        device text,
        address text
      )`,
    `create index sessions_by_person on sessions (person_id)`,
    `create index sessions_by_membership on sessions (membership_id)`,
    `create index sessions_by_organisation on sessions (organisation_id)`,
    `create index sessions_by_expiry on sessions (idle_expires_at)`,
    `create table api_clients (
        id text primary key,
        name text not null,
        secret_hash text not null,
        status text not null check (status in ('active', 'revoked')),
        created_at bigint not null,
        revoked_at bigint
      )`,
    `create table audit_head (
        id integer primary key check (id = 1),
        sequence bigint not null,
        hash text not null
      )`,
    `insert into audit_head (id, sequence, hash) values (1, 0, '${GENESIS_HASH}')`,
    `create table audit_records (
        sequence bigint primary key,
        at bigint not null,
        type text not null,
        actor_kind text not null,
        actor_id text,
        subject_kind text,
        subject_id text,
        organisation_id text,
        reason text,
        request_id text,
        address text,
        details text not null,
        previous_hash text not null,
        hash text not null
      )`,
    `create index audit_records_by_organisation on audit_records (organisation_id, sequence)`,
    {
      sqlite: [
        `create trigger audit_records_keep before update on audit_records
            begin select raise(abort, 'audit records are never changed'); end`,
        `create trigger audit_records_stay before delete on audit_records
            begin select raise(abort, 'audit records are never deleted'); end`,
        // "insert or replace" deletes without asking the trigger above.
        `create trigger audit_records_once before insert on audit_records
            when exists (select 1 from audit_records where sequence = new.sequence)
            begin select raise(abort, 'audit records are never replaced'); end`,
        `create trigger audit_head_stays before delete on audit_head
            begin select raise(abort, 'the end of the audit chain is never deleted'); end`,
      ],
      // Per statement: TRUNCATE has no rows, and an UPDATE that would touch none is a mistake all the same.
      postgres: [
        `create function audit_refuses() returns trigger language plpgsql as $$
            begin raise exception '%', tg_argv[0]; end $$`,
        `create trigger audit_records_keep before update on audit_records
            for each statement execute function audit_refuses('audit records are never changed')`,
        `create trigger audit_records_stay before delete or truncate on audit_records
            for each statement execute function audit_refuses('audit records are never deleted')`,
        `create trigger audit_head_stays before delete or truncate on audit_head
            for each statement execute function audit_refuses('the end of the audit chain is never deleted')`,
      ],
    },
  ],
};
