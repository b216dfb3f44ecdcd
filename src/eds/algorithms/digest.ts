import { createHash } from 'node:crypto';
import { type AlgorithmIdentifier, hasNoParameters } from '../certificate/public-key.js';
import { createDigest as createGostDigest, type GostDigest } from '../gost/index.js';
import { DIGEST } from '../oid.js';

/**
 * The digests the library can compute. `sha1` is among them only because old time-stamp tokens have it as imprint and as
 * certificate hash (RFC 3161, RFC 2634); no signature is ever accepted with it.
 */
export type DigestName = 'sha1' | 'sha256' | 'sha384' | 'sha512' | GostDigest;

const DIGESTS: Readonly<Record<string, DigestName>> = {
  [DIGEST.sha1]: 'sha1',
  [DIGEST.sha256]: 'sha256',
  [DIGEST.sha384]: 'sha384',
  [DIGEST.sha512]: 'sha512',
  [DIGEST.gost34311]: 'gost34311-95',
  [DIGEST.streebog256]: 'streebog-256',
  [DIGEST.streebog512]: 'streebog-512',
};

const TITLES: Readonly<Record<DigestName, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  'gost34311-95': 'GOST 34.311-95',
  'streebog-256': 'GOST R 34.11-2015-256',
  'streebog-512': 'GOST R 34.11-2015-512',
};

/** The digest an AlgorithmIdentifier names, `null` for one that is not on the list or carries parameters. */
export function digestOf(algorithm: AlgorithmIdentifier): DigestName | null {
  return hasNoParameters(algorithm) ? (DIGESTS[algorithm.oid] ?? null) : null;
}

/** The digest of the given octets. */
export function computeDigest(name: DigestName, data: Uint8Array): Uint8Array {
  switch (name) {
    case 'streebog-256':
    case 'streebog-512':
    case 'gost34311-95':
      return createGostDigest(name).update(data).digest();
    case 'sha1':
    case 'sha256':
    case 'sha384':
    case 'sha512':
      return createHash(name).update(data).digest();
  }
}

/** The name of a digest for people. */
export function digestTitle(name: DigestName): string {
  return TITLES[name];
}
