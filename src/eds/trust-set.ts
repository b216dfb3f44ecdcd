import { type Certificate } from './certificate/certificate.js';
import { EdsError } from './error.js';

/** What a trusted certificate may vouch for (design decision 4). */
export type TrustPurpose = 'login' | 'document' | 'timestamp' | 'ocsp';

/** One CA certificate that may stand in a path. Nothing outside the trust set ever does. */
export interface TrustedCertificate {
  readonly certificate: Certificate;
  /** `anchor` ends a path; `intermediate` needs its own issuer in the set. */
  readonly role: 'anchor' | 'intermediate';
  readonly purposes: readonly TrustPurpose[];
  /** Outside this window the entry does not exist. `null` leaves that side open. */
  readonly window: { readonly from: Date | null; readonly until: Date | null };
}

/** Whether an entry's window is open at a time. */
export function isInForce({ window: { from, until } }: TrustedCertificate, at: Date): boolean {
  return (from === null || from <= at) && (until === null || at < until);
}

/** An immutable set of trusted certificates. A change of trust is a new set with a new version. */
export interface TrustSet {
  readonly version: string;
  readonly entries: readonly TrustedCertificate[];
}

/**
 * Builds a trust set.
 *
 * @throws EdsError `TRUST_EMPTY` without any anchor, `TRUST_INVALID` for an empty version, a repeated certificate or an entry
 *   without a purpose. An empty set never means "trust everything" or "skip the check".
 */
export function createTrustSet(version: string, entries: readonly TrustedCertificate[]): TrustSet {
  if (version === '') throw new EdsError('TRUST_INVALID', 'a trust set needs a version');
  if (!entries.some((entry) => entry.role === 'anchor')) {
    throw new EdsError('TRUST_EMPTY', 'a trust set needs at least one anchor');
  }
  const seen = new Set<string>();
  for (const { certificate, purposes } of entries) {
    if (seen.has(certificate.sha256)) {
      throw new EdsError('TRUST_INVALID', 'the same certificate stands twice in the trust set');
    }
    if (purposes.length === 0) throw new EdsError('TRUST_INVALID', 'a trusted certificate needs a purpose');
    seen.add(certificate.sha256);
  }
  return Object.freeze({ version, entries: Object.freeze([...entries]) });
}
