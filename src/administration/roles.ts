/** The roles one organisation defines. */
import { type RoleDefinition } from '../accounts/role.js';
import { type Authority, type OrganisationAct } from '../audit/act.js';
import { assertWithinAuthority, exceeded, tenantUnit } from './authority.js';
import { type AdministrationStorage } from './stores.js';

/** @throws AccountError `ORGANISATION_UNKNOWN`, `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED` */
export function defineRole(
  storage: AdministrationStorage,
  definition: RoleDefinition,
  act: OrganisationAct,
): Promise<RoleDefinition> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, act);
    assertHeld(act.authority, definition.permissions);
    const role = await tenant.roles.define(definition, act.at);
    await record('role.defined', {
      subject: subject(act),
      details: { role: role.name, permissions: role.permissions.join(' ') },
    });
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
  act: OrganisationAct,
): Promise<RoleDefinition> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, act);
    const { before, after } = await tenant.roles.change(definition);
    assertHeld(act.authority, [...before.permissions, ...after.permissions]);
    let sessionsEnded = 0;
    if (before.permissions.join(' ') !== after.permissions.join(' ')) {
      for (const membershipId of await tenant.members.holdersOf(after.name)) {
        sessionsEnded += await stores.sessions.endAllOf({ membershipId });
      }
    }
    await record('role.changed', {
      subject: subject(act),
      details: {
        role: after.name,
        before: before.permissions.join(' '),
        after: after.permissions.join(' '),
        sessionsEnded,
      },
    });
    return after;
  });
}

/** @throws AccountError `ROLE_UNKNOWN`, `ROLE_BUILT_IN`, `ROLE_IN_USE`, `AUTHORITY_EXCEEDED` */
export function deleteRole(
  storage: AdministrationStorage,
  name: string,
  act: OrganisationAct,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, act);
    await assertWithinAuthority(tenant, act.authority, [name]);
    await tenant.roles.delete(name);
    await record('role.deleted', { subject: subject(act), details: { role: name } });
  });
}

function assertHeld(authority: Authority, permissions: readonly string[]): void {
  if (authority !== 'all' && !permissions.every((permission) => authority.includes(permission)))
    throw exceeded();
}

function subject({ organisationId: id }: OrganisationAct): {
  readonly kind: 'organisation';
  readonly id: string;
} {
  return { kind: 'organisation', id };
}
