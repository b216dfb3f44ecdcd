import { constants, createHash, publicDecrypt } from 'node:crypto';
import { sameOctets } from '../asn1/values.js';
import { nullValue, octetString, oid, sequence } from '../asn1/writer.js';
import { type AlgorithmIdentifier, type SubjectPublicKeyInfo } from '../certificate/public-key.js';
import { createDigest as createGostDigest, verify as verifyGost } from '../gost/index.js';
import { DIGEST, SIGNATURE } from '../oid.js';
import { type DigestName } from './digest.js';
import { readGostKey } from './gost-key.js';
import { type PssParameters, readPssParameters, readRsaKey, type RsaKey } from './rsa.js';
import { chooseScheme, digestOfSignature } from './scheme.js';
import { type SignatureCheck } from './signature.js';

/** Signed octets that come in pieces and are not kept: a CRL of tens of megabytes. */
export interface SignedStream {
  readonly update: (piece: Uint8Array) => void;
  /**
   * Verifies the signature over everything that came. May be asked about several keys; the first question ends the stream.
   * Codes as `verifySignatureValue`.
   */
  readonly verify: (publicKey: SubjectPublicKeyInfo, signature: Uint8Array) => SignatureCheck;
}

/**
 * Starts to digest octets that were signed in the given way.
 *
 * @returns `null` for a signature algorithm that is not on the allow-list
 */
export function beginSignedStream(algorithm: AlgorithmIdentifier): SignedStream | null {
  const name = digestOfSignature(algorithm);
  if (name === null) return null;
  const stream = startDigest(name);
  let digest: Uint8Array | null = null;
  return {
    update: (piece) => {
      stream.update(piece);
    },
    verify(publicKey, signature) {
      digest ??= new Uint8Array(stream.digest());
      const choice = chooseScheme(publicKey, algorithm, null);
      if (!choice.ok) return choice;
      return verifyDigest(publicKey, algorithm, name, digest, signature)
        ? { ok: true }
        : { ok: false, code: 'SIGNATURE_INVALID' };
    },
  };
}

function startDigest(name: DigestName): { update(data: Uint8Array): unknown; digest(): Uint8Array } {
  switch (name) {
    case 'streebog-256':
    case 'streebog-512':
    case 'gost34311-95':
      return createGostDigest(name);
    case 'sha1':
    case 'sha256':
    case 'sha384':
    case 'sha512':
      return createHash(name);
  }
}

/** The scheme is chosen and agreed before: here only the arithmetic is left. */
function verifyDigest(
  publicKey: SubjectPublicKeyInfo,
  algorithm: AlgorithmIdentifier,
  name: DigestName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const gost = readGostKey(publicKey);
  if (gost !== null) return verifyGost(gost.curve, gost.point, signature, digest);
  const rsa = readRsaKey(publicKey);
  if (rsa === null || signature.length !== Math.ceil(rsa.bits / 8)) return false;
  if (algorithm.oid !== SIGNATURE.rsaPss) return verifyPkcs1Digest(rsa, name, digest, signature);
  const pss = readPssParameters(algorithm.parameters);
  return pss !== null && verifyPssDigest(rsa, pss, digest, signature);
}

const DIGEST_OIDS: Readonly<Partial<Record<DigestName, string>>> = {
  sha256: DIGEST.sha256,
  sha384: DIGEST.sha384,
  sha512: DIGEST.sha512,
};

/**
 * RSASSA-PKCS1-v1_5 over a digest (RFC 8017 §8.2.2): node:crypto verifies messages only. OpenSSL removes the padding; what is
 * left must be exactly the DigestInfo, built here and compared whole, so that nothing hides in a lenient parse.
 */
function verifyPkcs1Digest(
  { key }: RsaKey,
  name: DigestName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const digestOid = DIGEST_OIDS[name];
  if (digestOid === undefined) return false;
  const expected = sequence(sequence(oid(digestOid), nullValue()), octetString(digest));
  try {
    const info = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return sameOctets(new Uint8Array(info), expected);
  } catch {
    // OpenSSL throws where the padding is not what PKCS#1 demands: that is a signature that does not verify.
    return false;
  }
}

/** EMSA-PSS-VERIFY over a digest (RFC 8017 §9.1.2), the letters as there. */
function verifyPssDigest(
  { key, bits }: RsaKey,
  { digest: name, saltLength }: PssParameters,
  mHash: Uint8Array,
  signature: Uint8Array,
): boolean {
  const emBits = bits - 1;
  const emLength = Math.ceil(emBits / 8);
  const hLength = mHash.length;
  if (emLength < hLength + saltLength + 2) return false;
  let encoded: Buffer;
  try {
    encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    // The number is not below the modulus.
    return false;
  }
  const em = encoded.subarray(encoded.length - emLength);
  if (encoded.subarray(0, encoded.length - emLength).some((octet) => octet !== 0)) return false;
  if (em[emLength - 1] !== 0xbc) return false;
  const dbLength = emLength - hLength - 1;
  const h = em.subarray(dbLength, dbLength + hLength);
  const usedBits = 0xff >> (8 * emLength - emBits);
  if (((em[0] ?? 0) & ~usedBits) !== 0) return false;
  const mask = maskOf(name, h, dbLength);
  const db = em.subarray(0, dbLength).map((octet, index) => octet ^ (mask[index] ?? 0));
  db[0] = (db[0] ?? 0) & usedBits;
  const separator = dbLength - saltLength - 1;
  if (db[separator] !== 1 || db.subarray(0, separator).some((octet) => octet !== 0)) return false;
  const salt = db.subarray(separator + 1);
  const expected = createHash(name).update(new Uint8Array(8)).update(mHash).update(salt).digest();
  return expected.equals(h);
}

/** MGF1 (RFC 8017 §B.2.1). */
function maskOf(name: DigestName, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let counter = 0, got = 0; got < length; counter += 1) {
    // A mask is far shorter than 256 blocks: the counter's upper octets stay zero.
    const block = createHash(name)
      .update(seed)
      .update(Uint8Array.of(0, 0, 0, counter))
      .digest();
    blocks.push(block);
    got += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}
