import { type ChallengePurpose } from './text.js';

/** A challenge as it is kept between its issue and its use. */
interface ChallengeRecord {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  readonly origin: string;
  /** Identifier of its subject: the operation, or the version of the terms. */
  readonly subjectId: string | null;
  /** The exact text that has to be signed. */
  readonly text: string;
  /** SHA-256 of the pre-login token, lower-case hex: the token itself is only in the browser. */
  readonly browserHash: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

type TakenRecord =
  | { readonly outcome: 'taken'; readonly record: ChallengeRecord }
  | { readonly outcome: 'unknown' | 'expired' | 'used' | 'other-browser' };

/** How long a dead challenge is remembered, so that "expired" and "used" can be told from "never heard of". */
export const CHALLENGE_MEMORY_MS = 10 * 60_000;

/** Where challenges wait. Implementations: SQL and Redis, held to one contract suite. */
export interface ChallengeStore {
  put(record: ChallengeRecord): Promise<void>;
  /**
   * Takes a challenge exactly once, however many ask at the same moment and on however many instances. Another browser's
   * question is answered `other-browser` whatever the challenge's state and changes nothing.
   */
  take(id: string, browserHash: string, now: Date): Promise<TakenRecord>;
}
