import { createGost34311 } from './gost34311.js';
import { createStreebog } from './streebog.js';

/** GOST R 34.11-2012 with 256 or 512 bits (RFC 6986), or GOST 34.311-95 with the S-boxes of НУЦ РК. */
export type GostDigest = 'streebog-256' | 'streebog-512' | 'gost34311-95';

/** A hash in progress, good for one message; not to be used after `digest`. */
export interface RunningDigest {
  update(data: Uint8Array): void;
  digest(): Uint8Array;
}

/** Starts a digest in plain TypeScript: what the kernel is compared with, and what stands in for it. */
export function referenceDigest(algorithm: GostDigest): RunningDigest {
  switch (algorithm) {
    case 'streebog-256':
      return createStreebog(256);
    case 'streebog-512':
      return createStreebog(512);
    case 'gost34311-95':
      return createGost34311();
  }
}
