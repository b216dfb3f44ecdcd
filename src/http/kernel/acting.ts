import { type InvitationsPerDay } from '../../administration/invitations.js';
import { type AdministrationStorage } from '../../administration/stores.js';
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
