import { type Account, type Membership, type Organisation, type Party } from './account.js';
import { type BindingStatus, type CertificateBinding } from './certificate-binding.js';
import { type Invitation, type InvitationState, type ListedInvitation } from './invitation.js';
import { type FirstMembershipStatus, type MembershipStatus } from './membership-status.js';
import { type Iin } from './national-number.js';
import { type Page, type PageRequest } from './page.js';
import { type RoleDefinition } from './role.js';
import { type OrganisationSettings, type SettingsChange } from './settings.js';

/**
 * One organisation, seen from inside: everything a manager can cause goes through here, and every statement it makes names the
 * organisation. An identifier of another organisation is an unknown identifier. Changes that cannot be made throw `AccountError`.
 */
export interface TenantDirectory {
  readonly organisationId: string;
  /** @throws AccountError `ORGANISATION_UNKNOWN` */
  organisation(): Promise<Organisation>;
  /** @throws AccountError `ORGANISATION_UNKNOWN`, `SETTINGS_MALFORMED` */
  changeSettings(change: SettingsChange): Promise<OrganisationSettings>;
  readonly members: TenantMembers;
  readonly roles: TenantRoles;
  readonly invitations: TenantInvitations;
  readonly certificates: TenantCertificates;
}

export interface MembersQuery extends PageRequest {
  readonly status?: MembershipStatus;
  readonly role?: string;
  /** The beginning of any word of the name, or of several; case does not matter. */
  readonly name?: string;
  readonly iin?: Iin;
}

export interface NewMembership {
  readonly personId: string;
  readonly status: FirstMembershipStatus;
  readonly roles: readonly string[];
  /** What whoever admits them calls a person no certificate has named yet. */
  readonly name?: string | null;
  /** Who invites or admits; `null` for somebody who asks by themselves. */
  readonly by: Party | null;
}

export interface TenantMembers {
  /** Oldest first. @throws AccountError `CURSOR_MALFORMED` */
  list(query: MembersQuery): Promise<Page<Account>>;
  /** @throws AccountError `MEMBERSHIP_UNKNOWN` */
  get(membershipId: string): Promise<Account>;
  ofPerson(personId: string): Promise<Account | null>;
  ofIin(iin: Iin): Promise<Account | null>;
  /** Memberships that are not removed and have the role. */
  holdersOf(role: string): Promise<readonly string[]>;
  /**
   * Begins a membership, or begins it anew, under the same identifier, for somebody removed.
   *
   * @throws AccountError `ORGANISATION_UNKNOWN`, `MEMBERSHIP_EXISTS`, `ROLE_*`, `NAME_MALFORMED`
   */
  add(membership: NewMembership, now: Date): Promise<Membership>;
  /** @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS`, `LAST_MANAGER` */
  changeStatus(membershipId: string, to: MembershipStatus, by: Party, now: Date): Promise<Membership>;
  /** Sets exactly these roles. @throws AccountError `MEMBERSHIP_UNKNOWN`, `ROLE_*`, `LAST_MANAGER` */
  setRoles(membershipId: string, roles: readonly string[]): Promise<Membership>;
}

export interface TenantRoles {
  /** The built-in role first, the rest by name. */
  list(): Promise<readonly RoleDefinition[]>;
  /** @throws AccountError `ROLE_*`, `PERMISSION_MALFORMED`, `NAME_MALFORMED` */
  define(definition: RoleDefinition, now: Date): Promise<RoleDefinition>;
  /** Changes title and permissions. @throws AccountError `ROLE_*`, `PERMISSION_MALFORMED`, `NAME_MALFORMED` */
  change(
    definition: RoleDefinition,
  ): Promise<{ readonly before: RoleDefinition; readonly after: RoleDefinition }>;
  /**
   * Deletes a role nobody has. One in use is kept (`ROLE_IN_USE`): to take it from a hundred people by the way would be a change
   * of their rights that nobody looked at.
   *
   * @throws AccountError `ROLE_UNKNOWN`, `ROLE_BUILT_IN`, `ROLE_IN_USE`
   */
  delete(name: string): Promise<void>;
}

export interface InvitationsQuery extends PageRequest {
  readonly state?: InvitationState;
}

export interface TenantInvitations {
  /**
   * An invitation for a membership that is `invited`; earlier ones of it are revoked, so that one link works at a time.
   *
   * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS`
   */
  create(
    details: { readonly membershipId: string; readonly expiresAt: Date; readonly by: Party },
    now: Date,
  ): Promise<{ readonly invitation: Invitation; readonly token: string }>;
  /** How many were made since then, whatever became of them. */
  countSince(since: Date): Promise<number>;
  /** @throws AccountError `INVITATION_UNKNOWN` */
  get(invitationId: string): Promise<ListedInvitation>;
  /** Newest first. @throws AccountError `CURSOR_MALFORMED` */
  list(query: InvitationsQuery, now: Date): Promise<Page<ListedInvitation>>;
  /** @throws AccountError `INVITATION_UNKNOWN`, `INVITATION_USED`, `INVITATION_REVOKED` */
  revoke(invitationId: string, now: Date): Promise<Invitation>;
  /** Revokes whatever is open for a membership, and says how many there were. */
  revokeAllOf(membershipId: string, now: Date): Promise<number>;
}

export interface BindingsQuery extends PageRequest {
  readonly status?: BindingStatus;
  readonly membershipId?: string;
  /** Only those nobody has decided about: what a manager is notified of. */
  readonly undecided?: boolean;
}

export interface TenantCertificates {
  /** Newest first. @throws AccountError `CURSOR_MALFORMED` */
  list(query: BindingsQuery): Promise<Page<CertificateBinding>>;
  /** @throws AccountError `CERTIFICATE_BINDING_UNKNOWN` */
  get(membershipId: string, sha256: string): Promise<CertificateBinding>;
  /** Every certificate of a membership, oldest first. */
  of(membershipId: string): Promise<readonly CertificateBinding[]>;
  /**
   * Approves a certificate (a revoked one as well: a manager may think better of it), or revokes it.
   *
   * @throws AccountError `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS` when it is so already
   */
  decide(
    binding: { readonly membershipId: string; readonly sha256: string },
    status: 'active' | 'revoked',
    by: Party,
    now: Date,
  ): Promise<CertificateBinding>;
}
