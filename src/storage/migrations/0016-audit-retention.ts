import { GENESIS_HASH } from '../../audit/chain.js';
import { type Migration } from './migration.js';

/** The log has a beginning that moves: records up to it may be deleted, and nothing else. */
export const AUDIT_RETENTION: Migration = {
  version: 16,
  name: 'audit-retention',
  statements: [
    `create table audit_beginning (
        id integer primary key check (id = 1),
        sequence bigint not null,
        hash text not null
      )`,
    `insert into audit_beginning (id, sequence, hash) values (1, 0, '${GENESIS_HASH}')`,
    {
      sqlite: [
        `drop trigger audit_records_stay`,
        `create trigger audit_records_stay before delete on audit_records
            when old.sequence > (select sequence from audit_beginning where id = 1)
            begin select raise(abort, 'audit records behind the beginning are never deleted'); end`,
        `create trigger audit_records_gone before insert on audit_records
            when new.sequence <= (select sequence from audit_beginning where id = 1)
            begin select raise(abort, 'deleted audit records are never put back'); end`,
        `create trigger audit_beginning_moves before update on audit_beginning
            when new.sequence <= old.sequence
              or new.sequence >= (select sequence from audit_head where id = 1)
              or not exists (select 1 from audit_records where sequence = new.sequence and hash = new.hash)
            begin select raise(abort, 'the beginning of the audit chain never moves but to a record'); end`,
        `create trigger audit_beginning_stays before delete on audit_beginning
            begin select raise(abort, 'the beginning of the audit chain is never deleted'); end`,
      ],
      postgres: [
        `drop trigger audit_records_stay on audit_records`,
        `create function audit_record_stays() returns trigger language plpgsql as $$
            begin
              if old.sequence > (select sequence from audit_beginning where id = 1) then
                raise exception 'audit records behind the beginning are never deleted';
              end if;
              return old;
            end $$`,
        `create trigger audit_records_stay before delete on audit_records
            for each row execute function audit_record_stays()`,
        `create trigger audit_records_whole before truncate on audit_records
            for each statement execute function audit_refuses('audit records are never deleted')`,
        `create function audit_record_gone() returns trigger language plpgsql as $$
            begin
              if new.sequence <= (select sequence from audit_beginning where id = 1) then
                raise exception 'deleted audit records are never put back';
              end if;
              return new;
            end $$`,
        `create trigger audit_records_gone before insert on audit_records
            for each row execute function audit_record_gone()`,
        `create function audit_beginning_moves() returns trigger language plpgsql as $$
            begin
              if new.sequence <= old.sequence
                or new.sequence >= (select sequence from audit_head where id = 1)
                or not exists (select 1 from audit_records where sequence = new.sequence and hash = new.hash)
              then
                raise exception 'the beginning of the audit chain never moves but to a record';
              end if;
              return new;
            end $$`,
        `create trigger audit_beginning_moves before update on audit_beginning
            for each row execute function audit_beginning_moves()`,
        `create trigger audit_beginning_stays before delete or truncate on audit_beginning
            for each statement execute function audit_refuses('the beginning of the audit chain is never deleted')`,
      ],
    },
  ],
};
