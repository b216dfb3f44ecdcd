import { type OcspAnswer } from '../eds/ocsp/index.js';

/** Answers kept for a while, the newest for each certificate under its issuer. */
export interface OcspCache {
  /** The answer kept for a key, if it came within `maxAgeMs` before `now` and its nextUpdate has not passed. */
  find(key: string, maxAgeMs: number, now: Date): OcspAnswer | null;
  keep(key: string, answer: OcspAnswer, now: Date): void;
  forgetAll(): void;
}

interface Kept {
  readonly answer: OcspAnswer;
  readonly receivedAt: number;
}

/** A cache of bounded size; the longest kept goes first, and what is good before what is not. */
export function createOcspCache(limit = 10_000): OcspCache {
  // Apart, so that no crowd of good answers pushes a bad one out.
  const good = new Map<string, Kept>();
  const bad = new Map<string, Kept>();
  const put = (place: Map<string, Kept>, key: string, kept: Kept): void => {
    place.set(key, kept);
    const [oldest] = place.keys();
    if (place.size > limit && oldest !== undefined) place.delete(oldest);
  };
  return {
    find(key, maxAgeMs, now) {
      const found = bad.get(key) ?? good.get(key);
      if (found === undefined) return null;
      const age = now.getTime() - found.receivedAt;
      const { nextUpdate } = found.answer;
      // A clock that was set back must not prolong an answer.
      if (age < 0 || age >= maxAgeMs) return null;
      return nextUpdate !== null && now > nextUpdate ? null : found.answer;
    },
    keep(key, answer, now) {
      const { status } = answer.finding;
      const before = bad.get(key) ?? good.get(key);
      // Two questions may be answered out of order: what was good earlier says nothing about a revocation since.
      const older = before !== undefined && answer.thisUpdate < before.answer.thisUpdate;
      if (older && status !== 'revoked') return;
      good.delete(key);
      bad.delete(key);
      // "Unknown" may become known at any moment; standing in for a fresh answer is not its business.
      if (status === 'unknown') return;
      put(status === 'good' ? good : bad, key, { answer, receivedAt: now.getTime() });
    },
    forgetAll() {
      good.clear();
      bad.clear();
    },
  };
}
