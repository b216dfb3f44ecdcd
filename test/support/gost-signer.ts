import { CURVES, type CurveParameters, type GostCurve } from '../../src/eds/gost/curves.js';

/**
 * A GOST R 34.10-2012 signer for tests: schoolbook affine arithmetic written apart from the code under test, so that a
 * mistake there is not repeated here. Any private key and any nonce may be chosen, which is the point of it.
 */
export type AffinePoint = { readonly x: bigint; readonly y: bigint } | null;

const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

export function invert(value: bigint, modulus: bigint): bigint {
  let [low, high, lowFactor, highFactor] = [mod(value, modulus), modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, lowFactor, highFactor] = [high % low, low, highFactor - quotient * lowFactor, lowFactor];
  }
  return mod(lowFactor, modulus);
}

export function addPoints(curve: CurveParameters, left: AffinePoint, right: AffinePoint): AffinePoint {
  const { p, a } = curve;
  if (left === null) return right;
  if (right === null) return left;
  const same = left.x === right.x;
  if (same && mod(left.y + right.y, p) === 0n) return null;
  const slope = same
    ? mod((3n * left.x * left.x + a) * invert(2n * left.y, p), p)
    : mod((right.y - left.y) * invert(right.x - left.x, p), p);
  const x = mod(slope * slope - left.x - right.x, p);
  return { x, y: mod(slope * (left.x - x) - left.y, p) };
}

export function multiplyPoint(curve: CurveParameters, point: AffinePoint, scalar: bigint): AffinePoint {
  let result: AffinePoint = null;
  for (const bit of scalar.toString(2)) {
    result = addPoints(curve, result, result);
    if (bit === '1') result = addPoints(curve, result, point);
  }
  return result;
}

export const basePoint = (curve: CurveParameters): AffinePoint => ({ x: curve.gx, y: curve.gy });

/** A number as octets, little-endian. */
export function littleEndian(value: bigint, octets: number): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** Two numbers as the wire has them: x ‖ y of a key, r ‖ s of a signature. */
export function pair(curve: CurveParameters, first: bigint, second: bigint): Uint8Array {
  return Uint8Array.of(...littleEndian(first, curve.octets), ...littleEndian(second, curve.octets));
}

/** The public key of the private key `d` as it stands on the wire. */
export function publicKeyOf(curve: CurveParameters, d: bigint): Uint8Array {
  const point = multiplyPoint(curve, basePoint(curve), d);
  if (point === null) throw new Error('this private key has no public key');
  return pair(curve, point.x, point.y);
}

/** RFC 7091 §6.1 with a chosen nonce; null where the nonce gives r = 0 or s = 0. `e` is the digest as a number. */
export function signWithNonce(curve: CurveParameters, d: bigint, k: bigint, e: bigint): Uint8Array | null {
  const point = multiplyPoint(curve, basePoint(curve), k);
  if (point === null) return null;
  const r = point.x % curve.n;
  const s = mod(r * d + k * (e % curve.n || 1n), curve.n);
  return r === 0n || s === 0n ? null : pair(curve, r, s);
}

export const parametersOf = (curve: GostCurve): CurveParameters => CURVES[curve];
