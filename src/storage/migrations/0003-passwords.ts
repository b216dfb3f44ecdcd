import { type Migration } from './migration.js';

export const PASSWORDS: Migration = {
  version: 3,
  name: 'passwords',
  statements: [
    // The present password is among them, so that counting "the last ten" is counting rows.
    `create table password_history (
        person_id text not null references people (id),
        hash text not null,
        changed_at bigint not null,
        primary key (person_id, hash)
      )`,
    `insert into password_history (person_id, hash, changed_at) select person_id, hash, changed_at from passwords`,
  ],
};
