import { type GostCurve } from '../../src/eds/gost/index.js';
import {
  addPoints,
  type AffinePoint,
  basePoint,
  invert,
  littleEndian,
  multiplyPoint,
  pair,
  parametersOf,
} from './gost-signer.js';

/**
 * Signatures for comparing verifiers, good and bad, with the right verdict known beforehand. The private key d and the nonce k
 * being known, a changed (s, e) with the same r is valid exactly when (s − r·d)/e is k or −k modulo n: arithmetic of numbers
 * only, no points. A changed r, or a key moved off its place, is never valid but with negligible probability.
 */
export interface SignatureCase {
  readonly label: string;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly digest: Uint8Array;
  readonly valid: boolean;
}

type Point = Exclude<AffinePoint, null>;
interface Multiple {
  readonly scalar: bigint;
  readonly point: Point;
}

/** A small deterministic generator (xorshift128), so that a failing case can be met again by its seed. */
function randomSource(seed: number): () => number {
  let [x, y, z, w] = [123456789 ^ seed, 362436069, 521288629, 88675123];
  return () => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
}

/** An endless stream of cases on one curve; the same seed gives the same cases. */
export function* signatureCases(name: GostCurve, seed: number): Generator<SignatureCase, never> {
  const curve = parametersOf(name);
  const { n, p, octets } = curve;
  const random = randomSource(seed);
  const pick = <T>(items: readonly T[]): T => items[random() % items.length]!;
  const number = (): bigint => {
    let value = 0n;
    for (let i = 0; i < octets / 4; i++) value = (value << 32n) | BigInt(random());
    return value;
  };
  const mod = (value: bigint): bigint => ((value % n) + n) % n;
  const limit = (1n << BigInt(8 * octets)) - 1n;
  const digests = [0n, 1n, 2n, n - 1n, n, n + 1n, limit, limit - 1n, 1n << BigInt(8 * octets - 1)];

  const multiple = (scalar: bigint): Multiple => ({
    scalar,
    point: multiplyPoint(curve, basePoint(curve), scalar)!,
  });
  const sum = (left: Multiple, right: Multiple): Multiple => {
    const point = addPoints(curve, left.point, right.point);
    return point === null ? left : { scalar: mod(left.scalar + right.scalar), point };
  };
  const negative = ({ scalar, point }: Multiple): Multiple => ({
    scalar: n - scalar,
    point: { x: point.x, y: p - point.y },
  });

  // 1 … 66 and their negatives: what the tables of a verifier hold and what meets them on the way.
  const small = [multiple(1n)];
  while (small.length < 66) small.push(sum(small.at(-1)!, small[0]!));
  const powers = [8n, 9n, 29n, 30n, 255n, BigInt(8 * octets - 3)].map((bit) => multiple((1n << bit) % n));
  const contrived = [...small, ...powers].flatMap((one) => [one, negative(one)]);
  const steps = [multiple(mod(number())), multiple(mod(number())), multiple(mod(number()))];
  let walker = steps[0]!;
  const walk = (): Multiple => {
    walker = sum(walker, pick(steps));
    return random() & 1 ? walker : negative(walker);
  };
  let keys = [walk(), walk(), walk(), walk()];

  for (;;) {
    if (random() % 16 === 0) keys = [...keys.slice(1), walk()];
    const key = random() % 3 === 0 ? pick(contrived) : pick(keys);
    // A nonce that is the key, or a small multiple away from it, brings additions of equal and opposite points.
    const nonce =
      random() % 2 === 0 ? walk() : random() % 4 === 0 ? sum(key, pick(contrived)) : pick(contrived);
    const digest = random() % 3 === 0 ? pick(digests) : number();
    const e = digest % n || 1n;
    const r = nonce.point.x % n;
    const s = mod(r * key.scalar + nonce.scalar * e);
    if (r === 0n || s === 0n || mod(nonce.scalar) === 0n) continue;

    const build = (label: string, valid: boolean, change: Partial<Record<Field, bigint>>): SignatureCase => ({
      label: `${name}: ${label}, d = ${key.scalar.toString(16)}, k = ${nonce.scalar.toString(16)}, digest = ${digest.toString(16)}`,
      publicKey: pair(curve, change.x ?? key.point.x, change.y ?? key.point.y),
      signature: pair(curve, change.r ?? r, change.s ?? s),
      digest: littleEndian(change.digest ?? digest, octets),
      valid,
    });
    /** The verdict on another s or digest under another multiple of the base point. */
    const holds = (otherS: bigint, otherDigest: bigint, d: bigint): boolean => {
      if (otherS === 0n || otherS >= n) return false;
      const k = mod((otherS - r * d) * invert(otherDigest % n || 1n, n));
      return k === mod(nonce.scalar) || k === mod(-nonce.scalar);
    };
    const flip = (value: bigint): bigint => value ^ (1n << BigInt(random() % (8 * octets)));
    const numbers = [0n, 1n, n - 1n, n, n + 1n, limit, p, p - 1n, number()];

    yield build('as signed', true, {});
    switch (random() % 10) {
      case 0:
        yield build('digest of the opposite number', true, { digest: e === n ? digest : n - e });
        break;
      case 1: {
        const other = flip(digest);
        yield build('a bit of the digest', holds(s, other, key.scalar), { digest: other });
        break;
      }
      case 2: {
        const other = flip(s);
        yield build('a bit of s', holds(other, digest, key.scalar), { s: other });
        break;
      }
      case 3:
        yield build('a bit of r', false, { r: flip(r) });
        break;
      case 4: {
        const other = pick([...numbers, s + n <= limit ? s + n : 0n]);
        yield build('another s', holds(other, digest, key.scalar), { s: other });
        break;
      }
      case 5: {
        const other = pick([...numbers, r + n <= limit ? r + n : 0n]);
        if (other !== r) yield build('another r', false, { r: other });
        break;
      }
      case 6:
        if (r !== s) yield build('r and s exchanged', false, { r: s, s: r });
        break;
      case 7:
        yield build('the opposite key', holds(s, digest, n - key.scalar), { y: p - key.point.y });
        break;
      case 8:
        yield pick([
          build('a bit of x', false, { x: flip(key.point.x) }),
          build('a bit of y', false, { y: flip(key.point.y) }),
          build('the key at the origin', false, { x: 0n, y: 0n }),
          build('x = p', false, { x: p }),
          ...(key.point.x + p <= limit ? [build('x + p', false, { x: key.point.x + p })] : []),
        ]);
        break;
      default:
        // s = r·d: the sum of points is infinity.
        yield build('a nonce of zero', false, { s: mod(r * key.scalar) });
    }
  }
}

type Field = 'x' | 'y' | 'r' | 's' | 'digest';
