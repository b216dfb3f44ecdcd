/**
 * The three curves of НУЦ РК keys. НУЦ РК gives them its own OIDs (1.2.398.3.10.1.1.*), the curves themselves are the
 * Russian ones of RFC 4357 and RFC 7836.
 */

/**
 * Names a key's curve: GOST R 34.10-2015 with a 512- or 256-bit modulus (tc26-gost-3410-12-{512,256}-paramSetA) or
 * GOST 34.310-2004 (GostR3410-2001-CryptoPro-A).
 */
export type GostCurve = 'gost2015-512' | 'gost2015-256' | 'gost2004-256';

/** A short Weierstrass curve y² = x³ + ax + b over the field of p elements, with a base point of prime order n. */
export interface CurveParameters {
  /** Octets of one coordinate, of r, of s and of the digest on the wire. */
  readonly octets: 32 | 64;
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  readonly n: bigint;
  /** Cofactor: number of points divided by n. */
  readonly h: bigint;
  /** Abscissa of the point of order two, which a curve of cofactor 4 has; null for cofactor 1. */
  readonly orderTwo: bigint | null;
  readonly gx: bigint;
  readonly gy: bigint;
}

/** RFC 7836 appendix A.1, id-tc26-gost-3410-12-512-paramSetA. p = 2⁵¹² − 569, a = p − 3. */
const TC26_512_A: CurveParameters = {
  octets: 64,
  p: (1n << 512n) - 569n,
  a: (1n << 512n) - 572n,
  b: 0xe8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760n,
  n: 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275n,
  h: 1n,
  orderTwo: null,
  gx: 3n,
  gy: 0x7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4n,
};

/** RFC 7836 appendix A.2, id-tc26-gost-3410-2012-256-paramSetA: the only one of the three with a cofactor. */
const TC26_256_A: CurveParameters = {
  octets: 32,
  p: (1n << 256n) - 617n,
  a: 0xc2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335n,
  b: 0x295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513n,
  n: 0x400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67n,
  h: 4n,
  orderTwo: 0x100fe73f595ff158e974b44d478d9588744fe5c192ac47ea63075dce7a14aaan,
  gx: 0x91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28n,
  gy: 0x32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5cn,
};

/** RFC 4357 §11.4, id-GostR3410-2001-CryptoPro-A-ParamSet. p = 2²⁵⁶ − 617, a = p − 3. */
const CRYPTOPRO_A: CurveParameters = {
  octets: 32,
  p: (1n << 256n) - 617n,
  a: (1n << 256n) - 620n,
  b: 166n,
  n: 0xffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893n,
  h: 1n,
  orderTwo: null,
  gx: 1n,
  gy: 0x8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14n,
};

/** Parameters of each named curve. */
export const CURVES: Readonly<Record<GostCurve, CurveParameters>> = {
  'gost2015-512': TC26_512_A,
  'gost2015-256': TC26_256_A,
  'gost2004-256': CRYPTOPRO_A,
};
