import { type Migration } from './migration.js';

/** One row that is written again and again, and only to see that writing works. */
export const HEALTH_PROBE: Migration = {
  version: 14,
  name: 'health-probe',
  statements: [`create table health_probe (id integer primary key check (id = 1), at bigint not null)`],
};
