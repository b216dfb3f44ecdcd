import { type Certificate } from '../certificate/certificate.js';
import { type CertificateInQuestion } from '../judgement/revocation.js';

/** Digests a CertID may use. SHA-1 here names a certificate, it does not protect anything, so some responders still want it. */
export type CertIdHash = 'sha256' | 'sha1';

/** What one OCSP exchange is about. */
export interface OcspQuestion {
  readonly certificate: CertificateInQuestion;
  /** The issuer of `certificate`, already proved. */
  readonly issuer: Certificate;
  /** The octets sent as nonce, or `null` when none was sent (answers from a file). */
  readonly nonce: Uint8Array | null;
  /** The CertID digest that was asked with; `null` accepts either (answers from a file). Default `sha256`. */
  readonly certIdHash?: CertIdHash | null;
}

/** How old and how far ahead an answer may be. */
export interface OcspWindow {
  /** Greatest age of `thisUpdate` in milliseconds where the answer has no `nextUpdate`. */
  readonly maxAgeMs: number;
  /** Tolerated difference between the responder's clock and ours, in milliseconds. */
  readonly clockSkewMs: number;
  /**
   * What to do with an answer that carries no nonce although one was asked for. An answer with another nonce is always
   * refused. Default `refuse`.
   */
  readonly missingNonce?: 'refuse' | 'accept';
}
