import { type AlgorithmIdentifier, type SubjectPublicKeyInfo } from '../certificate/public-key.js';
import { type ReasonCode } from '../error.js';
import { chooseScheme } from './scheme.js';

/** Whether a signature value is good, and why not. */
export type SignatureCheck = { readonly ok: true } | { readonly ok: false; readonly code: ReasonCode };

/**
 * Verifies the signature of a certificate, a CRL or an OCSP response: formats that name their scheme in one field.
 *
 * @param publicKey the key that should have signed
 * @param algorithm the signatureAlgorithm beside the signature
 * @param data the signed octets exactly as they came
 * @param signature the content of the signature BIT STRING
 * @returns `SIGNATURE_ALGORITHM_FORBIDDEN`, `SIGNATURE_ALGORITHM_MISMATCH` or `SIGNATURE_INVALID` where it is not good;
 *   never throws on its data
 */
export function verifySignatureValue(
  publicKey: SubjectPublicKeyInfo,
  algorithm: AlgorithmIdentifier,
  data: Uint8Array,
  signature: Uint8Array,
): SignatureCheck {
  const choice = chooseScheme(publicKey, algorithm, null);
  if (!choice.ok) return choice;
  return choice.scheme.verify(data, signature) ? { ok: true } : { ok: false, code: 'SIGNATURE_INVALID' };
}
