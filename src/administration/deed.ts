import { AccountError } from '../accounts/account.js';
import { MANAGER } from '../accounts/role.js';
import { type TenantDirectory } from '../accounts/tenant.js';
import { type AuditEvent, type AuditParty } from '../audit/event.js';
import { type AdministrationStores } from './stores.js';

/** Who does something, when, and from where. */
export interface Deed {
  readonly actor: AuditParty;
  readonly at: Date;
  readonly requestId?: string | null;
  readonly address?: string | null;
}

/** How far whoever acts may go inside an organisation: everything, or the permissions they hold and no more. */
export type Authority = 'all' | readonly string[];

/** Something done inside one organisation. */
export interface TenantDeed extends Deed {
  readonly organisationId: string;
  /** `all` for a manager, for those who run the installation, and for an operator. */
  readonly authority: Authority;
}

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
  readonly deed: TenantDeed;
  readonly record: (
    type: AuditEvent['type'],
    subject: AuditParty,
    details?: NonNullable<AuditEvent['details']>,
  ) => Promise<void>;
}

export function tenantUnit(stores: AdministrationStores, deed: TenantDeed): TenantUnit {
  const { actor, at, requestId = null, address = null, organisationId } = deed;
  return {
    tenant: stores.accounts.tenant(organisationId),
    stores,
    deed,
    record: (type, subject, details = {}) =>
      stores.audit.append({ type, at, actor, requestId, address, subject, organisationId, details }),
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
