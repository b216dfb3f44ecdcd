/**
 * GOST R 34.10-2012 (RFC 7091) verification in BigInt, on the complete addition formulas of @noble/curves: no input,
 * however contrived, meets a point addition it gets wrong. Slow (about 8 ms for 512 bits) and the measure of truth for
 * anything faster. Verification only: all inputs are public, so its time may depend on them.
 */
import { type WeierstrassPoint, weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { type CurveParameters } from './curves.js';

type Point = WeierstrassPoint<bigint>;

/** The two questions asked of a curve. Octets are as on the wire: little-endian, halves concatenated. */
export interface SignatureScheme {
  /** False for a wrong length, a coordinate ≥ p, a point off the curve or outside the group of order n. */
  isPublicKey(publicKey: Uint8Array): boolean;
  /** RFC 7091 §6.2. False for anything but a valid signature of `digest` under a valid key; never throws. */
  verify(publicKey: Uint8Array, signature: Uint8Array, digest: Uint8Array): boolean;
}

/** Verification over any curve: the named ones and those of the examples in RFC 7091. */
export function referenceScheme(curve: CurveParameters): SignatureScheme {
  const { octets, p, a, b, n, h, gx, gy } = curve;
  const Curve = weierstrass({ p, a, b, n, h, Gx: gx, Gy: gy });

  function readPoint(publicKey: Uint8Array): Point | null {
    if (publicKey.length !== 2 * octets) return null;
    const x = littleEndian(publicKey.subarray(0, octets));
    const y = littleEndian(publicKey.subarray(octets));
    if (x >= p || y >= p) return null;
    if ((y * y - (x * x * x + a * x + b)) % p !== 0n) return null;
    if (h !== 1n && isOfSmallOrder(x, y)) return null;
    const point = Curve.fromAffine({ x, y });
    // n·Q = O written as (n − 1)·Q = −Q, which meets no point the formulas are not complete for.
    if (point.is0() || (h !== 1n && !point.multiplyUnsafe(n - 1n).equals(point.negate()))) return null;
    return point;
  }

  /** Whether the point has order two (y = 0) or four (its double has): a cofactor of four allows no other small order. */
  function isOfSmallOrder(x: bigint, y: bigint): boolean {
    if (y === 0n) return true;
    const slope = ((3n * x * x + a) * inverse((2n * y) % p, p)) % p;
    return (slope * (3n * x - slope * slope) - y) % p === 0n;
  }

  return {
    isPublicKey: (publicKey) => readPoint(publicKey) !== null,
    verify(publicKey, signature, digest) {
      if (signature.length !== 2 * octets || digest.length !== octets) return false;
      const r = littleEndian(signature.subarray(0, octets));
      const s = littleEndian(signature.subarray(octets));
      if (r === 0n || r >= n || s === 0n || s >= n) return false;
      const key = readPoint(publicKey);
      if (key === null) return false;
      const e = littleEndian(digest) % n || 1n;
      const v = inverse(e, n);
      const point = Curve.BASE.mulAddUnsafe((s * v) % n, key, ((n - r) * v) % n);
      return !point.is0() && point.toAffine().x % n === r;
    },
  };
}

function littleEndian(octets: Uint8Array): bigint {
  let hex = '';
  for (let i = octets.length - 1; i >= 0; i--) hex += (octets[i] ?? 0).toString(16).padStart(2, '0');
  return BigInt(`0x${hex}`);
}

/** Inverse of `value` modulo the prime `modulus` by Euclid's algorithm; `value` is in 1 … modulus − 1. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high] = [value, modulus];
  let [lowFactor, highFactor] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [lowFactor, highFactor] = [highFactor - quotient * lowFactor, lowFactor];
  }
  return lowFactor < 0n ? lowFactor + modulus : lowFactor;
}
