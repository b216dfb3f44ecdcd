/** What a manager says about the certificates people of their organisation come with, and a member about their own. */
import { type CertificateBinding } from '../accounts/account.js';
import { type Authorised } from './authority.js';
import { type GovernedMember } from './members-unit.js';
import { type TenantUnit } from './reach.js';

type Members = Authorised<'qaqpa:members.write'>;

interface Named {
  readonly membershipId: string;
  /** Of the certificate, lower-case hex. */
  readonly sha256: string;
}

/**
 * Approves a certificate: one that waited may enter, one that was let in is looked at, a revoked one may come again.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS`, `AUTHORITY_EXCEEDED`
 */
export function approveCertificate(
  organisation: Members,
  { membershipId, sha256 }: Named,
): Promise<CertificateBinding> {
  return organisation.atomically(async (unit) => {
    const member = await unit.member(membershipId);
    const binding = await member.decideCertificate(sha256, 'active');
    await unit.record('certificate.approved', {
      subject: { kind: 'membership', id: membershipId },
      details: { certificateSha256: sha256, sessionsEnded: 0 },
    });
    return binding;
  });
}

/**
 * Refuses a certificate from now on, and ends the sessions opened with it here.
 *
 * @throws AccountError `MEMBERSHIP_UNKNOWN`, `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS`, `AUTHORITY_EXCEEDED`
 */
export function revokeCertificate(
  organisation: Members,
  { membershipId, sha256 }: Named,
): Promise<CertificateBinding> {
  return organisation.atomically(async (unit) => revoke(unit, await unit.member(membershipId), sha256));
}

/** The same for a certificate of who acts. @throws AccountError `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS` */
export function revokeOwnCertificate(
  organisation: Authorised<'own'>,
  sha256: string,
): Promise<CertificateBinding> {
  return organisation.atomically(async (unit) => revoke(unit, await unit.own(), sha256));
}

async function revoke(
  { record }: TenantUnit,
  member: GovernedMember,
  sha256: string,
): Promise<CertificateBinding> {
  const binding = await member.decideCertificate(sha256, 'revoked');
  await record('certificate.revoked', {
    subject: { kind: 'membership', id: member.account.membership.id },
    details: { certificateSha256: sha256, sessionsEnded: await member.endSessions(sha256) },
  });
  return binding;
}
