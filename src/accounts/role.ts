import { AccountError } from './account-error.js';
import { readName } from './naming.js';

/** What Qaqpa itself asks for before it does something for a member. Other permissions mean something to applications only. */
export const QAQPA_PERMISSIONS = [
  'qaqpa:audit.read',
  'qaqpa:members.read',
  'qaqpa:members.write',
  'qaqpa:roles.write',
  'qaqpa:settings.write',
] as const;

export type QaqpaPermission = (typeof QAQPA_PERMISSIONS)[number];

/** The built-in role: may do everything inside its organisation. */
export const MANAGER = 'manager';

/** A role of one organisation. */
export interface RoleDefinition {
  /** As it stands in memberships and claims; never changes. */
  readonly name: string;
  /** As people read it. */
  readonly title: string;
  /** Sorted, without repetition. */
  readonly permissions: readonly string[];
}

export const MANAGER_ROLE: RoleDefinition = {
  name: MANAGER,
  title: 'Manager',
  permissions: QAQPA_PERMISSIONS,
};

/** Bounds that keep claims small enough for a header or a token. */
export const ROLE_BOUNDS = {
  perOrganisation: 100,
  perMember: 20,
  permissionsPerRole: 50,
  claims: 200,
} as const;

/** What applications are told about a member. Sorted, without repetition, bounded. */
export interface Claims {
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

const ROLE = /^[a-z][a-z0-9-]{0,39}$/;
const PERMISSION = /^[a-z0-9][a-z0-9._:-]{0,79}$/;
const OWN_PREFIX = 'qaqpa:';

/**
 * Reads role names: lower-case Latin letters, digits and hyphens; sorted, without repetition.
 *
 * @throws AccountError `ROLE_MALFORMED`, `ROLE_LIMIT`
 */
export function readRoles(roles: readonly string[]): readonly string[] {
  if (!roles.every((role) => ROLE.test(role))) {
    throw new AccountError(
      'ROLE_MALFORMED',
      'a role is 1 to 40 lower-case letters, digits and hyphens, a letter first',
    );
  }
  const read = sorted(roles);
  if (read.length > ROLE_BOUNDS.perMember) {
    throw new AccountError('ROLE_LIMIT', `a member has at most ${ROLE_BOUNDS.perMember} roles`);
  }
  return read;
}

/**
 * Reads the definition of a role.
 *
 * @throws AccountError `ROLE_MALFORMED`, `ROLE_BUILT_IN`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `ROLE_LIMIT`
 */
export function readRoleDefinition({ name, title, permissions }: RoleDefinition): RoleDefinition {
  readRoles([name]);
  if (name === MANAGER) throw new AccountError('ROLE_BUILT_IN', 'the role manager is built in');
  return { name, title: readName(title), permissions: readPermissions(permissions) };
}

function readPermissions(permissions: readonly string[]): readonly string[] {
  const known: readonly string[] = QAQPA_PERMISSIONS;
  const holds = (permission: string): boolean =>
    permission.startsWith(OWN_PREFIX) ? known.includes(permission) : PERMISSION.test(permission);
  if (!permissions.every(holds)) {
    throw new AccountError(
      'PERMISSION_MALFORMED',
      `a permission is 1 to 80 lower-case letters, digits and . _ : -, and ${OWN_PREFIX} is kept for our own`,
    );
  }
  const read = sorted(permissions);
  if (read.length > ROLE_BOUNDS.permissionsPerRole) {
    throw new AccountError('ROLE_LIMIT', `a role has at most ${ROLE_BOUNDS.permissionsPerRole} permissions`);
  }
  return read;
}

/** The claims of a member with these roles. A role that is not defined gives nothing and is not told. */
export function claimsFrom(roles: readonly string[], definitions: readonly RoleDefinition[]): Claims {
  const held = [MANAGER_ROLE, ...definitions].filter(({ name }) => roles.includes(name));
  return {
    roles: sorted(held.map(({ name }) => name)),
    permissions: sorted(held.flatMap(({ permissions }) => permissions)).slice(0, ROLE_BOUNDS.claims),
  };
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
