/** The roles one organisation defines. */
import { type RoleDefinition } from '../accounts/role.js';
import { assertWithinAuthority, type Authority, exceeded, type TenantDeed, tenantUnit } from './deed.js';
import { type AdministrationStorage } from './stores.js';

/** @throws AccountError `ORGANISATION_UNKNOWN`, `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED` */
export function defineRole(
  storage: AdministrationStorage,
  definition: RoleDefinition,
  deed: TenantDeed,
): Promise<RoleDefinition> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, deed);
    assertHeld(deed.authority, definition.permissions);
    const role = await tenant.roles.define(definition, deed.at);
    await record('role.defined', subject(deed), { role: role.name, ...permissionsOf('permissions', role) });
    return role;
  });
}

/**
 * Changes title and permissions. A change of permissions ends the sessions of everybody who has the role.
 *
 * @throws AccountError `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED`
 */
export function changeRole(
  storage: AdministrationStorage,
  definition: RoleDefinition,
  deed: TenantDeed,
): Promise<RoleDefinition> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, deed);
    const { before, after } = await tenant.roles.change(definition);
    assertHeld(deed.authority, [...before.permissions, ...after.permissions]);
    let sessionsEnded = 0;
    if (before.permissions.join(' ') !== after.permissions.join(' ')) {
      for (const membershipId of await tenant.members.holdersOf(after.name)) {
        sessionsEnded += await stores.sessions.endAllOf({ membershipId });
      }
    }
    await record('role.changed', subject(deed), {
      role: after.name,
      ...permissionsOf('before', before),
      ...permissionsOf('after', after),
      sessionsEnded,
    });
    return after;
  });
}

/** @throws AccountError `ROLE_UNKNOWN`, `ROLE_BUILT_IN`, `ROLE_IN_USE`, `AUTHORITY_EXCEEDED` */
export function deleteRole(storage: AdministrationStorage, name: string, deed: TenantDeed): Promise<void> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, deed);
    await assertWithinAuthority(tenant, deed.authority, [name]);
    await tenant.roles.delete(name);
    await record('role.deleted', subject(deed), { role: name });
  });
}

function assertHeld(authority: Authority, permissions: readonly string[]): void {
  if (authority !== 'all' && !permissions.every((permission) => authority.includes(permission)))
    throw exceeded();
}

function subject({ organisationId: id }: TenantDeed): { readonly kind: 'organisation'; readonly id: string } {
  return { kind: 'organisation', id };
}

function permissionsOf(key: string, { permissions }: RoleDefinition): Record<string, string> {
  return { [key]: permissions.join(' ') };
}
