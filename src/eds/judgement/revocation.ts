import { type Certificate, type DistinguishedName } from '../certificate/certificate.js';
import { type ReasonCode } from '../error.js';

/** What an authority says about one certificate, its signature and its window checked. */
export type RevocationStatement = {
  readonly source: 'ocsp' | 'crl';
  /** When it was signed. */
  readonly producedAt: Date;
  /** The moment it speaks about: thisUpdate. Of several statements the one about the latest moment decides. */
  readonly asOf: Date;
} & (
  | { readonly status: 'good' | 'unknown' | 'not-issued' }
  /** `on-hold` may be lifted again (certificateHold); `revoked` lasts. */
  | { readonly status: 'revoked' | 'on-hold'; readonly revokedAt: Date }
);

/** What is found out about one certificate. Answers and silences are kept apart. */
export type RevocationFinding =
  | RevocationStatement
  /** Nobody could be asked, or what they said cannot be used: `code` says which. Never a yes. */
  | { readonly status: 'unavailable'; readonly source: 'ocsp' | 'crl' | 'none'; readonly code: ReasonCode }
  /** Revocation was left out on purpose (`--revocation none`). */
  | { readonly status: 'not-checked'; readonly source: 'none' };

/** Whether a finding is an answer and no silence. */
export function isStatement(finding: RevocationFinding): finding is RevocationStatement {
  return finding.status !== 'unavailable' && finding.status !== 'not-checked';
}

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
