import { type MembershipStatus } from './membership-status.js';
import { type Bin, type Iin } from './national-number.js';
import { type Decision, type Party } from './party.js';
import { type OrganisationSettings } from './settings.js';

export { AccountError, type AccountErrorCode } from './account-error.js';
export { type Contacts } from './contacts.js';
export { type CertificateBinding } from './certificate-binding.js';
export { type MembershipStatus } from './membership-status.js';
export { type Decision, type Party } from './party.js';
export { DEFAULT_ORGANISATION_SETTINGS, type OrganisationSettings } from './settings.js';

/** `individual`: somebody who practises alone, as an advocate, notary or private bailiff does. */
export type OrganisationKind = 'legal-entity' | 'sole-proprietor' | 'individual';

export interface Organisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly name: string;
  /** `null` for a sole proprietor and an individual: their business number is their owner's IIN, which is no public number. */
  readonly bin: Bin | null;
  /** BINs of branches: their certificates belong to this organisation. */
  readonly branchBins: readonly Bin[];
  /** The person whose own practice it is; `null` for a legal entity. */
  readonly ownerId: string | null;
  readonly status: 'active' | 'suspended';
  readonly settings: OrganisationSettings;
  readonly createdAt: Date;
  /** The organisation it became part of; closed for good then. */
  readonly mergedInto: string | null;
}

export interface Person {
  readonly id: string;
  readonly iin: Iin;
  /**
   * As the certificate says. Before anybody saw one: as whoever invited them wrote it, seen by that organisation only, or empty.
   */
  readonly name: string;
  /** Whether a verified certificate gave the name. */
  readonly nameConfirmed: boolean;
  readonly status: 'active' | 'suspended';
  readonly createdAt: Date;
}

export interface Membership {
  readonly id: string;
  readonly organisationId: string;
  readonly personId: string;
  /** Sorted, without repetition; `manager` is built in. */
  readonly roles: readonly string[];
  readonly status: MembershipStatus;
  /** When it came to be: invited, requested or admitted, the last time that happened. */
  readonly since: Date;
  /** When it was removed, otherwise `null`. */
  readonly until: Date | null;
  /** Who invited or admitted them; `null` for somebody who came by themselves. */
  readonly invitedBy: Party | null;
  /** The last decision on its status; `null` while nobody has decided. */
  readonly decision: Decision | null;
  /** When the person first proved with an EDS that they belong there, since it last came to be; `null` while they have not. */
  readonly confirmedAt: Date | null;
  /** The invitation was taken without an EDS, and the person has not come with theirs since. */
  readonly provisional: boolean;
}

/** A person at an organisation: what a session is opened for. */
export interface Account {
  readonly organisation: Organisation;
  readonly person: Person;
  readonly membership: Membership;
}
