import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fieldsOf, onlyChild } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { constructedTag, readDer } from '../asn1/reader.js';
import { readSmallInteger } from '../asn1/values.js';
import { readAlgorithm, type SubjectPublicKeyInfo } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { MGF1 } from '../oid.js';
import { type DigestName, digestOf } from './digest.js';

/** NIST SP 800-131A; НУЦ РК has issued nothing shorter since 2015. */
const MIN_MODULUS_BITS = 2048;
/** The work of one verification grows with the square of the modulus; no CA in use has a longer one. */
const MAX_MODULUS_BITS = 8192;
const MAX_EXPONENT = 1n << 33n;

/** An RSA key that is fit for use. */
export interface RsaKey {
  readonly bits: number;
  readonly key: KeyObject;
}

/** Reads an RSA key; `null` when it is malformed, too short, too long, or has an exponent that would make forging easy. */
export function readRsaKey(publicKey: SubjectPublicKeyInfo): RsaKey | null {
  const key = importKey(publicKey.der);
  const { modulusLength: bits = 0, publicExponent: exponent = 0n } = key?.asymmetricKeyDetails ?? {};
  const strong = bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS;
  const odd = exponent >= 3n && exponent <= MAX_EXPONENT && (exponent & 1n) === 1n;
  return key !== null && strong && odd ? { bits, key } : null;
}

function importKey(der: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch {
    // OpenSSL does not take it for a key: neither do we.
    return null;
  }
}

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). */
export function verifyPkcs1(
  { key }: RsaKey,
  digest: DigestName,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return attempt(() => verify(digest, data, { key, padding: constants.RSA_PKCS1_PADDING }, signature));
}

/** RSASSA-PSS (RFC 8017 §8.1) with MGF1 over the same digest. */
export function verifyPss(
  { key }: RsaKey,
  { digest, saltLength }: PssParameters,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return attempt(() => verify(digest, data, { key, padding, saltLength }, signature));
}

function attempt(run: () => boolean): boolean {
  try {
    return run();
  } catch {
    // OpenSSL throws where the numbers cannot be computed with at all; that is a signature that does not verify.
    return false;
  }
}

export interface PssParameters {
  readonly digest: DigestName;
  readonly saltLength: number;
}

const DIGEST_OCTETS: Readonly<Partial<Record<DigestName, number>>> = { sha256: 32, sha384: 48, sha512: 64 };

/**
 * Reads RSASSA-PSS-params (RFC 8017 §A.2.3). Everything is explicit because every default means SHA-1.
 *
 * @returns `null` where they allow what this library does not: SHA-1, two digests, a salt shorter than the digest
 */
export function readPssParameters(parameters: Uint8Array | null): PssParameters | null {
  if (parameters === null) return null;
  try {
    const fields = fieldsOf(readDer(parameters));
    const hash = fields.required(constructedTag(0));
    const mask = fieldsOf(onlyChild(fields.required(constructedTag(1))));
    const salt = fields.required(constructedTag(2));
    const trailer = fields.optional(constructedTag(3));
    fields.end();
    const maskFunction = readOid(mask.any());
    const maskDigest = digestOf(readAlgorithm(mask.any()));
    mask.end();
    const digest = digestOf(readAlgorithm(onlyChild(hash)));
    const saltLength = readSmallInteger(onlyChild(salt));
    const octets = digest === null ? undefined : DIGEST_OCTETS[digest];
    const allowed =
      octets !== undefined &&
      maskDigest === digest &&
      maskFunction === MGF1 &&
      saltLength >= octets &&
      saltLength <= MAX_MODULUS_BITS / 8 &&
      (trailer === null || readSmallInteger(onlyChild(trailer)) === 1);
    return allowed && digest !== null ? { digest, saltLength } : null;
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}
