import { type AccountDirectory } from '../../accounts/directory.js';
import { type InvitationsPerDay } from '../../administration/invitations.js';
import { authorityOf } from '../../administration/authority.js';
import { type Act, anonymousAct, byMember, type OrganisationAct } from '../../audit/act.js';
import { type AdministrationStorage } from '../../administration/stores.js';
import { type Presence } from '../../me/presence.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { BODY_LIMITS } from './body-limits.js';

/** What those who manage work on. */
export interface ManagementParts {
  readonly storage: AdministrationStorage;
  readonly clock: () => Date;
  readonly origin: string;
  readonly invitationsPerDay: InvitationsPerDay;
}

interface Acting {
  readonly presence: Presence;
  readonly visitor: Visitor;
}

/** Room for a role with all its permissions, and far from anything that could hurt. */
export const MANAGEMENT_BODY = BODY_LIMITS.octets.management;

/** What a member does inside the organisation of their session: no other organisation can be named. */
export async function tenantDeed(
  { accounts }: { readonly accounts: Pick<AccountDirectory, 'claimsOf'> },
  acting: Acting,
  at: Date,
): Promise<OrganisationAct> {
  return { ...ownDeed(acting, at), authority: authorityOf(await accounts.claimsOf(acting.presence.account)) };
}

/** What a member does to what is their own: whatever their roles, they may. */
export function ownDeed({ presence: { session }, visitor }: Acting, at: Date): OrganisationAct {
  return byMember(anonymousAct(visitor, at), session, 'all');
}

/** What somebody who runs the installation does: as a person, whatever organisation they signed in for. */
export function platformDeed({ presence: { account }, visitor }: Acting, at: Date): Act {
  return { ...anonymousAct(visitor, at), who: { kind: 'person', id: account.person.id }, authority: 'all' };
}
