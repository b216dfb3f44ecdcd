/** What a manager says about the certificates people of their organisation come with. */
import { type CertificateBinding } from '../accounts/account.js';
import { type OrganisationAct } from '../audit/act.js';
import { assertWithinAuthority, tenantUnit } from './authority.js';
import { type AdministrationStorage } from './stores.js';

interface Named {
  readonly membershipId: string;
  /** Of the certificate, lower-case hex. */
  readonly sha256: string;
}

/**
 * Approves a certificate: one that waited may enter, one that was let in is looked at, a revoked one may come again.
 *
 * @throws AccountError `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS`, `AUTHORITY_EXCEEDED`
 */
export function approveCertificate(
  storage: AdministrationStorage,
  named: Named,
  act: OrganisationAct,
): Promise<CertificateBinding> {
  return decide(storage, named, 'active', act);
}

/**
 * Refuses a certificate from now on, and ends the sessions opened with it here.
 *
 * @throws AccountError `CERTIFICATE_BINDING_UNKNOWN`, `CERTIFICATE_BINDING_STATUS`, `AUTHORITY_EXCEEDED`
 */
export function revokeCertificate(
  storage: AdministrationStorage,
  named: Named,
  act: OrganisationAct,
): Promise<CertificateBinding> {
  return decide(storage, named, 'revoked', act);
}

function decide(
  storage: AdministrationStorage,
  { membershipId, sha256 }: Named,
  status: 'active' | 'revoked',
  act: OrganisationAct,
): Promise<CertificateBinding> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, act);
    const binding = await tenant.certificates.decide({ membershipId, sha256 }, status, act.who, act.at);
    const { membership } = await tenant.members.get(membershipId);
    await assertWithinAuthority(tenant, act.authority, membership.roles);
    const sessionsEnded =
      status === 'revoked' ? await stores.sessions.endAllOf({ certificateSha256: sha256, membershipId }) : 0;
    await record(status === 'active' ? 'certificate.approved' : 'certificate.revoked', {
      subject: { kind: 'membership', id: membershipId },
      details: { certificateSha256: sha256, sessionsEnded },
    });
    return binding;
  });
}
