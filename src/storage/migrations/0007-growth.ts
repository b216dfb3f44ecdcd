import { type Migration } from './migration.js';

/** What lists and sweeps go by, so that neither reads a table that grows from end to end. */
export const GROWTH: Migration = {
  version: 7,
  name: 'growth',
  statements: [
    `create index organisations_by_time on organisations (created_at, id)`,
    `create index password_attempts_by_time on password_attempts (last_at)`,
  ],
};
