import { type GostCurve } from './curves.js';
import { gostEngine } from './engine.js';

/**
 * Whether the octets are a key of the curve: x ‖ y, each little-endian and of 64 octets ('gost2015-512') or 32, both
 * coordinates below p, the point on the curve and in its group of prime order. Any other input is `false`.
 */
export function isPublicKey(curve: GostCurve, publicKey: Uint8Array): boolean {
  return gostEngine.scheme(curve).isPublicKey(publicKey);
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
  return gostEngine.scheme(curve).verify(publicKey, signature, digest);
}

/**
 * Prepares a key that will be met often, a CA's or a responder's: verification under it becomes about four times as fast.
 * Takes some 20 ms and 1.2 MB (0.3 MB for 256 bits), so it belongs to the start and to a change of trust; at most eight keys
 * of a curve are kept, the least recently used giving way. False if the octets are no key.
 */
export function prepareKey(curve: GostCurve, publicKey: Uint8Array): boolean {
  return gostEngine.prepareKey(curve, publicKey);
}
