import { type Kysely } from 'kysely';
import { type RoleDefinition } from '../../accounts/role.js';
import { type RoleStore } from '../../accounts/store.js';
import { type Row } from './account-rows.js';
import { type Schema } from './schema.js';

/** The roles one organisation defines. */
export function createSqlRoles(database: Kysely<Schema>, organisationId: string): RoleStore {
  return {
    definitions: (names) => definitionsOf(database, organisationId, names),
    async insert({ name, title, permissions }, now) {
      await database
        .insertInto('organisation_roles')
        .values({
          organisation_id: organisationId,
          name,
          title,
          permissions: JSON.stringify(permissions),
          created_at: now.getTime(),
        })
        .execute();
    },
    async update({ name, title, permissions }) {
      await database
        .updateTable('organisation_roles')
        .set({ title, permissions: JSON.stringify(permissions) })
        .where('organisation_id', '=', organisationId)
        .where('name', '=', name)
        .execute();
    },
    async delete(name) {
      await database
        .deleteFrom('organisation_roles')
        .where('organisation_id', '=', organisationId)
        .where('name', '=', name)
        .execute();
    },
    async isHeld(name) {
      const holder = await database
        .selectFrom('memberships')
        .select('id')
        .where('organisation_id', '=', organisationId)
        .where('status', '<>', 'removed')
        .where('roles', 'like', `%"${name}"%`)
        .limit(1)
        .executeTakeFirst();
      return holder !== undefined;
    },
  };
}

/** Roles of an organisation without the built-in one, by name: those named, or all. */
export async function definitionsOf(
  database: Kysely<Schema>,
  organisationId: string,
  names: readonly string[] | null,
): Promise<readonly RoleDefinition[]> {
  if (names?.length === 0) return [];
  let rows = database
    .selectFrom('organisation_roles')
    .selectAll()
    .where('organisation_id', '=', organisationId);
  if (names !== null) rows = rows.where('name', 'in', names);
  return (await rows.orderBy('name').execute()).map(toDefinition);
}

export function toDefinition({
  name,
  title,
  permissions,
}: Pick<Row<'organisation_roles'>, 'name' | 'title' | 'permissions'>): RoleDefinition {
  return { name, title, permissions: JSON.parse(permissions) as string[] };
}
