/** The roles of an organisation in the hands of who may change them. */
import { type RoleDefinition } from '../accounts/role.js';
import { type Inside, type TenantUnit } from './reach.js';

export interface RolesUnit extends TenantUnit {
  /** @throws AccountError `ORGANISATION_UNKNOWN`, `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED` */
  define(definition: RoleDefinition): Promise<RoleDefinition>;
  /** @throws AccountError `ROLE_*`, `NAME_MALFORMED`, `PERMISSION_MALFORMED`, `AUTHORITY_EXCEEDED` */
  change(
    definition: RoleDefinition,
  ): Promise<{ readonly before: RoleDefinition; readonly after: RoleDefinition }>;
  /** @throws AccountError `ROLE_UNKNOWN`, `ROLE_BUILT_IN`, `ROLE_IN_USE`, `AUTHORITY_EXCEEDED` */
  delete(name: string): Promise<void>;
  /** Of everybody who has the role; says how many there were. */
  endSessionsOf(role: string): Promise<number>;
}

export function rolesUnit({ tenant, stores, act, reach, record }: Inside): RolesUnit {
  const { roles, members } = tenant;
  return {
    tenant,
    act,
    record,
    async define(definition) {
      reach.permissions(definition.permissions);
      return roles.define(definition, act.at);
    },
    async change(definition) {
      await reach.roles([definition.name]);
      reach.permissions(definition.permissions);
      return roles.change(definition);
    },
    async delete(name) {
      await reach.roles([name]);
      await roles.delete(name);
    },
    async endSessionsOf(role) {
      let ended = 0;
      for (const membershipId of await members.holdersOf(role)) {
        ended += await stores.sessions.endAllOf({ membershipId });
      }
      return ended;
    },
  };
}
