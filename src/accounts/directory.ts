import { type Account, type Contacts, type Organisation, type Party, type Person } from './account.js';
import { type BindingStatus, type CertificateBinding, type SeenCertificate } from './certificate-binding.js';
import { type Invitation } from './invitation.js';
import { type Bin, type Iin } from './national-number.js';
import { type Page, type PageRequest } from './page.js';
import { type PlatformRole } from './platform-role.js';
import { type Claims } from './role.js';
import { type SettingsChange } from './settings.js';
import { type TenantDirectory } from './tenant.js';

/**
 * Organisations, people and memberships as kept, across all organisations: for the door, where nobody's organisation is known yet,
 * and for those who run the installation. Whoever acts inside one organisation gets its `tenant`. Changes that cannot be made
 * throw `AccountError`.
 */
export interface AccountDirectory extends Organisations, People, Doorway {
  /** One organisation from inside; nothing is read until it is asked something. */
  tenant(organisationId: string): TenantDirectory;
}

export type NewOrganisation =
  | {
      readonly kind?: 'legal-entity';
      readonly name: string;
      readonly bin: Bin;
      readonly branchBins?: readonly Bin[];
      readonly settings?: SettingsChange;
    }
  | {
      readonly kind: 'sole-proprietor' | 'individual';
      readonly name: string;
      /** The person whose practice it is; their IIN is the business number. */
      readonly ownerId: string;
      readonly settings?: SettingsChange;
    };

/** How numbers come to another organisation than the one that registered them. */
export interface Merging {
  /** False for a number that is no branch of the organisation. @throws AccountError `ORGANISATION_UNKNOWN` */
  releaseBranch(organisationId: string, bin: Bin): Promise<boolean>;
  /**
   * Closes one legal entity for good: its numbers become branches of the other, and whoever belonged to it asks to belong there.
   *
   * @throws AccountError `ORGANISATION_UNKNOWN`, `ORGANISATION_NOT_MERGEABLE`
   */
  mergeOrganisation(
    merged: { readonly from: string; readonly into: string },
    now: Date,
  ): Promise<{ readonly requests: number }>;
}

export interface Organisations extends Merging {
  /**
   * A number belongs to one organisation: a BIN, main or branch, and the IIN of an owner.
   *
   * @throws AccountError `ORGANISATION_BIN_TAKEN`, `NAME_MALFORMED`, `SETTINGS_MALFORMED`, `PERSON_UNKNOWN`
   */
  addOrganisation(details: NewOrganisation, now: Date): Promise<Organisation>;
  /** @throws AccountError `ORGANISATION_UNKNOWN`, `ORGANISATION_BIN_TAKEN`, `ORGANISATION_KIND` for one without a BIN */
  addBranch(organisationId: string, bin: Bin): Promise<void>;
  /** @throws AccountError `ORGANISATION_UNKNOWN`, `ORGANISATION_NOT_MERGEABLE` for one that became part of another */
  setOrganisationStatus(organisationId: string, status: Organisation['status']): Promise<void>;
  /** By main or branch BIN. */
  organisationByBin(bin: Bin): Promise<Organisation | null>;
  /** The practice of a sole proprietor or individual, by their IIN. */
  organisationByOwner(iin: Iin): Promise<Organisation | null>;
  organisationById(id: string): Promise<Organisation | null>;
  organisations(): Promise<readonly Organisation[]>;
  /** By name; `search` finds part of a name (of legal entities: other names are sealed). @throws AccountError `CURSOR_MALFORMED` */
  listOrganisations(query: PageRequest & { readonly search?: string }): Promise<Page<Organisation>>;
}

