import { type Migration } from './migration.js';

/**
 * What `storage rotate-key` has reached, and what it has made ready: for each person their key under the new master key and their new
 * index. Nothing of it counts before all of it takes the place of the old in one transaction.
 */
export const KEY_ROTATION: Migration = {
  version: 19,
  name: 'key-rotation',
  statements: [
    `create table key_rotation (
      id integer primary key check (id = 1),
      from_key text not null,
      to_key text not null,
      phase text not null check (phase in ('preparing', 'replacing', 'proving', 'done')),
      since bigint not null
    )`,
    `create table rotated_keys (
      subject_id text primary key references subject_keys (subject_id) on delete cascade,
      wrapped_key text not null,
      iin_index text
    )`,
  ],
};
