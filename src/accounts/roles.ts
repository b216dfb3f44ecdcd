/** Which roles an organisation may define, change and delete. */
import { AccountError } from './account-error.js';
import { known, organisationOf } from './known.js';
import { MANAGER, MANAGER_ROLE, readRoleDefinition, ROLE_BOUNDS, type RoleDefinition } from './role.js';
import { type AccountStore, type RoleStore } from './store.js';
import { type TenantRoles } from './tenant.js';

export function createRoles(store: AccountStore, organisationId: string): TenantRoles {
  const inUnit = <T>(work: (roles: RoleStore, unit: AccountStore) => Promise<T>): Promise<T> =>
    store.together((unit) => work(unit.tenant(organisationId).roles, unit));
  return {
    async list() {
      return [MANAGER_ROLE, ...(await store.tenant(organisationId).roles.definitions(null))];
    },
    define: (details, now) =>
      inUnit(async (roles, unit) => {
        const definition = readRoleDefinition(details);
        await unit.turns.ofOrganisation(organisationId);
        await organisationOf(unit, organisationId);
        assertRoomFor(definition.name, await roles.definitions(null));
        await roles.insert(definition, now);
        return definition;
      }),
    change: (details) =>
      inUnit(async (roles) => {
        const before = await ownRole(roles, details.name);
        const after = readRoleDefinition(details);
        await roles.update(after);
        return { before, after };
      }),
    delete: (name) =>
      inUnit(async (roles) => {
        await ownRole(roles, name);
        if (await roles.isHeld(name)) throw new AccountError('ROLE_IN_USE', 'a member has this role');
        await roles.delete(name);
      }),
  };
}

/** @throws AccountError `ROLE_EXISTS`, `ROLE_LIMIT` */
export function assertRoomFor(name: string, defined: readonly RoleDefinition[]): void {
  if (defined.some((role) => role.name === name)) {
    throw new AccountError('ROLE_EXISTS', 'a role of this name is defined already');
  }
  if (defined.length >= ROLE_BOUNDS.perOrganisation) {
    throw new AccountError('ROLE_LIMIT', `an organisation has at most ${ROLE_BOUNDS.perOrganisation} roles`);
  }
}

/** @throws AccountError `ROLE_UNDEFINED` for a role a member cannot have, as the organisation has not defined it */
export async function assertDefined(
  store: Pick<RoleStore, 'definitions'>,
  roles: readonly string[],
): Promise<void> {
  const own = roles.filter((role) => role !== MANAGER);
  if (own.length > 0 && (await store.definitions(own)).length !== own.length) {
    throw new AccountError('ROLE_UNDEFINED', 'a member has only roles its organisation has defined');
  }
}

/** @throws AccountError `ROLE_BUILT_IN`, `ROLE_UNKNOWN` */
async function ownRole(roles: RoleStore, name: string): Promise<RoleDefinition> {
  if (name === MANAGER) throw new AccountError('ROLE_BUILT_IN', 'the role manager is built in');
  return known((await roles.definitions([name]))[0] ?? null, 'ROLE_UNKNOWN');
}
