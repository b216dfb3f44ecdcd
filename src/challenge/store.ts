import { type ChallengeHolder } from './room.js';
import { type ChallengePurpose } from './text.js';

/**
 * A challenge as it is kept between its issue and its use: what its text cannot be written again without, and nothing else
 * (docs/decisions/0022).
 */
export interface ChallengeRecord {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  /** Identifier of its subject: the operation, or the version and language of the terms. */
  readonly subjectId: string | null;
  /** JSON of an operation, which is found nowhere else; `null` for every other subject. It names people, so it is kept sealed. */
  readonly operation: string | null;
  /** 256 random bits, base64url. */
  readonly nonce: string;
  /** SHA-256 of the text that has to be signed, base64url. */
  readonly textHash: string;
  /** SHA-256 of the pre-login token, base64url: the token itself is only in the browser. */
  readonly browserHash: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

type TakenRecord =
  | { readonly outcome: 'taken'; readonly record: ChallengeRecord }
  | { readonly outcome: 'unknown' | 'expired' | 'used' | 'other-browser' };

/** Where challenges wait. Implementations: SQL and Redis, held to one contract suite. */
export interface ChallengeStore {
  /**
   * Keeps a challenge until it expires, whether it is used or not.
   *
   * @param holder whose room it takes
   * @throws ChallengesFull where there is none left, of the holder's or of all; nothing is kept then
   */
  put(record: ChallengeRecord, holder: ChallengeHolder): Promise<void>;
  /**
   * Takes a challenge exactly once, however many ask at the same moment and on however many instances. Another browser's
   * question is answered `other-browser` whatever the challenge's state and changes nothing. One that expired may be `unknown`, and one
   * whose operation was sealed under another master key is.
   */
  take(id: string, browserHash: string, now: Date): Promise<TakenRecord>;
}
