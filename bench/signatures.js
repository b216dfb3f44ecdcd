// Signatures under fresh keys for the benches, made with noble's arithmetic and random numbers that nobody keeps.
import { randomBytes } from 'node:crypto';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';

const number = (octets) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
const octetsOf = (value, length) =>
  Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** `count` records {publicKey, signature, digest} as they stand on the wire, each under a key of its own. */
export function signedRecords({ octets, p, a, b, n, h, gx, gy }, count) {
  const base = weierstrass({ p, a, b, n, h, Gx: gx, Gy: gy }).BASE;
  const scalar = () => (number(randomBytes(octets)) % (n - 1n)) + 1n;
  return Array.from({ length: count }, () => {
    const [d, k, digest] = [scalar(), scalar(), randomBytes(octets)];
    const key = base.multiply(d).toAffine();
    const r = base.multiply(k).toAffine().x % n;
    const s = (r * d + k * (number(digest) % n)) % n;
    return {
      publicKey: Uint8Array.of(...octetsOf(key.x, octets), ...octetsOf(key.y, octets)),
      signature: Uint8Array.of(...octetsOf(r, octets), ...octetsOf(s, octets)),
      digest: new Uint8Array(digest),
    };
  });
}
