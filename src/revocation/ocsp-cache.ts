import { type OcspAnswer } from '../eds/ocsp/index.js';

/** Answers kept for a while, the newest for each certificate under its issuer. */
export interface OcspCache {
  /** The answer kept for a key, if it came within `maxAgeMs` before `now` and its nextUpdate has not passed. */
  find(key: string, maxAgeMs: number, now: Date): OcspAnswer | null;
  keep(key: string, answer: OcspAnswer, now: Date): void;
}

/** A cache of bounded size; the longest kept goes first. */
export function createOcspCache(limit = 10_000): OcspCache {
  const kept = new Map<string, { readonly answer: OcspAnswer; readonly receivedAt: number }>();
  return {
    find(key, maxAgeMs, now) {
      const found = kept.get(key);
      if (found === undefined) return null;
      const age = now.getTime() - found.receivedAt;
      const { nextUpdate } = found.answer;
      // A clock that was set back must not prolong an answer.
      if (age < 0 || age >= maxAgeMs) return null;
      return nextUpdate !== null && now > nextUpdate ? null : found.answer;
    },
    keep(key, answer, now) {
      kept.delete(key);
      // "Unknown" may become known at any moment; standing in for a fresh answer is not its business.
      if (answer.finding.status === 'unknown') return;
      kept.set(key, { answer, receivedAt: now.getTime() });
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    },
  };
}
