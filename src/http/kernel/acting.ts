import { type InvitationsPerDay } from '../../administration/invitations.js';
import { type AdministrationStorage } from '../../administration/stores.js';
import { type Act, type OrganisationAct } from '../../audit/act.js';
import { BODY_LIMITS } from './body-limits.js';

/** What those who manage work on. */
export interface ManagementParts {
  readonly storage: AdministrationStorage;
  readonly clock: () => Date;
  readonly origin: string;
  readonly invitationsPerDay: InvitationsPerDay;
}

/** Room for a role with all its permissions, and far from anything that could hurt. */
export const MANAGEMENT_BODY = BODY_LIMITS.octets.management;

/** What a member does inside the organisation of their session: no other organisation can be named. */
export function inOrganisation(act: Act): OrganisationAct {
  const { organisationId } = act;
  if (organisationId === null) throw new TypeError('this is done inside an organisation');
  return { ...act, organisationId };
}
