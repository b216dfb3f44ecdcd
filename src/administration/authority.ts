import { AccountError } from '../accounts/account.js';
import { MANAGER } from '../accounts/role.js';
import { type TenantDirectory } from '../accounts/tenant.js';
import { type Authority, type OrganisationAct } from '../audit/act.js';
import { type AuditEventType } from '../audit/event.js';
import { record, type ToldOf } from '../audit/recorder.js';
import { type AdministrationStores } from './stores.js';

/** The authority of a member with these claims. */
export function authorityOf(claims: {
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}): Authority {
  return claims.roles.includes(MANAGER) ? 'all' : claims.permissions;
}

/** A unit of work inside one organisation: its directory, the other stores, and the audit log already told who acts. */
export interface TenantUnit {
  readonly tenant: TenantDirectory;
  readonly stores: AdministrationStores;
  readonly act: OrganisationAct;
  readonly record: <Type extends AuditEventType>(type: Type, ...told: ToldOf<Type>) => Promise<void>;
}

export function tenantUnit(stores: AdministrationStores, act: OrganisationAct): TenantUnit {
  return {
    tenant: stores.accounts.tenant(act.organisationId),
    stores,
    act,
    record: (type, ...told) => record(stores.audit, act, type, ...told),
  };
}

/**
 * Nobody gives what they do not have: roles, and people who hold them, can be changed by those who could do all of it themselves.
 *
 * @throws AccountError `AUTHORITY_EXCEEDED`
 */
export async function assertWithinAuthority(
  tenant: TenantDirectory,
  authority: Authority,
  roles: readonly string[],
): Promise<void> {
  if (authority === 'all' || roles.length === 0) return;
  const definitions = await tenant.roles.list();
  const permissions = definitions
    .filter(({ name }) => roles.includes(name))
    .flatMap((definition) => definition.permissions);
  if (roles.includes(MANAGER) || !permissions.every((permission) => authority.includes(permission))) {
    throw exceeded();
  }
}

export function exceeded(): AccountError {
  return new AccountError('AUTHORITY_EXCEEDED', 'nobody can give or take what they may not do themselves');
}
