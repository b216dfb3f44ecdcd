import { type Certificate, type DistinguishedName } from './certificate/certificate.js';
import { type ReasonCode } from './error.js';

/** What one rung of the revocation ladder found out about one certificate. Three answers and three silences are kept apart. */
export type RevocationFinding =
  | {
      readonly status: 'good' | 'unknown' | 'not-issued';
      readonly source: 'ocsp' | 'crl';
      readonly producedAt: Date;
    }
  | {
      readonly status: 'revoked';
      readonly source: 'ocsp' | 'crl';
      readonly producedAt: Date;
      readonly revokedAt: Date;
    }
  /** Nobody could be asked, or what they said cannot be used: `code` says which. Never a yes. */
  | { readonly status: 'unavailable'; readonly source: 'ocsp' | 'crl' | 'none'; readonly code: ReasonCode }
  /** Revocation was left out on purpose (`--revocation none`). */
  | { readonly status: 'not-checked'; readonly source: 'none' };

/** What has to be known of a certificate to learn whether it is revoked. */
export type CertificateInQuestion = Pick<
  Certificate,
  'der' | 'sha256' | 'serialNumber' | 'notAfter' | 'basicConstraints' | 'extensions'
> & { readonly issuer: Pick<DistinguishedName, 'der'> };

/**
 * Where the verifier learns about revocation. Online ladders, files on disk and the laboratory implement it; the verifier
 * asks once for each certificate below the anchor of a path it has already proved.
 */
export interface RevocationSource {
  /**
   * @param certificate a certificate whose path is proved
   * @param issuer its issuer, proved as well
   * @param at the time at which the answer is to be judged
   */
  statusOf(certificate: CertificateInQuestion, issuer: Certificate, at: Date): Promise<RevocationFinding>;
}
