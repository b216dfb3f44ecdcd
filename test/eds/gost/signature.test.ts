import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CurveParameters } from '../../../src/eds/gost/curves.js';
import { digest, type GostCurve, isPublicKey, verify } from '../../../src/eds/gost/index.js';
import { referenceScheme, type SignatureScheme } from '../../../src/eds/gost/signature-reference.js';
import {
  basePoint,
  littleEndian,
  multiplyPoint,
  pair,
  parametersOf,
  publicKeyOf,
  signWithNonce,
} from '../../support/gost-signer.js';
import { opensslGostPresent, opensslKey } from '../../support/openssl-gost.js';
import { sharedBytes, sharedMaterialPresent } from '../../support/shared-material.js';

const CURVES: readonly GostCurve[] = ['gost2015-512', 'gost2015-256', 'gost2004-256'];

/** What every verifier must do, asked of the one callers get and of the reference behind it. */
const VERIFIERS = CURVES.flatMap((name) => {
  const shipped: SignatureScheme = {
    isPublicKey: (publicKey) => isPublicKey(name, publicKey),
    verify: (publicKey, signature, value) => verify(name, publicKey, signature, value),
  };
  return [
    { name, by: 'as shipped', scheme: shipped },
    { name, by: 'by the reference', scheme: referenceScheme(parametersOf(name)) },
  ];
});

/** The curves and signatures of RFC 7091 §7: other curves than the named ones, so they speak to the arithmetic. */
const EXAMPLES = [
  {
    name: 'RFC 7091 §7.1 (256 bits)',
    curve: {
      octets: 32,
      p: 0x8000000000000000000000000000000000000000000000000000000000000431n,
      a: 7n,
      b: 0x5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7en,
      n: 0x8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3n,
      h: 1n,
      orderTwo: null,
      gx: 2n,
      gy: 0x8e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8n,
    },
    qx: 0x7f2b49e270db6d90d8595bec458b50c58585ba1d4e9b788f6689dbd8e56fd80bn,
    qy: 0x26f1b489d6701dd185c8413a977b3cbbaf64d1c593d26627dffb101a87ff77dan,
    e: 0x2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5n,
    r: 0x41aa28d2f1ab148280cd9ed56feda41974053554a42767b83ad043fd39dc0493n,
    s: 0x1456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40n,
  },
  {
    name: 'RFC 7091 §7.2 (512 bits)',
    curve: {
      octets: 64,
      p: 0x4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15df1d852741af4704a0458047e80e4546d35b8336fac224dd81664bbf528be6373n,
      a: 7n,
      b: 0x1cff0806a31116da29d8cfa54e57eb748bc5f377e49400fdd788b649eca1ac4361834013b2ad7322480a89ca58e0cf74bc9e540c2add6897fad0a3084f302adcn,
      n: 0x4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15da82f2d7ecb1dbac719905c5eecc423f1d86e25edbe23c595d644aaf187e6e6dfn,
      h: 1n,
      orderTwo: null,
      gx: 0x24d19cc64572ee30f396bf6ebbfd7a6c5213b3b3d7057cc825f91093a68cd762fd60611262cd838dc6b60aa7eee804e28bc849977fac33b4b530f1b120248a9an,
      gy: 0x2bb312a43bd2ce6e0d020613c857acddcfbf061e91e5f2c3f32447c259f39b2c83ab156d77f1496bf7eb3351e1ee4e43dc1a18b91b24640b6dbb92cb1add371en,
    },
    qx: 0x115dc5bc96760c7b48598d8ab9e740d4c4a85a65be33c1815b5c320c854621dd5a515856d13314af69bc5b924c8b4ddff75c45415c1d9dd9dd33612cd530efe1n,
    qy: 0x37c7c90cd40b0f5621dc3ac1b751cfa0e2634fa0503b3d52639f5d7fb72afd61ea199441d943ffe7f0c70a2759a3cdb84c114e1f9339fdf27f35eca93677beecn,
    e: 0x3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c5917184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8cn,
    r: 0x2f86fa60a081091a23dd795e1e3c689ee512a3c82ee0dcc2643c78eea8fcacd35492558486b20f1c9ec197c90699850260c93bcbcd9c5c3317e19344e173ae36n,
    s: 0x1081b394696ffe8e6585e7a9362d26b6325f56778aadbc081c0bfbe933d52ff5823ce288e8c4f362526080df7f70ce406a6eeb1f56919cb92a9853bde73e5b4an,
  },
] as const;

