import { type GostDigest } from './digest-reference.js';
import { gostEngine } from './engine.js';

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
  const running = gostEngine.startDigest(algorithm);
  let ended = false;
  const assertOpen = (): void => {
    if (ended) throw new Error('this digest has already been taken');
  };
  return {
    update(data) {
      assertOpen();
      running.update(data);
      return this;
    },
    digest() {
      assertOpen();
      ended = true;
      return running.digest();
    },
  };
}

/** The digest of a whole message: 32 octets ('streebog-256', 'gost34311-95') or 64 ('streebog-512'), as on the wire. */
export function digest(algorithm: GostDigest, data: Uint8Array): Uint8Array {
  return createDigest(algorithm).update(data).digest();
}
