/** The roles one organisation defines. */
import { type RoleDefinition } from '../accounts/role.js';
import { type Authorised } from './authority.js';
import { type RolesUnit } from './roles-unit.js';

type Roles = Authorised<'qaqpa:roles.write'>;

/** @throws AccountError `ORGANISATION_UNKNOWN`, `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED` */
export function defineRole(organisation: Roles, definition: RoleDefinition): Promise<RoleDefinition> {
  return organisation.atomically((unit) => define(unit, definition));
}

/**
 * Changes title and permissions. A change of permissions ends the sessions of everybody who has the role.
 *
 * @throws AccountError `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED`
 */
export function changeRole(organisation: Roles, definition: RoleDefinition): Promise<RoleDefinition> {
  return organisation.atomically((unit) => change(unit, definition));
}

/** Changes the role of this name, or defines it where there is none. @throws AccountError those of both */
export function putRole(
  organisation: Roles,
  definition: RoleDefinition,
): Promise<{ readonly outcome: 'changed' | 'defined'; readonly role: RoleDefinition }> {
  return organisation.atomically(async (unit) =>
    (await unit.tenant.roles.list()).some(({ name }) => name === definition.name)
      ? { outcome: 'changed', role: await change(unit, definition) }
      : { outcome: 'defined', role: await define(unit, definition) },
  );
}

/** @throws AccountError `ROLE_UNKNOWN`, `ROLE_BUILT_IN`, `ROLE_IN_USE`, `AUTHORITY_EXCEEDED` */
export function deleteRole(organisation: Roles, name: string): Promise<void> {
  return organisation.atomically(async (unit) => {
    await unit.delete(name);
    await unit.record('role.deleted', { subject: subjectOf(unit), details: { role: name } });
  });
}

async function define(unit: RolesUnit, definition: RoleDefinition): Promise<RoleDefinition> {
  const role = await unit.define(definition);
  const details = { role: role.name, permissions: role.permissions.join(' ') };
  await unit.record('role.defined', { subject: subjectOf(unit), details });
  return role;
}

async function change(unit: RolesUnit, definition: RoleDefinition): Promise<RoleDefinition> {
  const changed = await unit.change(definition);
  const { name: role } = changed.after;
  const [before, after] = [changed.before.permissions.join(' '), changed.after.permissions.join(' ')];
  const sessionsEnded = before === after ? 0 : await unit.endSessionsOf(role);
  await unit.record('role.changed', {
    subject: subjectOf(unit),
    details: { role, before, after, sessionsEnded },
  });
  return changed.after;
}

function subjectOf({ act }: RolesUnit): { readonly kind: 'organisation'; readonly id: string } {
  return { kind: 'organisation', id: act.organisationId };
}
