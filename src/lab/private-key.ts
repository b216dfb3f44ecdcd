import {
  constants,
  createHash,
  createPublicKey,
  createPrivateKey,
  generateKeyPair,
  privateEncrypt,
  sign as rsaSign,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import {
  algorithmIdentifier,
  bitString,
  context,
  integer,
  octetString,
  oid,
  readTlv,
  sequence,
} from './der.js';
import { gost34311 } from './gost/gost34311.js';
import {
  fromLittleEndian,
  gostKey,
  gostSign,
  littleEndian,
  type GostCurve,
  type GostKey,
} from './gost/gost3410.js';
import { streebog } from './gost/streebog.js';
import { OID } from './oid.js';

export type KeyAlgorithm = 'rsa-2048' | GostCurve;

/** How an RSA key signs. НУЦ РК uses `sha256`; `sha1` is what its certificates before 2018 used and must be refused. */
export type RsaScheme = 'sha256' | 'sha384' | 'sha512' | 'sha1' | 'pss';

/** A secret key of the laboratory. GOST keys have one scheme only and ignore `scheme`. */
export interface PrivateKey {
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array;
  /** Content of the subjectPublicKey bit string: what key identifiers are computed from. */
  readonly publicKeyBits: Uint8Array;
  /** PrivateKeyInfo of PKCS#8, DER, with the private key as НУЦ РК's key files have it. */
  readonly privateKeyInfo: Uint8Array;
  digest(data: Uint8Array, scheme?: RsaScheme): Uint8Array;
  sign(data: Uint8Array, scheme?: RsaScheme): Uint8Array;
  /** Signs a digest made elsewhere. For RSA: PKCS#1 v1.5 over SHA-256. */
  signDigest(digest: Uint8Array): Uint8Array;
  /** AlgorithmIdentifier values of this key and scheme. */
  readonly identifiers: (scheme?: RsaScheme) => {
    signature: Uint8Array;
    digest: Uint8Array;
    key: Uint8Array;
  };
}

/** A new throw-away key. RSA takes a tenth of a second or more. */
export async function generatePrivateKey(algorithm: KeyAlgorithm): Promise<PrivateKey> {
  if (algorithm !== 'rsa-2048') return gostPrivateKey(gostKey(algorithm));
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return rsaPrivateKey(privateKey);
}

/**
 * Reads PrivateKeyInfo (PKCS#8) as found in a key file: RSA, or GOST with the secret as an OCTET STRING (2015, little-endian) or INTEGER
 * (2004, big-endian).
 */
export function readPrivateKey(privateKeyInfo: Uint8Array, keyOid: string, secret: Uint8Array): PrivateKey {
  if (keyOid === OID.rsa) {
    return rsaPrivateKey(
      createPrivateKey({ key: Buffer.from(privateKeyInfo), format: 'der', type: 'pkcs8' }),
    );
  }
  const curve = GOST_CURVES.find((candidate) => GOST[candidate].keyOid === keyOid);
  if (curve === undefined) throw new Error(`the laboratory has no keys of type ${keyOid}`);
  const { tag, content } = readTlv(secret);
  return gostPrivateKey(gostKey(curve, fromLittleEndian(tag === 0x02 ? content.reverse() : content)));
}

function rsaPrivateKey(key: KeyObject): PrivateKey {
  const publicKeyInfo = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  const hashOf = (scheme: RsaScheme = 'sha256'): keyof typeof SHA => (scheme === 'pss' ? 'sha256' : scheme);
  return {
    algorithm: 'rsa-2048',
    publicKeyInfo,
    // the bit string is the last element: RSAPublicKey of RFC 8017 in PKCS#1 form
    publicKeyBits: new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'pkcs1' })),
    privateKeyInfo: new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })),
    digest: (data, scheme) => new Uint8Array(createHash(hashOf(scheme)).update(data).digest()),
    sign(data, scheme) {
      const padding = scheme === 'pss' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
      return new Uint8Array(rsaSign(hashOf(scheme), data, { key, ...padding }));
    },
    signDigest(digest) {
      const digestInfo = sequence(algorithmIdentifier(OID.sha256), octetString(digest));
      return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo));
    },
    identifiers: (scheme = 'sha256') => ({
      key: algorithmIdentifier(OID.rsa),
      digest: algorithmIdentifier(SHA[hashOf(scheme)].digest),
      signature: scheme === 'pss' ? PSS : algorithmIdentifier(SHA[hashOf(scheme)].signature),
    }),
  };
}

const SHA = {
  sha1: { digest: OID.sha1, signature: OID.sha1WithRsa },
  sha256: { digest: OID.sha256, signature: OID.sha256WithRsa },
  sha384: { digest: OID.sha384, signature: OID.sha384WithRsa },
  sha512: { digest: OID.sha512, signature: OID.sha512WithRsa },
} as const;

/** RSASSA-PSS-params of RFC 4055: SHA-256, MGF1 with SHA-256, salt of 32 octets. */
const PSS = algorithmIdentifier(
  OID.rsaPss,
  sequence(
    context(0, algorithmIdentifier(OID.sha256)),
    context(1, algorithmIdentifier(OID.mgf1, algorithmIdentifier(OID.sha256))),
    context(2, integer(32)),
  ),
);

function gostPrivateKey(key: GostKey): PrivateKey {
  const { keyOid, parameters, digestOid, signatureOid, digest, octets } = GOST[key.curve];
  const keyIdentifier = sequence(oid(keyOid), sequence(...parameters.map(oid)));
  const publicKeyBits = octetString(key.publicKey);
  const secret =
    key.curve === 'gost2004-256' ? integer(key.secret) : octetString(littleEndian(key.secret, octets));
  return {
    algorithm: key.curve,
    publicKeyInfo: sequence(keyIdentifier, bitString(publicKeyBits)),
    publicKeyBits,
    privateKeyInfo: sequence(integer(0), keyIdentifier, octetString(secret)),
    digest,
    sign: (data) => gostSign(key, digest(data)),
    signDigest: (value) => gostSign(key, value),
    identifiers: () => ({
      key: algorithmIdentifier(keyOid),
      digest: algorithmIdentifier(digestOid),
      signature: algorithmIdentifier(signatureOid),
    }),
  };
}

const GOST_CURVES: readonly GostCurve[] = ['gost2015-512', 'gost2015-256', 'gost2004-256'];

const GOST = {
  'gost2015-512': {
    keyOid: OID.gost2015Key512,
    parameters: [OID.gost2015Curve512, OID.streebog512],
    digestOid: OID.streebog512,
    signatureOid: OID.gost2015Signature512,
    digest: (data: Uint8Array) => streebog(512, data),
    octets: 64,
  },
  'gost2015-256': {
    keyOid: OID.gost2015Key256,
    parameters: [OID.gost2015Curve256, OID.streebog256],
    digestOid: OID.streebog256,
    signatureOid: OID.gost2015Signature256,
    digest: (data: Uint8Array) => streebog(256, data),
    octets: 32,
  },
  'gost2004-256': {
    keyOid: OID.gost2004Key,
    parameters: [OID.gost2004Curve, OID.gost2004CurveDigest],
    digestOid: OID.gost34311,
    signatureOid: OID.gost2004Signature,
    digest: gost34311,
    octets: 32,
  },
} as const satisfies Record<GostCurve, unknown>;
