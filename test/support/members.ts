import { type Membership } from '../../src/accounts/account.js';
import { type AccountDirectory } from '../../src/accounts/directory.js';
import { type Iin } from '../../src/accounts/national-number.js';
import { MANAGER } from '../../src/accounts/role.js';
import { authorise } from '../../src/administration/authority.js';
import { inviteMember, type IssuedInvitation } from '../../src/administration/invitations.js';
import { type AdministrationStorage } from '../../src/administration/stores.js';
import { inOrganisation, operatorAct } from '../../src/audit/act.js';

export interface TestMember {
  readonly organisationId: string;
  readonly iin: Iin;
  readonly name?: string;
  readonly roles?: readonly string[];
}

/** Somebody who belongs to an organisation, in roles that are defined on the way. */
export async function addMember(
  accounts: AccountDirectory,
  { organisationId, iin, name = 'Айгүл Серікова', roles = [] }: TestMember,
  now: Date,
): Promise<Membership> {
  const tenant = accounts.tenant(organisationId);
  const known = (await tenant.roles.list()).map((role) => role.name);
  for (const role of new Set(roles)) {
    if (role !== MANAGER && !known.includes(role)) {
      await tenant.roles.define({ name: role, title: role, permissions: [] }, now);
    }
  }
  const person = await accounts.addPerson({ iin, name }, now);
  return tenant.members.add({ personId: person.id, status: 'active', roles, by: null }, now);
}

/** An invitation by an operator. */
export function invite(
  storage: AdministrationStorage,
  { organisationId, iin, roles = [] }: Pick<TestMember, 'organisationId' | 'iin' | 'roles'>,
  at: Date,
): Promise<IssuedInvitation> {
  const act = inOrganisation(operatorAct(null, at), organisationId);
  return inviteMember(authorise(storage, act, 'qaqpa:members.write'), { iin, roles });
}
