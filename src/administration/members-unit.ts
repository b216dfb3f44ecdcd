/** The members of an organisation in the hands of who may change them: each is given out only where their roles are within reach. */
import { type Account, AccountError, type CertificateBinding, type Membership } from '../accounts/account.js';
import { type Invitation } from '../accounts/invitation.js';
import { type MembershipStatus } from '../accounts/membership-status.js';
import { type Iin } from '../accounts/national-number.js';
import { type NewMembership } from '../accounts/tenant.js';
import { type Inside, type TenantUnit } from './reach.js';

/** A member whose roles are within the reach of the act. */
export interface GovernedMember {
  /** As they were read. */
  readonly account: Account;
  /** @throws AccountError `MEMBERSHIP_STATUS`, `LAST_MANAGER` */
  changeStatus(to: MembershipStatus): Promise<Membership>;
  /** Exactly these. @throws AccountError `ROLE_*`, `LAST_MANAGER`, `AUTHORITY_EXCEEDED` */
  setRoles(roles: readonly string[]): Promise<Membership>;
  invite(expiresAt: Date): Promise<{ readonly invitation: Invitation; readonly token: string }>;
  /** @throws AccountError `INVITATION_UNKNOWN`, `INVITATION_USED`, `INVITATION_REVOKED` */
  revokeInvitation(invitationId: string): Promise<Invitation>;
  /** Says how many were open. */
  revokeInvitations(): Promise<number>;
  /** @throws AccountError `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS` */
  decideCertificate(sha256: string, status: 'active' | 'revoked'): Promise<CertificateBinding>;
  /** Opens the password path; `lifted` is false when it was not closed. */
  openPassword(scope: 'every' | 'provisional'): Promise<{ readonly lifted: boolean }>;
  /** False when they have no such session here. */
  endSession(sessionId: string): Promise<boolean>;
  /** Those here, or those of one certificate; says how many there were. */
  endSessions(certificateSha256?: string): Promise<number>;
}

export interface MembersUnit extends TenantUnit {
  /**
   * @param status they must have
   * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS`, `AUTHORITY_EXCEEDED`
   */
  member(membershipId: string, status?: MembershipStatus): Promise<GovernedMember>;
  /** Null for who never was one. @throws AccountError `AUTHORITY_EXCEEDED` */
  memberOf(iin: Iin): Promise<GovernedMember | null>;
  /** Whom an invitation is for. @throws AccountError `INVITATION_UNKNOWN`, `AUTHORITY_EXCEEDED` */
  invitedBy(invitationId: string): Promise<GovernedMember>;
  /** How many invitations were made since then. */
  invitationsSince(since: Date): Promise<number>;
  /**
   * Begins a membership, recording the person when nobody knows them yet.
   *
   * @throws AccountError `ORGANISATION_UNKNOWN`, `MEMBERSHIP_EXISTS`, `ROLE_*`, `NAME_MALFORMED`, `AUTHORITY_EXCEEDED`
   */
  add(
    details: Pick<NewMembership, 'status' | 'roles' | 'name'> & { readonly iin: Iin },
  ): Promise<GovernedMember>;
}

export function membersUnit({ tenant, stores, act, reach, record }: Inside): MembersUnit {
  const governed = async (account: Account): Promise<GovernedMember> => {
    await reach.roles(account.membership.roles);
    return govern({ tenant, stores, act, reach, record }, account);
  };
  return {
    tenant,
    act,
    record,
    async member(id, status) {
      const account = await tenant.members.get(id);
      if (status !== undefined && account.membership.status !== status) throw wrongStatus(account.membership);
      return governed(account);
    },
    async memberOf(iin) {
      const account = await tenant.members.ofIin(iin);
      return account === null ? null : governed(account);
    },
    invitedBy: async (id) => governed((await tenant.invitations.get(id)).account),
    invitationsSince: (since) => tenant.invitations.countSince(since),
    async add({ iin, ...details }) {
      await reach.roles(details.roles);
      const personId = await personOf({ tenant, stores, act, reach, record }, iin);
      const { id } = await tenant.members.add({ ...details, personId, by: act.who }, act.at);
      return governed(await tenant.members.get(id));
    },
  };
}

/** @param account of whom it is known that the act reaches them */
export function govern({ tenant, stores, act, reach }: Inside, account: Account): GovernedMember {
  const { members, invitations, certificates } = tenant;
  const { id: membershipId } = account.membership;
  return {
    account,
    changeStatus: (to) => members.changeStatus(membershipId, to, act.who, act.at),
    async setRoles(roles) {
      await reach.roles(roles);
      return members.setRoles(membershipId, roles);
    },
    invite: (expiresAt) => invitations.create({ membershipId, expiresAt, by: act.who }, act.at),
    revokeInvitation: (id) => invitations.revoke(id, act.at),
    revokeInvitations: () => invitations.revokeAllOf(membershipId, act.at),
    decideCertificate: (sha256, status) =>
      certificates.decide({ membershipId, sha256 }, status, act.who, act.at),
    openPassword: (scope) =>
      stores.passwords.clearFailures(account.person.iin, scope === 'every' ? scope : { membershipId }),
    endSession: (id) => stores.sessions.endOne({ membershipId }, id),
    endSessions: (certificateSha256) =>
      stores.sessions.endAllOf(
        certificateSha256 === undefined ? { membershipId } : { certificateSha256, membershipId },
      ),
  };
}

/** The person of an IIN; recorded without a name when new, since only a certificate or the person's own organisation names them. */
async function personOf({ stores: { accounts }, act, record }: Inside, iin: Iin): Promise<string> {
  const known = await accounts.personByIin(iin);
  if (known !== null) return known.id;
  const { id } = await accounts.addPerson({ iin, name: '' }, act.at);
  // In nobody's log but the person's and the platform's: an organisation that reads it would learn which numbers are known here.
  await record('person.added', { subject: { kind: 'person', id }, organisationId: null });
  return id;
}

export function wrongStatus({ status }: Membership): AccountError {
  return new AccountError('MEMBERSHIP_STATUS', `a membership that is ${status} cannot be changed this way`);
}
