import { type Migration } from './migration.js';

/**
 * The log becomes a tree: what a record is given when it is sealed, and the tree itself. Records from before are not touched here: they
 * are not sealed yet, and the sealer takes them first, a batch at a time. No table is rewritten, however long the log is.
 *
 * A program from before finds no `audit_head` any more and records nothing: it must not write beside the tree.
 */
export const AUDIT_TREE: Migration = {
  version: 20,
  name: 'audit-tree',
  statements: [
    `alter table audit_records add column origin_sealed text`,
    `alter table audit_records add column origin_digest text`,
    `alter table audit_records add column origin_of text`,
    `alter table audit_records add column leaf_index bigint`,
    `create index audit_records_unsealed on audit_records (sequence) where leaf_index is null`,
    `create unique index audit_records_by_leaf on audit_records (leaf_index) where leaf_index is not null`,
    `create table audit_chain (
      id integer primary key check (id = 1),
      sequence bigint not null,
      hash text not null
    )`,
    `insert into audit_chain (id, sequence, hash) select id, sequence, hash from audit_head where sequence > 0`,
    {
      sqlite: [`drop trigger audit_beginning_moves`, `drop table audit_head`],
      postgres: [`drop trigger audit_beginning_moves on audit_beginning`, `drop table audit_head`],
    },
    `alter table audit_beginning add column leaves bigint not null default 0`,
    `create table audit_tree (
      id integer primary key check (id = 1),
      origin text,
      size bigint not null,
      checkpoint text,
      sealed_at bigint
    )`,
    `insert into audit_tree (id, origin, size, checkpoint, sealed_at) values (1, null, 0, null, null)`,
    {
      sqlite: [
        `create table audit_tiles (
          level integer not null,
          tile_index bigint not null,
          width integer not null,
          hashes blob not null,
          primary key (level, tile_index)
        )`,
      ],
      postgres: [
        `create table audit_tiles (
          level integer not null,
          tile_index bigint not null,
          width integer not null,
          hashes bytea not null,
          primary key (level, tile_index)
        )`,
      ],
    },
    `create table audit_keys (
      id text primary key,
      name text not null,
      public_key text not null,
      key_sealed text not null,
      made_at bigint not null,
      signs_until bigint,
      retired_at bigint
    )`,
    // Written in the place of a record that is not kept; so many that writers do not meet.
    `create table audit_touches (slot integer primary key, at bigint not null)`,
    `insert into audit_touches (slot, at)
      with recursive slots (slot) as (select 0 union all select slot + 1 from slots where slot < 63) select slot, 0 from slots`,
    {
      sqlite: [],
      // Numbers are taken without waiting for anyone. While a transaction has some that are not committed, a lock it shares with
      // all others tells below which number everything is settled: nobody ever takes it alone.
      postgres: [
        `create sequence audit_record_ids owned by audit_records.sequence`,
        `select setval('audit_record_ids', greatest(coalesce((select max(sequence) from audit_records), 0), 1),
          exists (select 1 from audit_records))`,
        `create function audit_record_id() returns bigint language plpgsql as $$
          begin
            if coalesce(current_setting('qaqpa.numbering', true), '') = '' then
              perform pg_advisory_xact_lock_shared((29025::bigint << 48) | (select last_value from audit_record_ids));
              perform set_config('qaqpa.numbering', 'on', true);
            end if;
            return nextval('audit_record_ids');
          end $$`,
        `alter table audit_records alter column sequence set default audit_record_id()`,
      ],
    },
  ],
};