export interface People {
  /** The person of an IIN, created when new. A known person keeps the name already recorded. An empty name is one nobody knows yet. */
  addPerson(details: { readonly iin: Iin; readonly name: string }, now: Date): Promise<Person>;
  personByIin(iin: Iin): Promise<Person | null>;
  /** What stands for an IIN in the log: the same for the same one, and nothing to whoever has not the master key. */
  referenceOf(iin: Iin): string;
  personById(personId: string): Promise<Person | null>;
  /**
   * Records the name a verified certificate gives, as far as it can be kept; an empty one changes nothing. `changed` when it was another.
   *
   * @throws AccountError `PERSON_UNKNOWN`
   */
  confirmName(
    personId: string,
    name: string,
    now: Date,
  ): Promise<{ readonly name: string; readonly changed: boolean }>;
  /** @throws AccountError `PERSON_UNKNOWN` */
  setPersonStatus(personId: string, status: Person['status']): Promise<void>;
  /** @throws AccountError `PERSON_UNKNOWN` */
  contactsOf(personId: string): Promise<Contacts>;
  /** @throws AccountError `PERSON_UNKNOWN`, `CONTACT_MALFORMED` */
  setContacts(personId: string, contacts: Contacts): Promise<void>;

  /** Sorted. */
  platformRolesOf(personId: string): Promise<readonly PlatformRole[]>;
  /** False when the person had it. @throws AccountError `PERSON_UNKNOWN` */
  grantPlatformRole(personId: string, role: PlatformRole, by: Party, now: Date): Promise<boolean>;
  /** False when the person did not have it. */
  revokePlatformRole(personId: string, role: PlatformRole): Promise<boolean>;
  /** Everybody who has a platform role. */
  platformPeople(): Promise<readonly { readonly person: Person; readonly roles: readonly PlatformRole[] }[]>;
}

/** Where the holder of a session stands now. */
export interface Belonging {
  readonly account: Account;
  readonly claims: Claims;
  /** Of the certificate named, where it was seen at this membership. */
  readonly certificateNotAfter: Date | null;
}

/** What is asked at the door, before or while somebody is let in. */
export interface Doorway {
  /** Every account of the person, whatever its status. */
  accountsOf(iin: Iin): Promise<readonly Account[]>;
  accountById(membershipId: string): Promise<Account | null>;
  /** All that a look at a session asks, in one statement: see `Belonging`. */
  belonging(membershipId: string, certificateSha256: string | null): Promise<Belonging | null>;
  /** Roles and permissions for the session's reply and for applications. */
  claimsOf(account: Account): Promise<Claims>;

  /**
   * Notes that a certificate was used at an account, under the policy of its organisation: `active` may enter. A new certificate is
   * `pending` where the organisation approves them first, unless it is the first of its membership.
   */
  bindCertificate(
    account: Account,
    certificate: SeenCertificate,
    now: Date,
  ): Promise<{ readonly firstSeen: boolean; readonly status: BindingStatus }>;
  /** The binding of a certificate at a membership, for what a session tells about it. */
  certificateOf(membershipId: string, sha256: string): Promise<CertificateBinding | null>;
  /** The person who came with a certificate to any organisation; `null` for one that was never used. */
  holderOfCertificate(sha256: string): Promise<string | null>;
  /** The certificate itself, where it was kept and its holder is not erased. */
  certificateBytesOf(membershipId: string, sha256: string): Promise<Uint8Array | null>;

  /** What whoever holds a link may see before they prove who they are. `null` for a token of nobody's. */
  invitationOf(
    token: string,
  ): Promise<{ readonly invitation: Invitation; readonly organisation: Organisation } | null>;
  /**
   * Makes the invited person a member, once, when the IIN is theirs.
   *
   * @param taken `without-eds`: nobody proved to be the person, and the membership is provisional
   * @throws AccountError `INVITATION_UNKNOWN`, `INVITATION_EXPIRED`, `INVITATION_USED`, `INVITATION_REVOKED`,
   *   `INVITATION_OTHER_PERSON` (which leaves the invitation open)
   */
  takeInvitation(token: string, iin: Iin, now: Date, taken?: 'without-eds'): Promise<Account>;
  /** Notes that the person proved with an EDS to belong there; the first time counts. */
  confirmMembership(membershipId: string, now: Date): Promise<void>;
}
