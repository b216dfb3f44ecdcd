import { CURVES, type GostCurve } from './curves.js';
import { referenceScheme, type SignatureScheme } from './signature-reference.js';

const schemes = new Map<GostCurve, SignatureScheme>();

/** Built at first use: a process that meets no key of a curve does not pay for it. */
function schemeOf(curve: GostCurve): SignatureScheme {
  const known = schemes.get(curve);
  if (known !== undefined) return known;
  const scheme = referenceScheme(CURVES[curve]);
  schemes.set(curve, scheme);
  return scheme;
}

/**
 * Whether the octets are a key of the curve: x ‖ y, each little-endian and of 64 octets ('gost2015-512') or 32, both
 * coordinates below p, the point on the curve and in its group of prime order. Any other input is `false`.
 */
export function isPublicKey(curve: GostCurve, publicKey: Uint8Array): boolean {
  return schemeOf(curve).isPublicKey(publicKey);
}

/**
 * Verifies a signature of GOST R 34.10-2015 or GOST 34.310-2004 (RFC 7091 §6.2) over a digest.
 *
 * All octets are as НУЦ РК puts them on the wire: the key x ‖ y, the signature r ‖ s, the digest as the hash function gives
 * it, each number little-endian, of 64 octets ('gost2015-512') or 32. Wrong lengths, numbers out of range and a
 * point that is no key are `false` like a signature that does not match: this function never throws on its data.
 */
export function verify(
  curve: GostCurve,
  publicKey: Uint8Array,
  signature: Uint8Array,
  digest: Uint8Array,
): boolean {
  return schemeOf(curve).verify(publicKey, signature, digest);
}