describe.each(EXAMPLES)('$name', ({ curve, qx, qy, e, r, s }) => {
  const scheme = referenceScheme(curve);
  const key = pair(curve, qx, qy);

  it('verifies', () => {
    expect(scheme.verify(key, pair(curve, r, s), littleEndian(e, curve.octets))).toBe(true);
  });

  it('does not verify with r and s exchanged, another digest, or each number off by one', () => {
    const signature = pair(curve, r, s);
    const value = littleEndian(e, curve.octets);
    expect(scheme.verify(key, pair(curve, s, r), value)).toBe(false);
    expect(scheme.verify(key, signature, littleEndian(e + 1n, curve.octets))).toBe(false);
    expect(scheme.verify(key, pair(curve, r + 1n, s), value)).toBe(false);
    expect(scheme.verify(key, pair(curve, r, s - 1n), value)).toBe(false);
  });
});

function numbers(curve: CurveParameters): bigint[] {
  return [0n, 1n, curve.n - 1n, curve.n, curve.n + 1n, (1n << BigInt(8 * curve.octets)) - 1n];
}

describe.each(VERIFIERS)('a signature on $name, $by,', ({ name, scheme }) => {
  const curve = parametersOf(name);
  const d = 0x1234567890abcdef_1122334455667788_99aabbccddeeff00_0f1e2d3c4b5a6978n;
  const key = publicKeyOf(curve, d);
  const e = (curve.n * 5n) / 7n;
  const value = littleEndian(e, curve.octets);
  const signature = signWithNonce(curve, d, (curve.n * 3n) / 11n, e)!;

  it('verifies under its key', () => {
    expect(scheme.isPublicKey(key)).toBe(true);
    expect(scheme.verify(key, signature, value)).toBe(true);
  });

  it('verifies for the smallest and largest private keys and nonces', () => {
    for (const secret of [1n, 2n, 3n, curve.n - 1n]) {
      for (const nonce of [1n, 2n, curve.n - 1n]) {
        const made = signWithNonce(curve, secret, nonce, e);
        if (made !== null) expect(scheme.verify(publicKeyOf(curve, secret), made, value)).toBe(true);
      }
    }
  });

  it('takes a digest that is zero modulo n for one, as RFC 7091 says', () => {
    const made = signWithNonce(curve, d, 77n, 1n)!;
    for (const zero of [0n, 1n, curve.n, curve.n + 1n]) {
      expect(scheme.verify(key, made, littleEndian(zero, curve.octets))).toBe(true);
    }
    expect(scheme.verify(key, made, littleEndian(2n, curve.octets))).toBe(false);
  });

  it('is refused when any bit of the key, the signature or the digest is flipped', () => {
    const parts = [key, signature, value] as const;
    fc.assert(
      fc.property(fc.nat(2), fc.nat(), (which, position) => {
        const changed = parts.map((part) => Uint8Array.from(part));
        const target = changed[which]!;
        const bit = position % (8 * target.length);
        target[bit >> 3]! ^= 1 << (bit & 7);
        expect(scheme.verify(changed[0]!, changed[1]!, changed[2]!)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused in any other order of octets or halves', () => {
    const half = curve.octets;
    const swapped = Uint8Array.of(...signature.subarray(half), ...signature.subarray(0, half));
    const keySwapped = Uint8Array.of(...key.subarray(half), ...key.subarray(0, half));
    expect(scheme.verify(key, swapped, value)).toBe(false);
    expect(scheme.verify(key, Uint8Array.from(signature).reverse(), value)).toBe(false);
    expect(scheme.verify(key, Uint8Array.from(swapped).reverse(), value)).toBe(false);
    expect(scheme.verify(key, signature, Uint8Array.from(value).reverse())).toBe(false);
    expect(scheme.verify(keySwapped, signature, value)).toBe(false);
    expect(scheme.verify(Uint8Array.from(key).reverse(), signature, value)).toBe(false);
  });

  it('is refused when r or s is zero, n or beyond, with whatever partner', () => {
    const r = BigInt(`0x${Buffer.from(signature.subarray(0, curve.octets)).reverse().toString('hex')}`);
    const s = BigInt(`0x${Buffer.from(signature.subarray(curve.octets)).reverse().toString('hex')}`);
    for (const first of [...numbers(curve), r]) {
      for (const second of [...numbers(curve), s]) {
        const genuine = first === r && second === s;
        expect(scheme.verify(key, pair(curve, first, second), value)).toBe(genuine);
      }
    }
  });

  it('is refused, not thrown at, for every wrong length', () => {
    for (const change of [(o: Uint8Array) => o.subarray(1), (o: Uint8Array) => Uint8Array.of(...o, 0)]) {
      expect(scheme.verify(change(key), signature, value)).toBe(false);
      expect(scheme.verify(key, change(signature), value)).toBe(false);
      expect(scheme.verify(key, signature, change(value))).toBe(false);
    }
    const nothing = new Uint8Array();
    expect(scheme.verify(nothing, nothing, nothing)).toBe(false);
    expect(scheme.isPublicKey(nothing)).toBe(false);
  });

  it('is refused when the sum of points is infinity or the key is a multiple met on the way', () => {
    // s = r·d makes C = z₁G + z₂Q the point at infinity: a nonce of zero.
    const r = 12345n;
    for (const secret of [d % curve.n, 1n, 2n]) {
      const infinity = pair(curve, r, (r * secret) % curve.n);
      expect(scheme.verify(publicKeyOf(curve, secret), infinity, value)).toBe(false);
    }
  });
});

describe.each(VERIFIERS)('a public key on $name, $by,', ({ name, scheme }) => {
  const curve = parametersOf(name);
  const [x, y] = [curve.gx, curve.gy];

  it('is refused off the curve, at the origin, and with a coordinate not below p', () => {
    expect(scheme.isPublicKey(pair(curve, x, y))).toBe(true);
    expect(scheme.isPublicKey(pair(curve, x, curve.p - y))).toBe(true);
    expect(scheme.isPublicKey(pair(curve, x, y + 1n))).toBe(false);
    expect(scheme.isPublicKey(pair(curve, 0n, 0n))).toBe(false);
    // The same point written with x + p, where that still fits: on the curve modulo p, but not canonical.
    const roomy = x + curve.p < 1n << BigInt(8 * curve.octets);
    if (roomy) expect(scheme.isPublicKey(pair(curve, x + curve.p, y))).toBe(false);
    expect(scheme.isPublicKey(pair(curve, curve.p, y))).toBe(false);
    expect(scheme.isPublicKey(pair(curve, x, curve.p))).toBe(false);
  });
});

const WITH_COFACTOR = VERIFIERS.filter(({ name }) => name === 'gost2015-256');
describe.each(WITH_COFACTOR)('the cofactor of gost2015-256, $by,', ({ scheme }) => {
  const curve = parametersOf('gost2015-256');
  /** Points of the curve by trying abscissas: about three quarters of them are outside the group of order n. */
  function somePoints(count: number): { x: bigint; y: bigint }[] {
    const power = (base: bigint, exponent: bigint): bigint => {
      let [result, square] = [1n, base % curve.p];
      for (let rest = exponent; rest > 0n; rest >>= 1n) {
        if (rest & 1n) result = (result * square) % curve.p;
        square = (square * square) % curve.p;
      }
      return result;
    };
    const points: { x: bigint; y: bigint }[] = [];
    for (let x = 1n; points.length < count; x++) {
      const square = (x * x * x + curve.a * x + curve.b) % curve.p;
      const y = power(square, (curve.p + 1n) / 4n);
      if ((y * y) % curve.p === square) points.push({ x, y });
    }
    return points;
  }

  it('lets no point outside the group of order n pass for a key', () => {
    let outside = 0;
    for (const point of somePoints(24)) {
      const inGroup = multiplyPoint(curve, point, curve.n) === null;
      if (!inGroup) outside++;
      expect(scheme.isPublicKey(pair(curve, point.x, point.y))).toBe(inGroup);
    }
    expect(outside).toBeGreaterThan(5);
  });

  it('lets no point of order two or four pass for a key', () => {
    const small = somePoints(24).flatMap((point) => {
      const low = multiplyPoint(curve, point, curve.n);
      return low === null ? [] : [low];
    });
    const orders = new Set(small.map((point) => (point.y === 0n ? 2 : 4)));
    expect(orders).toEqual(new Set([2, 4]));
    for (const point of small) {
      expect(scheme.isPublicKey(pair(curve, point.x, point.y))).toBe(false);
    }
    expect(basePoint(curve)).not.toBeNull();
  });
});

const engine = opensslGostPresent() ? describe : describe.skip;
engine.each(CURVES)('against the OpenSSL GOST engine, %s', (name) => {
  const key = opensslKey(name);
  afterAll(() => {
    key.close();
  });
  const octets = parametersOf(name).octets;
  const message = (i: number): Uint8Array =>
    digest(octets === 64 ? 'streebog-512' : 'streebog-256', Uint8Array.of(i));

  it('verifies what the engine signs', () => {
    for (let i = 0; i < 8; i++) {
      const signature = key.sign(message(i));
      expect(verify(name, key.publicKey, signature, message(i))).toBe(true);
      expect(verify(name, key.publicKey, signature, message(i + 1))).toBe(false);
    }
  });

  it('agrees with the engine on changed signatures', () => {
    const signature = key.sign(message(1));
    for (let i = 0; i < signature.length; i += 13) {
      const changed = Uint8Array.from(signature);
      changed[i]! ^= 0x10;
      expect(verify(name, key.publicKey, changed, message(1))).toBe(key.verify(changed, message(1)));
    }
  });
});

/** As much DER as the test needs: the children of a constructed element, each with header and content. */
function elements(der: Uint8Array): { whole: Uint8Array; content: Uint8Array }[] {
  const found = [];
  for (let at = 0; at < der.length;) {
    const first = der[at + 1]!;
    const extra = first & 0x80 ? first & 0x7f : 0;
    let length = first;
    if (extra) length = der.subarray(at + 2, at + 2 + extra).reduce((sum, octet) => sum * 256 + octet, 0);
    const start = at + 2 + extra;
    found.push({ whole: der.subarray(at, start + length), content: der.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

const real = sharedMaterialPresent() ? describe : describe.skip;
real('on certificates of НУЦ РК', () => {
  function read(path: string): { tbs: Uint8Array; key: Uint8Array; signature: Uint8Array } {
    const pem = Buffer.from(sharedBytes(path)).toString('latin1');
    const der = Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
    const [tbs, , signature] = elements(elements(der)[0]!.content);
    const fields = elements(tbs!.content);
    const key = elements(fields[6]!.content)[1]!.content.subarray(1);
    return { tbs: tbs!.whole, key: elements(key)[0]!.content, signature: signature!.content.subarray(1) };
  }

  it.each([
    ['ship/root_gost_2022.pem', 'ship/root_gost_2022.pem', 'gost2015-512', 'streebog-512'],
    ['ship/nca_gost_2022.pem', 'ship/root_gost_2022.pem', 'gost2015-512', 'streebog-512'],
    ['ship/root_gost.pem', 'ship/root_gost.pem', 'gost2004-256', 'gost34311-95'],
    ['ship/nca_gost.pem', 'ship/root_gost.pem', 'gost2004-256', 'gost34311-95'],
    ['pinned/root_test_gost_2022.pem', 'pinned/root_test_gost_2022.pem', 'gost2015-512', 'streebog-512'],
    ['pinned/nca_gost2022_test.pem', 'pinned/root_test_gost_2022.pem', 'gost2015-512', 'streebog-512'],
  ] as const)('verifies %s under %s', (subject, issuer, curve, algorithm) => {
    const { tbs, signature } = read(`certs/${subject}`);
    const { key } = read(`certs/${issuer}`);
    expect(verify(curve, key, signature, digest(algorithm, tbs))).toBe(true);
    const changed = Uint8Array.from(tbs);
    changed[20]! ^= 1;
    expect(verify(curve, key, signature, digest(algorithm, changed))).toBe(false);
  });

  it('does not verify a certificate under another authority of the same curve', () => {
    const { tbs, signature } = read('certs/ship/nca_gost_2022.pem');
    const { key } = read('certs/pinned/root_test_gost_2022.pem');
    expect(verify('gost2015-512', key, signature, digest('streebog-512', tbs))).toBe(false);
  });
});
