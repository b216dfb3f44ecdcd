import { type Migration } from './migration.js';

/**
 * What the database is for, where it is not for real: the passwords of a demonstration are published. Databases that earlier versions
 * filled with the demonstration's organisation are marked as well.
 */
export const INSTALLATION: Migration = {
  version: 10,
  name: 'installation',
  statements: [
    `create table installation (
      id integer primary key check (id = 1),
      purpose text not null check (purpose = 'demonstration'),
      since bigint not null
    )`,
    `insert into installation (id, purpose, since)
      select 1, 'demonstration', created_at from organisations
      where bin = '210340900010' and name = 'Адвокатская контора «Демо-Қақпа»'`,
  ],
};
