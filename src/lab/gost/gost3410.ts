import { randomBytes } from 'node:crypto';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';

/** Curves of НУЦ РК keys; nuc names: GOST R 34.10-2015 and GOST 34.310-2004. */
export type GostCurve = 'gost2015-512' | 'gost2015-256' | 'gost2004-256';

/** A GOST key of the laboratory: numbers, no protection of the secret. */
export interface GostKey {
  readonly curve: GostCurve;
  readonly secret: bigint;
  /** x ‖ y, each little-endian, as НУЦ РК puts it into the certificate. */
  readonly publicKey: Uint8Array;
}

/** A new key, or the key with the given secret (0 < secret < q). */
export function gostKey(curve: GostCurve, secret: bigint = randomScalar(curve)): GostKey {
  const { point, octets } = CURVES[curve];
  const { x, y } = point.BASE.multiply(secret).toAffine();
  return {
    curve,
    secret,
    publicKey: Uint8Array.from([...littleEndian(x, octets), ...littleEndian(y, octets)]),
  };
}

/**
 * GOST R 34.10 signature (RFC 7091 §6.1) over a digest whose octets are read little-endian.
 * Returns r ‖ s, each little-endian: 64 or 128 octets.
 */
export function gostSign(key: GostKey, digest: Uint8Array): Uint8Array {
  const { point, q, octets } = CURVES[key.curve];
  const e = fromLittleEndian(digest) % q || 1n;
  for (;;) {
    const k = randomScalar(key.curve);
    const r = point.BASE.multiply(k).toAffine().x % q;
    const s = (r * key.secret + k * e) % q;
    if (r !== 0n && s !== 0n)
      return Uint8Array.from([...littleEndian(r, octets), ...littleEndian(s, octets)]);
  }
}

/** A number as `octets` octets, least significant first. */
export function littleEndian(value: bigint, octets: number): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(octets * 2, '0'), 'hex')).reverse();
}

export function fromLittleEndian(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
}

function randomScalar(curve: GostCurve): bigint {
  const { q, octets } = CURVES[curve];
  return (BigInt(`0x${randomBytes(octets + 16).toString('hex')}`) % (q - 1n)) + 1n;
}

function curve(
  octets: number,
  p: bigint,
  a: bigint,
  b: bigint,
  q: bigint,
  cofactor: bigint,
  x: bigint,
  y: bigint,
) {
  const point = weierstrass({ p, n: q, h: cofactor, a, b, Gx: x, Gy: y });
  point.BASE.precompute(6);
  return { octets, q, point };
}

const P256 = 2n ** 256n - 617n;
const P512 = 2n ** 512n - 569n;

const CURVES = {
  // id-tc26-gost-3410-12-512-paramSetA, RFC 7836 appendix A.1
  'gost2015-512': curve(
    64,
    P512,
    P512 - 3n,
    0xe8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760n,
    0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275n,
    1n,
    3n,
    0x7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4n,
  ),
  // id-tc26-gost-3410-2012-256-paramSetA, RFC 7836 appendix A.2
  'gost2015-256': curve(
    32,
    P256,
    0xc2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335n,
    0x295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513n,
    0x400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67n,
    4n,
    0x91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28n,
    0x32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5cn,
  ),
  // id-GostR3410-2001-CryptoPro-A-ParamSet, RFC 4357 §11.4
  'gost2004-256': curve(
    32,
    P256,
    P256 - 3n,
    166n,
    0xffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893n,
    1n,
    1n,
    0x8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14n,
  ),
} as const;
