/** How far an act reaches inside one organisation, and what every unit of work there has in common. */
import { AccountError } from '../accounts/account-error.js';
import { MANAGER, type RoleDefinition } from '../accounts/role.js';
import { type TenantDirectory } from '../accounts/tenant.js';
import { type Act, type OrganisationAct } from '../audit/act.js';
import { type AuditEventType } from '../audit/event.js';
import { record, type ToldOf } from '../audit/recorder.js';
import { type AdministrationStores } from './stores.js';

/** Nobody gives or takes what they could not do themselves. Both throw AccountError `AUTHORITY_EXCEEDED`. */
export interface Reach {
  permissions(permissions: readonly string[]): void;
  /** Roles, and whoever holds them. */
  roles(roles: readonly string[]): Promise<void>;
}

/** The definitions of roles are read at most once. */
function reachOf({ authority }: Pick<Act, 'authority'>, { roles }: TenantDirectory): Reach {
  let definitions: Promise<readonly RoleDefinition[]> | null = null;
  const exceeded = (): AccountError =>
    new AccountError('AUTHORITY_EXCEEDED', 'nobody can give or take what they may not do themselves');
  const permissions = (asked: readonly string[]): void => {
    if (authority === 'all' || asked.every((permission) => authority.includes(permission))) return;
    throw exceeded();
  };
  return {
    permissions,
    async roles(names) {
      if (authority === 'all' || names.length === 0) return;
      // What a manager may do stands in no list.
      if (names.includes(MANAGER)) throw exceeded();
      const known = await (definitions ??= roles.list());
      permissions(known.filter(({ name }) => names.includes(name)).flatMap((role) => role.permissions));
    },
  };
}

/** What may be read of an organisation by whoever has been let into it. */
export interface TenantReading extends Pick<TenantDirectory, 'organisationId' | 'organisation'> {
  readonly members: Pick<TenantDirectory['members'], 'list' | 'get' | 'ofIin'>;
  readonly roles: Pick<TenantDirectory['roles'], 'list'>;
  readonly invitations: Pick<TenantDirectory['invitations'], 'list' | 'get'>;
  readonly certificates: Pick<TenantDirectory['certificates'], 'list' | 'get' | 'of'>;
}

/** A unit of work as far as every permission goes. */
export interface TenantUnit {
  readonly tenant: TenantReading;
  readonly act: OrganisationAct;
  readonly record: <Type extends AuditEventType>(type: Type, ...told: ToldOf<Type>) => Promise<void>;
}

/** What units are made of; no use case sees it. */
export interface Inside extends TenantUnit {
  readonly tenant: TenantDirectory;
  readonly stores: AdministrationStores;
  readonly reach: Reach;
}

/** What every permission gives of it. */
export function plainUnit({ tenant, act, record }: Inside): TenantUnit {
  return { tenant, act, record };
}

export function inside(stores: AdministrationStores, act: OrganisationAct): Inside {
  const tenant = stores.accounts.tenant(act.organisationId);
  const reach = reachOf(act, tenant);
  return { stores, tenant, act, reach, record: (type, ...told) => record(stores.audit, act, type, ...told) };
}
