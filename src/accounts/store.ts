/**
 * What is kept of organisations, people and memberships: facts, and writes that say what they found. Nothing is decided here: what may
 * be changed is said by the functions beside (`members.ts`, `organisations.ts`, …), which ask and write within one unit of work.
 */
import {
  type Account,
  type CertificateBinding,
  type Contacts,
  type Membership,
  type Organisation,
  type Party,
  type Person,
} from './account.js';
import { type BindingStatus, type SeenCertificate } from './certificate-binding.js';
import { type Doorway, type Organisations, type People } from './directory.js';
import { type Invitation, type ListedInvitation } from './invitation.js';
import { type Bin, type Iin } from './national-number.js';
import { type RoleDefinition } from './role.js';
import { type TenantCertificates, type TenantInvitations, type TenantMembers } from './tenant.js';

export interface AccountStore {
  readonly organisations: OrganisationStore;
  readonly people: PersonStore;
  readonly door: DoorStore;
  /** One organisation from inside: every statement names it. */
  tenant(organisationId: string): TenantStore;
  readonly turns: Turns;
  /** Runs `work` in the unit of work that is open, or in one of its own: what it reads stands until it has written. */
  together<T>(work: (unit: AccountStore) => Promise<T>): Promise<T>;
}

/**
 * Waits until no other unit of work decides about the same, which lasts until this one ends: what is read from then on is as the unit before
 * left it. Taken before the first fact is read, an organisation's before a person's. Nothing is waited for outside of a unit.
 */
export interface Turns {
  /** Stores of a tenant take it by themselves. */
  ofOrganisation(organisationId: string): Promise<void>;
  /** With that of every organisation the person belongs to, beside others who only rely on it. */
  ofPerson(iin: Iin): Promise<void>;
}

export interface OrganisationStore extends Pick<
  Organisations,
  'organisationByBin' | 'organisationByOwner' | 'organisationById' | 'organisations' | 'listOrganisations'
> {
  /** `taken`: one of its numbers, or its owner, belongs to an organisation already, and nothing is written. */
  insert(organisation: Organisation): Promise<'added' | 'taken'>;
  insertBranch(organisationId: string, bin: Bin): Promise<'added' | 'taken'>;
  /** False where the organisation does not have the number. */
  deleteBranch(organisationId: string, bin: Bin): Promise<boolean>;
  moveNumbers(from: string, into: string): Promise<void>;
  update(
    organisationId: string,
    change: Partial<Pick<Organisation, 'status' | 'settings' | 'mergedInto'>>,
  ): Promise<void>;
}

export interface PersonStore extends Pick<
  People,
  'personByIin' | 'personById' | 'referenceOf' | 'platformRolesOf' | 'revokePlatformRole' | 'platformPeople'
> {
  insert(person: Person): Promise<void>;
  /** Keeps the name and when a certificate gave it; the person must exist. */
  confirmName(personId: string, name: string, now: Date): Promise<void>;
  /** False where there is no such person. */
  setStatus(personId: string, status: Person['status']): Promise<boolean>;
  /** `null` where there is no such person. */
  contactsOf(personId: string): Promise<Contacts | null>;
  /** False where there is no such person. */
  setContacts(personId: string, contacts: Contacts): Promise<boolean>;
  /** False when the person, who must exist, had it. */
  grantPlatformRole: People['grantPlatformRole'];
}

export interface DoorStore extends Pick<
  Doorway,
  | 'accountsOf'
  | 'accountById'
  | 'belonging'
  | 'claimsOf'
  | 'certificateOf'
  | 'holderOfCertificate'
  | 'certificateBytesOf'
  | 'confirmMembership'
> {
  invitationByToken(token: string): Promise<Invitation | null>;
  /** What is relied on of an organisation while a member enters: others enter beside them, so its turn is not waited for. */
  place(organisationId: string): Pick<TenantStore, 'members' | 'certificates'>;
}

export interface TenantStore {
  readonly members: MemberStore;
  readonly roles: RoleStore;
  readonly invitations: InvitationStore;
  readonly certificates: CertificateStore;
}

export interface MemberStore extends Pick<TenantMembers, 'list' | 'ofPerson' | 'ofIin' | 'holdersOf'> {
  find(membershipId: string): Promise<Account | null>;
  /** The membership alone. */
  membership(membershipId: string): Promise<Membership | null>;
  membershipOf(personId: string): Promise<Membership | null>;
  /**
   * Writes a membership that begins, in place of one of the same person that was removed and has the same identifier.
   *
   * @returns false, and nothing is written, where the person has one that is not removed
   */
  begin(membership: Membership, givenName: string | null): Promise<boolean>;
  /** Writes what changed of a membership that is there. */
  save(membership: Membership): Promise<void>;
  /** Whether a manager who can sign in stands beside this one. */
  anotherManagerActs(membershipId: string): Promise<boolean>;
  endProvisionalAccess(membershipId: string, now: Date): Promise<void>;
  /** Who proved to belong, or asks to. */
  provedPeople(): Promise<readonly string[]>;
  /** Removes every member, withdraws every invitation, ends whatever is provisional. */
  removeAll(now: Date): Promise<void>;
}

export interface RoleStore {
  /** Those named, or all, by name; the built-in one is none of them. */
  definitions(names: readonly string[] | null): Promise<readonly RoleDefinition[]>;
  insert(definition: RoleDefinition, now: Date): Promise<void>;
  update(definition: RoleDefinition): Promise<void>;
  delete(name: string): Promise<void>;
  /** Whether a membership that is not removed has the role. */
  isHeld(name: string): Promise<boolean>;
}

export interface InvitationStore extends Pick<TenantInvitations, 'countSince' | 'list' | 'revokeAllOf'> {
  find(invitationId: string): Promise<ListedInvitation | null>;
  /** The invitation alone. */
  invitation(invitationId: string): Promise<Invitation | null>;
  insert(invitation: Invitation, tokenHash: string): Promise<void>;
  /** False where it was taken or revoked. */
  take(invitationId: string, now: Date): Promise<boolean>;
  /** False where it was taken or revoked. */
  revoke(invitationId: string, now: Date): Promise<boolean>;
}

/** Names a binding within its organisation. */
export interface BindingName {
  readonly membershipId: string;
  readonly sha256: string;
}

export interface CertificateStore extends Pick<TenantCertificates, 'list' | 'of'> {
  find(binding: BindingName): Promise<CertificateBinding | null>;
  /** How the certificate stands, and whether it is kept whole; `null` for one the membership never came with. */
  seen(binding: BindingName): Promise<{ readonly status: BindingStatus; readonly whole: boolean } | null>;
  /** Whether the membership came with any certificate. */
  anyOf(membershipId: string): Promise<boolean>;
  insert(
    membership: Membership,
    certificate: SeenCertificate,
    status: BindingStatus,
    now: Date,
  ): Promise<void>;
  /** Notes that it was used again, and nothing else. */
  seeAgain(binding: BindingName, now: Date): Promise<void>;
  /** Notes that it was used again, how it stands now, and what is kept of it where nothing was. */
  renew(
    membership: Membership,
    certificate: SeenCertificate,
    state: { readonly status: BindingStatus; readonly whole: boolean },
    now: Date,
  ): Promise<void>;
  decide(binding: BindingName, status: BindingStatus, by: Party, now: Date): Promise<void>;
}
