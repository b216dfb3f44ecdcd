import { type Migration } from './migration.js';

/**
 * Practices without a BIN, memberships that begin with an invitation or a request, roles an organisation defines, platform roles,
 * the manager's say on certificates, contacts. Tables that hang together are built anew together, since PostgreSQL does not drop one
 * that others refer to.
 */
export const PEOPLE: Migration = {
  version: 2,
  name: 'people',
  statements: [
    `alter table people add column name_confirmed_at bigint`,
    `alter table people add column email_sealed text`,
    `alter table people add column phone_sealed text`,
    `create table platform_roles (
        person_id text not null references people (id),
        role text not null check (role in ('administrator', 'security-officer', 'support')),
        granted_at bigint not null,
        granted_by_kind text not null,
        granted_by_id text,
        primary key (person_id, role)
      )`,

    // The name of somebody's own practice is personal data: sealed under the owner's key, and gone with it.
    `create table new_organisations (
        id text primary key,
        kind text not null check (kind in ('legal-entity', 'sole-proprietor', 'individual')),
        name text,
        name_sealed text,
        bin text unique,
        owner_id text unique references people (id),
        status text not null check (status in ('active', 'suspended')),
        settings text not null,
        created_at bigint not null,
        check (
          (kind = 'legal-entity' and bin is not null and name is not null and owner_id is null and name_sealed is null)
          or (kind <> 'legal-entity' and bin is null and name is null and owner_id is not null and name_sealed is not null)
        )
      )`,
    `insert into new_organisations (id, kind, name, bin, status, settings, created_at)
      select id, 'legal-entity', name, bin, status, settings, created_at from organisations`,
    `create table new_organisation_bins (
        bin text primary key,
        organisation_id text not null references new_organisations (id)
      )`,
    `insert into new_organisation_bins (bin, organisation_id) select bin, organisation_id from organisation_bins`,

    // The pair is unique so that what hangs on a membership can be held to the membership's own organisation.
    `create table new_memberships (
        id text primary key,
        organisation_id text not null references new_organisations (id),
        person_id text not null references people (id),
        roles text not null,
        status text not null check (status in ('invited', 'requested', 'active', 'suspended', 'removed')),
        given_name_sealed text,
        created_at bigint not null,
        since bigint not null,
        until bigint,
        invited_by_kind text,
        invited_by_id text,
        decided_at bigint,
        decided_by_kind text,
        decided_by_id text,
        unique (person_id, organisation_id),
        unique (id, organisation_id)
      )`,
    `insert into new_memberships (id, organisation_id, person_id, roles, status, created_at, since, until)
      select id, organisation_id, person_id, roles, status, since, since, until from memberships`,
    `create table new_certificate_bindings (
        membership_id text not null,
        organisation_id text not null,
        certificate_sha256 text not null,
        issuer_sha256 text,
        serial_number text not null,
        not_after bigint not null,
        status text not null check (status in ('active', 'pending', 'revoked')),
        template_roles text not null,
        der_sealed text,
        first_seen_at bigint not null,
        last_seen_at bigint not null,
        decided_at bigint,
        decided_by_kind text,
        decided_by_id text,
        primary key (membership_id, certificate_sha256),
        foreign key (membership_id, organisation_id) references new_memberships (id, organisation_id)
      )`,
    `insert into new_certificate_bindings (membership_id, organisation_id, certificate_sha256, serial_number, not_after,
        status, template_roles, first_seen_at, last_seen_at)
      select b.membership_id, m.organisation_id, b.certificate_sha256, b.serial_number, b.not_after,
        'active', '[]', b.first_seen_at, b.last_seen_at
      from certificate_bindings b join memberships m on m.id = b.membership_id`,

    `drop table certificate_bindings`,
    `drop table memberships`,
    `drop table organisation_bins`,
    `drop table organisations`,
    `alter table new_organisations rename to organisations`,
    `alter table new_organisation_bins rename to organisation_bins`,
    `alter table new_memberships rename to memberships`,
    `alter table new_certificate_bindings rename to certificate_bindings`,
    `create index organisations_by_name on organisations (name, id)`,
    `create index organisation_bins_by_organisation on organisation_bins (organisation_id)`,
    `create index memberships_by_organisation on memberships (organisation_id, created_at, id)`,
    `create index memberships_by_status on memberships (organisation_id, status, created_at, id)`,
    `create index certificate_bindings_by_organisation
      on certificate_bindings (organisation_id, first_seen_at, certificate_sha256)`,

    `create table organisation_roles (
        organisation_id text not null references organisations (id),
        name text not null,
        title text not null,
        permissions text not null,
        created_at bigint not null,
        primary key (organisation_id, name)
      )`,
    // Roles that were given before they had to be defined go on meaning what they meant: a name, no permissions.
    {
      sqlite: [
        `insert into organisation_roles (organisation_id, name, title, permissions, created_at)
          select m.organisation_id, r.value, r.value, '[]', min(m.created_at)
          from memberships m, json_each(m.roles) r where r.value <> 'manager' group by m.organisation_id, r.value`,
      ],
      postgres: [
        `insert into organisation_roles (organisation_id, name, title, permissions, created_at)
          select m.organisation_id, r.value, r.value, '[]', min(m.created_at)
          from memberships m, jsonb_array_elements_text(m.roles::jsonb) r (value)
          where r.value <> 'manager' group by m.organisation_id, r.value`,
      ],
    },
    `create table invitations (
        id text primary key,
        organisation_id text not null,
        membership_id text not null,
        token_hash text not null unique,
        created_at bigint not null,
        created_by_kind text not null,
        created_by_id text,
        expires_at bigint not null,
        taken_at bigint,
        revoked_at bigint,
        foreign key (membership_id, organisation_id) references memberships (id, organisation_id)
      )`,
    `create index invitations_by_organisation on invitations (organisation_id, created_at, id)`,
    `create index invitations_by_membership on invitations (membership_id)`,
  ],
};
