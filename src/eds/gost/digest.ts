import { createGost34311 } from './gost34311.js';
import { createStreebog } from './streebog.js';

/** GOST R 34.11-2012 with 256 or 512 bits (RFC 6986), or GOST 34.311-95 with the S-boxes of НУЦ РК. */
export type GostDigest = 'streebog-256' | 'streebog-512' | 'gost34311-95';

/** A digest in progress; good for one message. */
export interface DigestStream {
  /** Adds the next octets of the message. */
  update(data: Uint8Array): this;
  /** The digest, 32 or 64 octets as they stand on the wire. Ends the stream. */
  digest(): Uint8Array;
}

/**
 * Starts a digest over a message that comes in pieces.
 * @throws Error when the stream is used after its `digest()`: a programming mistake, not a property of the data.
 */
export function createDigest(algorithm: GostDigest): DigestStream {
  const state = startDigest(algorithm);
  let ended = false;
  const assertOpen = (): void => {
    if (ended) throw new Error('this digest has already been taken');
  };
  return {
    update(data) {
      assertOpen();
      state.update(data);
      return this;
    },
    digest() {
      assertOpen();
      ended = true;
      return state.digest();
    },
  };
}

/** The digest of a whole message: 32 octets ('streebog-256', 'gost34311-95') or 64 ('streebog-512'), as on the wire. */
export function digest(algorithm: GostDigest, data: Uint8Array): Uint8Array {
  return createDigest(algorithm).update(data).digest();
}

function startDigest(algorithm: GostDigest): ReturnType<typeof createStreebog> {
  switch (algorithm) {
    case 'streebog-256':
      return createStreebog(256);
    case 'streebog-512':
      return createStreebog(512);
    case 'gost34311-95':
      return createGost34311();
  }
}
