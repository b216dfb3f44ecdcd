import { type Certificate } from '../certificate/certificate.js';
import { type TrustSet } from '../trust-set.js';

/**
 * Remembers which certificates were found to be signed by which issuer, so that a returning certificate costs no arithmetic.
 * Only that fact is kept, between two fingerprints; validity, constraints and trust are judged anew each time.
 */
export interface PathMemo {
  readonly has: (certificate: Certificate, issuer: Certificate) => boolean;
  readonly add: (certificate: Certificate, issuer: Certificate) => void;
}

/** A memo that holds the given number of links and forgets the one unused for longest. */
export function createPathMemo(capacity = 10_000): PathMemo {
  const links = new Set<string>();
  const keyOf = (certificate: Certificate, issuer: Certificate): string =>
    `${certificate.sha256} ${issuer.sha256}`;
  const touch = (key: string): void => {
    links.delete(key);
    links.add(key);
  };
  return {
    has: (certificate, issuer) => {
      const key = keyOf(certificate, issuer);
      if (!links.has(key)) return false;
      touch(key);
      return true;
    },
    add: (certificate, issuer) => {
      touch(keyOf(certificate, issuer));
      for (const oldest of links) {
        if (links.size <= capacity) break;
        links.delete(oldest);
      }
    },
  };
}

/** Gives each trust set a memo of its own, which goes when the set does: nothing proved under one is carried into another. */
export function createMemos(capacity?: number): (trust: TrustSet) => PathMemo {
  const memos = new WeakMap<TrustSet, PathMemo>();
  return (trust) => {
    const memo = memos.get(trust) ?? createPathMemo(capacity);
    memos.set(trust, memo);
    return memo;
  };
}
