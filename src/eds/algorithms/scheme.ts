import {
  type AlgorithmIdentifier,
  hasNoParameters,
  type SubjectPublicKeyInfo,
} from '../certificate/public-key.js';
import { type GostCurve, verify as verifyGost } from '../gost/index.js';
import { KEY, SIGNATURE } from '../oid.js';
import { computeDigest, type DigestName, digestOf } from './digest.js';
import { type GostKey, readGostKey } from './gost-key.js';
import { readPssParameters, readRsaKey, type RsaKey, verifyPkcs1, verifyPss } from './rsa.js';

/** A way of signing that is on the allow-list and that key, digest and signature fields agree on. */
export interface SignatureScheme {
  /** The key type for people, for example `RSA-2048`. */
  readonly key: string;
  readonly digest: DigestName;
  /** As the signature names it, which for old GOST and RSA messages is the OID of the key. */
  readonly signatureOid: string;
  readonly verify: (data: Uint8Array, signature: Uint8Array) => boolean;
}

export type SchemeChoice =
  | { readonly ok: true; readonly scheme: SignatureScheme }
  | { readonly ok: false; readonly code: 'SIGNATURE_ALGORITHM_FORBIDDEN' | 'SIGNATURE_ALGORITHM_MISMATCH' };

type Family = 'rsa' | GostCurve;

interface Method {
  readonly family: Family;
  /** `null`: the signature OID leaves the digest to another field. */
  readonly digest: DigestName | null;
}

/** Signature OIDs that name key family and digest. Everything not here, SHA-1 above all, is forbidden. */
const METHODS: Readonly<Record<string, Method>> = {
  [SIGNATURE.sha256WithRsa]: { family: 'rsa', digest: 'sha256' },
  [SIGNATURE.sha384WithRsa]: { family: 'rsa', digest: 'sha384' },
  [SIGNATURE.sha512WithRsa]: { family: 'rsa', digest: 'sha512' },
  [SIGNATURE.gost2004]: { family: 'gost2004-256', digest: 'gost34311-95' },
  [SIGNATURE.gost2015Of256]: { family: 'gost2015-256', digest: 'streebog-256' },
  [SIGNATURE.gost2015Of512]: { family: 'gost2015-512', digest: 'streebog-512' },
};

/**
 * Key OIDs that stand where a signature OID should, allowed beside a digest field only: RFC 3370 §3.2 asks for it with RSA,
 * native Kalkan does it with GOST 34.310-2004.
 */
const KEYS_AS_METHODS: Readonly<Record<string, Method>> = {
  [KEY.rsa]: { family: 'rsa', digest: null },
  [KEY.gost2004]: { family: 'gost2004-256', digest: 'gost34311-95' },
};

const GOST_TITLES: Readonly<Record<GostCurve, string>> = {
  'gost2004-256': 'GOST 34.310-2004',
  'gost2015-256': 'GOST R 34.10-2015-256',
  'gost2015-512': 'GOST R 34.10-2015-512',
};

/**
 * Chooses how a signature is to be verified. The scheme comes from the key; the fields of the signature may only agree.
 *
 * @param publicKey the signer's key
 * @param signatureAlgorithm the field beside the signature
 * @param digestAlgorithm the separate digest field of CMS; `null` where the format has none (certificates, CRLs, OCSP)
 * @returns the scheme, or `…_FORBIDDEN` for what is not on the list (a weak key included) and `…_MISMATCH` for allowed
 *   parts that contradict each other
 */
export function chooseScheme(
  publicKey: SubjectPublicKeyInfo,
  signatureAlgorithm: AlgorithmIdentifier,
  digestAlgorithm: AlgorithmIdentifier | null,
): SchemeChoice {
  const method = methodOf(signatureAlgorithm, digestAlgorithm !== null);
  const separate = digestAlgorithm === null ? null : digestOf(digestAlgorithm);
  if (method === null || (digestAlgorithm !== null && separate === null) || separate === 'sha1') {
    return { ok: false, code: 'SIGNATURE_ALGORITHM_FORBIDDEN' };
  }
  const key = readKey(publicKey);
  if (key === null) return { ok: false, code: 'SIGNATURE_ALGORITHM_FORBIDDEN' };
  const digest = method.digest ?? separate;
  const agreed = method.family === familyOf(key) && (separate === null || separate === digest);
  if (digest === null || !agreed) return { ok: false, code: 'SIGNATURE_ALGORITHM_MISMATCH' };
  // PKCS#1 v1.5 with a key OID leaves the digest open, so the RSA family could otherwise be combined with a GOST digest.
  if ('bits' in key && !digest.startsWith('sha')) return { ok: false, code: 'SIGNATURE_ALGORITHM_MISMATCH' };
  return { ok: true, scheme: buildScheme(key, digest, signatureAlgorithm) };
}

/** The digest that a signature algorithm names by itself, `null` for one that is not on the allow-list. */
export function digestOfSignature(algorithm: AlgorithmIdentifier): DigestName | null {
  return methodOf(algorithm, false)?.digest ?? null;
}

/** The type of a key for people, `null` for one that is not on the allow-list. */
export function keyTitle(publicKey: SubjectPublicKeyInfo): string | null {
  const key = readKey(publicKey);
  return key === null ? null : titleOf(key);
}

function titleOf(key: RsaKey | GostKey): string {
  return 'bits' in key ? `RSA-${key.bits}` : GOST_TITLES[key.curve];
}

function methodOf(algorithm: AlgorithmIdentifier, besideDigest: boolean): Method | null {
  if (algorithm.oid === SIGNATURE.rsaPss) {
    const parameters = readPssParameters(algorithm.parameters);
    return parameters === null ? null : { family: 'rsa', digest: parameters.digest };
  }
  if (!hasNoParameters(algorithm)) return null;
  return METHODS[algorithm.oid] ?? (besideDigest ? (KEYS_AS_METHODS[algorithm.oid] ?? null) : null);
}

function readKey(publicKey: SubjectPublicKeyInfo): RsaKey | GostKey | null {
  if (publicKey.algorithm.oid !== KEY.rsa) return readGostKey(publicKey);
  return hasNoParameters(publicKey.algorithm) ? readRsaKey(publicKey) : null;
}

function familyOf(key: RsaKey | GostKey): Family {
  return 'bits' in key ? 'rsa' : key.curve;
}

function buildScheme(
  key: RsaKey | GostKey,
  digest: DigestName,
  { oid, parameters }: AlgorithmIdentifier,
): SignatureScheme {
  if (!('bits' in key)) {
    return {
      key: titleOf(key),
      digest,
      signatureOid: oid,
      verify: (data, signature) => verifyGost(key.curve, key.point, signature, computeDigest(digest, data)),
    };
  }
  const pss = oid === SIGNATURE.rsaPss ? readPssParameters(parameters) : null;
  return {
    key: titleOf(key),
    digest,
    signatureOid: oid,
    verify: (data, signature) =>
      pss === null ? verifyPkcs1(key, digest, data, signature) : verifyPss(key, pss, data, signature),
  };
}
