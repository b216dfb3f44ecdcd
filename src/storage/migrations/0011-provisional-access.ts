import { type Migration } from './migration.js';

/** What an invitation gives to whoever takes it without an EDS stands by its membership, apart from what is the person's. */
export const PROVISIONAL_ACCESS: Migration = {
  version: 11,
  name: 'provisional-access',
  statements: [
    // When the person proved with an EDS that they belong there; never for who came by an invitation alone.
    `alter table memberships add column confirmed_at bigint`,
    `alter table memberships add column provisional integer not null default 0`,
    `alter table sessions add column provisional integer not null default 0`,
    // No hash, no contacts: it ended.
    `create table provisional_access (
      membership_id text primary key references memberships (id),
      organisation_id text not null references organisations (id),
      person_id text not null references people (id),
      hash text,
      changed_at bigint not null,
      failures integer not null default 0,
      email_sealed text,
      phone_sealed text,
      ended_at bigint,
      ended_contacts integer not null default 0
    )`,
    `create index provisional_access_by_person on provisional_access (person_id)`,
    `update memberships set confirmed_at = (
      select min(first_seen_at) from certificate_bindings b where b.membership_id = memberships.id
    ) where status in ('active', 'suspended')`,
    `insert into provisional_access (membership_id, organisation_id, person_id, hash, changed_at)
      select m.id, m.organisation_id, m.person_id, p.hash, p.changed_at
      from passwords p join memberships m on m.person_id = p.person_id and m.organisation_id = p.confined_to`,
    `update memberships set provisional = 1 where confirmed_at is null
      and exists (select 1 from provisional_access a where a.membership_id = memberships.id)`,
    `update sessions set provisional = 1 where method = 'password'
      and exists (select 1 from provisional_access a where a.membership_id = sessions.membership_id)`,
    `delete from passwords where confined_to is not null`,
  ],
};
