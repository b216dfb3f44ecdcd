import { type Migration } from './migration.js';

/** A password that rests on an organisation's invitation alone opens that organisation alone; `null` opens all of the person's. */
export const PASSWORD_CONFINEMENT: Migration = {
  version: 8,
  name: 'password-confinement',
  statements: [`alter table passwords add column confined_to text references organisations (id)`],
};
