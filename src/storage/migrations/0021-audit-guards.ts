import { type Migration } from './migration.js';

/** Columns of a record that are never changed. */
const FIXED = [
  ...[
    'sequence',
    'at',
    'type',
    'actor_kind',
    'actor_id',
    'subject_kind',
    'subject_id',
    'organisation_id',
    'reason',
  ],
  ...[
    'request_id',
    'address',
    'details',
    'previous_hash',
    'hash',
    'origin_sealed',
    'origin_digest',
    'origin_of',
  ],
];

const differing = (operator: string): string =>
  FIXED.map((column) => `new.${column} ${operator} old.${column}`).join(' or ');

const CHANGED = 'audit records are never changed';
const DELETED = 'audit records that are not deleted as old are never deleted';
const PUT_BACK = 'deleted audit records are never put back, and none is written as sealed: never';
const BEGINNING = 'the beginning of the audit log never moves but to a sealed record';
const TILE = 'a tile of the audit log is never changed but filled';
const SHRINKS = 'the tree of the audit log never shrinks';
const KEY = 'a key of the audit log is never changed';

/**
 * A record is changed once, when it is given its leaf; tiles are filled and never emptied; the tree never shrinks. Whoever may change the
 * tables may drop this: it is against mistakes, and the tree is against the rest.
 */
export const AUDIT_GUARDS: Migration = {
  version: 21,
  name: 'audit-guards',
  statements: [
    {
      sqlite: [
        `drop trigger audit_records_keep`,
        `drop trigger audit_records_stay`,
        `drop trigger audit_records_gone`,
        `create trigger audit_records_keep before update on audit_records
          when old.leaf_index is not null or new.leaf_index is null or ${differing('is not')}
          begin select raise(abort, '${CHANGED}'); end`,
        `create trigger audit_records_stay before delete on audit_records
          when old.leaf_index is null or old.leaf_index >= (select leaves from audit_beginning where id = 1)
          begin select raise(abort, '${DELETED}'); end`,
        `create trigger audit_records_gone before insert on audit_records
          when new.leaf_index is not null or new.sequence <= (select sequence from audit_beginning where id = 1)
          begin select raise(abort, '${PUT_BACK}'); end`,
        `create trigger audit_beginning_moves before update on audit_beginning
          when new.leaves <= old.leaves or new.leaves >= (select size from audit_tree where id = 1)
            or not exists (
              select 1 from audit_records
                where leaf_index = new.leaves - 1 and sequence = new.sequence and hash = new.hash
            )
          begin select raise(abort, '${BEGINNING}'); end`,
        ...['audit_chain', 'audit_tree', 'audit_tiles', 'audit_keys'].map(
          (table) => `create trigger ${table}_stays before delete on ${table}
          begin select raise(abort, 'what proves the audit log is never deleted'); end`,
        ),
        `create trigger audit_chain_keeps before update on audit_chain
          begin select raise(abort, 'the end of the audit chain is never changed'); end`,
        `create trigger audit_tiles_fill before update on audit_tiles
          when new.level <> old.level or new.tile_index <> old.tile_index or new.width <= old.width
            or substr(new.hashes, 1, old.width * 32) <> old.hashes
          begin select raise(abort, '${TILE}'); end`,
        `create trigger audit_tree_grows before update on audit_tree when new.size < old.size or old.origin <> new.origin
          begin select raise(abort, '${SHRINKS}'); end`,
        `create trigger audit_keys_keep before update on audit_keys
          when new.id <> old.id or new.name <> old.name or new.public_key <> old.public_key
          begin select raise(abort, '${KEY}'); end`,
      ],
      postgres: [
        `create or replace function audit_refuses() returns trigger language plpgsql as $$
          begin raise exception '%', tg_argv[0]; end $$`,
        `drop trigger audit_records_keep on audit_records`,
        `create trigger audit_records_keep before update on audit_records for each row
          when (old.leaf_index is not null or new.leaf_index is null or ${differing('is distinct from')})
          execute function audit_refuses('${CHANGED}')`,
        `create or replace function audit_record_stays() returns trigger language plpgsql as $$
          begin
            if old.leaf_index is null or old.leaf_index >= (select leaves from audit_beginning where id = 1) then
              raise exception '${DELETED}';
            end if;
            return old;
          end $$`,
        `create or replace function audit_record_gone() returns trigger language plpgsql as $$
          begin
            if new.leaf_index is not null or new.sequence <= (select sequence from audit_beginning where id = 1) then
              raise exception '${PUT_BACK}';
            end if;
            return new;
          end $$`,
        `create or replace function audit_beginning_moves() returns trigger language plpgsql as $$
          begin
            if new.leaves <= old.leaves or new.leaves >= (select size from audit_tree where id = 1)
              or not exists (
                select 1 from audit_records
                  where leaf_index = new.leaves - 1 and sequence = new.sequence and hash = new.hash
              )
            then
              raise exception '${BEGINNING}';
            end if;
            return new;
          end $$`,
        `create trigger audit_beginning_moves before update on audit_beginning
          for each row execute function audit_beginning_moves()`,
        ...['audit_chain', 'audit_tree', 'audit_tiles', 'audit_keys'].map(
          (table) => `create trigger ${table}_stays before delete or truncate on ${table}
          for each statement execute function audit_refuses('what proves the audit log is never deleted')`,
        ),
        `create trigger audit_chain_keeps before update on audit_chain
          for each statement execute function audit_refuses('the end of the audit chain is never changed')`,
        `create trigger audit_tiles_fill before update on audit_tiles for each row
          when (new.level <> old.level or new.tile_index <> old.tile_index or new.width <= old.width
            or substr(new.hashes, 1, old.width * 32) <> old.hashes)
          execute function audit_refuses('${TILE}')`,
        `create trigger audit_tree_grows before update on audit_tree for each row
          when (new.size < old.size or old.origin <> new.origin) execute function audit_refuses('${SHRINKS}')`,
        `create trigger audit_keys_keep before update on audit_keys for each row
          when (new.id <> old.id or new.name <> old.name or new.public_key <> old.public_key)
          execute function audit_refuses('${KEY}')`,
      ],
    },
  ],
};
