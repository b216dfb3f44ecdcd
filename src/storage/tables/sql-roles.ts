import { type Kysely } from 'kysely';
import { AccountError } from '../../accounts/account.js';
import {
  MANAGER,
  MANAGER_ROLE,
  readRoleDefinition,
  ROLE_BOUNDS,
  type RoleDefinition,
} from '../../accounts/role.js';
import { type TenantRoles } from '../../accounts/tenant.js';
import { type Row } from './account-rows.js';
import { type Schema } from './schema.js';
import { organisationRow } from './sql-organisations.js';
import { inTransaction } from '../engines/transaction.js';

/** The roles one organisation defines. */
export function createSqlRoles(database: Kysely<Schema>, organisationId: string): TenantRoles {
  const find = async (executor: Kysely<Schema>, name: string): Promise<RoleDefinition | null> =>
    (await definitionsOf(executor, organisationId, [name]))[0] ?? null;
  const required = async (executor: Kysely<Schema>, name: string): Promise<RoleDefinition> => {
    if (name === MANAGER) throw new AccountError('ROLE_BUILT_IN', 'the role manager is built in');
    const definition = await find(executor, name);
    if (definition === null) throw new AccountError('ROLE_UNKNOWN', 'there is no such role');
    return definition;
  };

  return {
    async list() {
      return [MANAGER_ROLE, ...(await definitionsOf(database, organisationId, null))];
    },
    define: (details, now) =>
      inTransaction(database, async (transaction) => {
        const definition = readRoleDefinition(details);
        await organisationRow(transaction, organisationId);
        const { name, title, permissions } = definition;
        const known = await definitionsOf(transaction, organisationId, null);
        if (known.some((role) => role.name === name)) {
          throw new AccountError('ROLE_EXISTS', 'a role of this name is defined already');
        }
        if (known.length >= ROLE_BOUNDS.perOrganisation) {
          throw new AccountError(
            'ROLE_LIMIT',
            `an organisation has at most ${ROLE_BOUNDS.perOrganisation} roles`,
          );
        }
        await transaction
          .insertInto('organisation_roles')
          .values({
            organisation_id: organisationId,
            name,
            title,
            permissions: JSON.stringify(permissions),
            created_at: now.getTime(),
          })
          .execute();
        return definition;
      }),
    change: (details) =>
      inTransaction(database, async (transaction) => {
        const before = await required(transaction, details.name);
        const after = readRoleDefinition(details);
        await transaction
          .updateTable('organisation_roles')
          .set({ title: after.title, permissions: JSON.stringify(after.permissions) })
          .where('organisation_id', '=', organisationId)
          .where('name', '=', after.name)
          .execute();
        return { before, after };
      }),
    delete: (name) =>
      inTransaction(database, async (transaction) => {
        await required(transaction, name);
        const holder = await transaction
          .selectFrom('memberships')
          .select('id')
          .where('organisation_id', '=', organisationId)
          .where('status', '<>', 'removed')
          .where('roles', 'like', `%"${name}"%`)
          .limit(1)
          .executeTakeFirst();
        if (holder !== undefined) throw new AccountError('ROLE_IN_USE', 'somebody has this role');
        await transaction
          .deleteFrom('organisation_roles')
          .where('organisation_id', '=', organisationId)
          .where('name', '=', name)
          .execute();
      }),
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

/** @throws AccountError `ROLE_UNDEFINED` for a role a member cannot have, as the organisation has not defined it */
export async function assertDefined(
  database: Kysely<Schema>,
  organisationId: string,
  roles: readonly string[],
): Promise<void> {
  const own = roles.filter((role) => role !== MANAGER);
  const defined = await definitionsOf(database, organisationId, own);
  if (defined.length !== own.length) {
    throw new AccountError('ROLE_UNDEFINED', 'a member has only roles its organisation has defined');
  }
}

function toDefinition({ name, title, permissions }: Row<'organisation_roles'>): RoleDefinition {
  return { name, title, permissions: JSON.parse(permissions) as string[] };
}
