/** The only way to what is an organisation's: whether the act may go there is found out before anything is read or changed. */
import { AccountError } from '../accounts/account-error.js';
import { type Claims, MANAGER, type QaqpaPermission } from '../accounts/role.js';
import { type Act, type Authority, type OrganisationAct } from '../audit/act.js';
import { govern, type GovernedMember, type MembersUnit, membersUnit } from './members-unit.js';
import { type Inside, inside, plainUnit, type TenantReading, type TenantUnit } from './reach.js';
import { type RolesUnit, rolesUnit } from './roles-unit.js';
import { type SettingsUnit, settingsUnit } from './settings-unit.js';
import { type AdministrationStorage } from './stores.js';

/** The authority of a member with these claims, in their organisation. */
export function authorityOf({ roles, permissions }: Claims): Authority {
  return roles.includes(MANAGER) ? 'all' : permissions;
}

/** What a unit of work can reach, by the permission that was checked. */
interface Units {
  readonly 'qaqpa:members.write': MembersUnit;
  readonly 'qaqpa:roles.write': RolesUnit;
  readonly 'qaqpa:settings.write': SettingsUnit;
  readonly 'qaqpa:members.read': TenantUnit;
  readonly 'qaqpa:audit.read': TenantUnit;
  /** What is the member's own, whatever their roles. */
  readonly own: TenantUnit & { own(): Promise<GovernedMember> };
}

const UNITS: { readonly [Key in keyof Units]: (within: Inside) => Units[Key] } = {
  'qaqpa:members.write': membersUnit,
  'qaqpa:roles.write': rolesUnit,
  'qaqpa:settings.write': settingsUnit,
  'qaqpa:members.read': plainUnit,
  'qaqpa:audit.read': plainUnit,
  own: (within) => ({
    ...plainUnit(within),
    own: async () => govern(within, await within.tenant.members.get(within.act.who.id ?? '')),
  }),
};

declare const checked: unique symbol;

/** An organisation as an act may enter it: what it was let in for is part of the type, and `authorise` alone makes it. */
export interface Authorised<Key extends keyof Units> {
  readonly [checked]: Key;
  readonly act: OrganisationAct;
  /** Outside of a unit of work. */
  readonly tenant: TenantReading;
  atomically<T>(work: (unit: Units[Key]) => Promise<T>): Promise<T>;
}

/**
 * Lets an act into its organisation for what this permission allows.
 *
 * @throws AccountError `PERMISSION_DENIED`
 */
export function authorise<Permission extends QaqpaPermission>(
  storage: AdministrationStorage,
  act: Act,
  permission: Permission,
): Authorised<Permission> {
  const { organisationId, authority } = act;
  if (organisationId === null || (authority !== 'all' && !authority.includes(permission))) {
    throw new AccountError('PERMISSION_DENIED', `this needs ${permission} in an organisation`);
  }
  return opened(storage, { ...act, organisationId }, permission);
}

/**
 * Lets a member do what is their own to do.
 *
 * @throws AccountError `PERMISSION_DENIED` for an act of who is no member
 */
export function authoriseOwn(storage: AdministrationStorage, act: Act): Authorised<'own'> {
  const { organisationId, who } = act;
  if (organisationId === null || who.kind !== 'membership') {
    throw new AccountError('PERMISSION_DENIED', 'this is done by a member, in their organisation');
  }
  return opened(storage, { ...act, organisationId, authority: 'all' }, 'own');
}

function opened<Key extends keyof Units>(
  storage: AdministrationStorage,
  act: OrganisationAct,
  key: Key,
): Authorised<Key> {
  const entered: Omit<Authorised<Key>, typeof checked> = {
    act,
    tenant: storage.accounts.tenant(act.organisationId),
    atomically: (work) => storage.atomically((stores) => work(UNITS[key](inside(stores, act)))),
  };
  return entered as Authorised<Key>;
}
