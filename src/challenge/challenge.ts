import { createHash, randomBytes } from 'node:crypto';
import { type ChallengeStore } from './store.js';
import { type ChallengeSubject } from './subject.js';
import { CHALLENGE_MAX_LIFETIME_MS, type ChallengePurpose, writeChallengeText } from './text.js';

export interface ChallengeRequest {
  /** Serialised origin of the gateway. */
  readonly origin: string;
  readonly purpose: ChallengePurpose;
  /** What it is about; a login is about nothing but itself. */
  readonly subject?: ChallengeSubject | null;
  readonly now: Date;
  /** At most five minutes, which is also the default. */
  readonly lifetimeMs?: number;
  /**
   * The pre-login token this browser already holds, if any: it is kept, so that a second tab does not cut off the first.
   * Anything that is not one of our tokens is replaced.
   */
  readonly browserToken?: string | null;
}

export interface IssuedChallenge {
  readonly id: string;
  readonly text: string;
  /** UTF-8 of `text`: exactly what has to be signed. */
  readonly bytes: Uint8Array;
  /** Goes into the pre-login cookie and is stored nowhere else. */
  readonly browserToken: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export interface Challenge {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  readonly origin: string;
  /** Identifier of its subject: the operation, or the version of the terms. */
  readonly subjectId: string | null;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export type ChallengeTaking =
  | { readonly outcome: 'taken'; readonly challenge: Challenge }
  | { readonly outcome: 'unknown' | 'expired' | 'used' | 'other-browser' };

/**
 * Issues a challenge and remembers it.
 *
 * @throws ChallengeError for an origin or lifetime that may not be signed
 */
export async function issueChallenge(
  store: ChallengeStore,
  request: ChallengeRequest,
): Promise<IssuedChallenge> {
  // Down to the second the text shows: a signature cannot be older than the moment the verifier is told.
  const issuedAt = new Date(Math.floor(request.now.getTime() / 1000) * 1000);
  const expiresAt = new Date(issuedAt.getTime() + (request.lifetimeMs ?? CHALLENGE_MAX_LIFETIME_MS));
  const { origin, purpose, subject = null } = request;
  const nonce = randomBytes(32).toString('base64url');
  const text = writeChallengeText({ origin, purpose, subject, nonce, issuedAt, expiresAt });
  const id = randomBytes(16).toString('base64url');
  const browserToken = isBrowserToken(request.browserToken)
    ? request.browserToken
    : randomBytes(32).toString('base64url');
  const browserHash = sha256(browserToken);
  const subjectId = subject?.id ?? null;
  await store.put({ id, purpose, origin, subjectId, text, browserHash, issuedAt, expiresAt });
  return { id, text, bytes: utf8(text), browserToken, issuedAt, expiresAt };
}

/**
 * Takes a challenge for verification. It is used up from here on, whatever the signature turns out to be.
 *
 * @param browserToken what the pre-login cookie holds, `null` without one
 */
export async function takeChallenge(
  store: ChallengeStore,
  id: string,
  browserToken: string | null,
  now: Date,
): Promise<ChallengeTaking> {
  const taken = await store.take(id, sha256(browserToken ?? ''), now);
  if (taken.outcome !== 'taken') return taken;
  const { purpose, origin, subjectId, text, issuedAt, expiresAt } = taken.record;
  return {
    outcome: 'taken',
    challenge: { id, purpose, origin, subjectId, text, bytes: utf8(text), issuedAt, expiresAt },
  };
}

function isBrowserToken(token: string | null | undefined): token is string {
  return token != null && /^[A-Za-z0-9_-]{43}$/.test(token);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
