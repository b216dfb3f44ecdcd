import { verifySignatureValue } from '../algorithms/signature.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';

/**
 * Whether a certificate is signed with its own key, and not only issued under its own name, as the certificates are with which
 * a CA moves to another key (RFC 5280 §3.2).
 */
export function isSelfSigned(certificate: Certificate): boolean {
  const { issuer, subject, publicKey, signatureAlgorithm, tbs, signature } = certificate;
  return sameName(issuer, subject) && verifySignatureValue(publicKey, signatureAlgorithm, tbs, signature).ok;
}
