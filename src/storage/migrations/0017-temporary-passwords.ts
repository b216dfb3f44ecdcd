import { type Migration } from './migration.js';

/** Until when a password lets in that an operator set; `null` for one its owner set. */
export const TEMPORARY_PASSWORDS: Migration = {
  version: 17,
  name: 'temporary-passwords',
  statements: [
    `alter table passwords add column temporary_until bigint`,
    `alter table provisional_access add column temporary_until bigint`,
  ],
};
