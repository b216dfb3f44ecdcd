/** Which certificates of a member may enter, and what a manager may say about them. */
import { type Account, AccountError, type CertificateBinding } from './account.js';
import { type BindingStatus, type SeenCertificate } from './certificate-binding.js';
import { known } from './known.js';
import { managesAlone } from './members.js';
import { type AccountStore } from './store.js';
import { type TenantCertificates } from './tenant.js';

export function createCertificates(store: AccountStore, organisationId: string): TenantCertificates {
  const { certificates } = store.tenant(organisationId);
  return {
    list: (query) => certificates.list(query),
    get: async (membershipId, sha256) =>
      known(await certificates.find({ membershipId, sha256 }), 'CERTIFICATE_BINDING_UNKNOWN'),
    of: (membershipId) => certificates.of(membershipId),
    decide: (binding, status, by, now) =>
      store.together(async (unit) => {
        const kept = unit.tenant(organisationId).certificates;
        const before = known(await kept.find(binding), 'CERTIFICATE_BINDING_UNKNOWN');
        assertUndecided(before, status);
        await kept.decide(binding, status, by, now);
        return { ...before, status, decision: { by, at: now } };
      }),
  };
}

/** One that was let in undecided can still be approved. @throws AccountError `CERTIFICATE_BINDING_STATUS` */
export function assertUndecided(
  before: Pick<CertificateBinding, 'status' | 'decision'>,
  status: BindingStatus,
): void {
  if (before.status === status && (status === 'revoked' || before.decision !== null)) {
    throw new AccountError('CERTIFICATE_BINDING_STATUS', `the certificate is ${status} already`);
  }
}

/** Binds a certificate to an account: see `Doorway.bindCertificate`. */
export async function bindCertificate(
  unit: AccountStore,
  { membership, organisation }: Account,
  certificate: SeenCertificate,
  now: Date,
): Promise<{ readonly firstSeen: boolean; readonly status: BindingStatus }> {
  const { members, certificates } = unit.door.place(organisation.id);
  const name = { membershipId: membership.id, sha256: certificate.sha256 };
  // A manager beside whom no other decides would wait for ever: their own comes in undecided, as under "notify".
  const waits = async (): Promise<boolean> =>
    organisation.settings.certificates === 'approve' && !(await managesAlone(members, membership));
  const seen = await certificates.seen(name);
  if (seen === null) {
    const status = (await certificates.anyOf(membership.id)) && (await waits()) ? 'pending' : 'active';
    await certificates.insert(membership, certificate, status, now);
    return { firstSeen: true, status };
  }
  // Where no approval is needed any more, one that waits for it waits no longer.
  const status = seen.status === 'pending' && !(await waits()) ? 'active' : seen.status;
  if (status === seen.status && seen.whole) await certificates.seeAgain(name, now);
  else await certificates.renew(membership, certificate, { ...seen, status }, now);
  return { firstSeen: false, status };
}
