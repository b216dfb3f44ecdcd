import { createHash, randomBytes } from 'node:crypto';
import { type ChallengeHolder } from './room.js';
import { type ChallengeRecord, type ChallengeStore } from './store.js';
import {
  ChallengeError,
  type ChallengeSubject,
  type OperationSubject,
  type TermsSubject,
} from './subject.js';
import { CHALLENGE_MAX_LIFETIME_MS, type ChallengePurpose, writeChallengeText } from './text.js';

export interface ChallengeRequest {
  /** Serialised origin of the gateway. */
  readonly origin: string;
  readonly purpose: ChallengePurpose;
  /** What it is about; a login is about nothing but itself. */
  readonly subject?: ChallengeSubject | null;
  /** Whose room it takes. */
  readonly holder: ChallengeHolder;
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

/** What the text of a challenge is written from besides what was kept of it. */
export interface TextGrounds {
  /** Serialised origin of the gateway. */
  readonly origin: string;
  /** The terms of an identifier; `null` where there are none. Absent where no terms are signed. */
  readonly termsOf?: (id: string) => TermsSubject | null;
}

/**
 * Issues a challenge and keeps what its text cannot be written again without.
 *
 * @throws ChallengeError for an origin, subject or lifetime that may not be signed; ChallengesFull
 */
export async function issueChallenge(
  store: ChallengeStore,
  request: ChallengeRequest,
): Promise<IssuedChallenge> {
  // Down to the second the text shows: a signature cannot be older than the moment the verifier is told.
  const issuedAt = new Date(Math.floor(request.now.getTime() / 1000) * 1000);
  const expiresAt = new Date(issuedAt.getTime() + (request.lifetimeMs ?? CHALLENGE_MAX_LIFETIME_MS));
  const { origin, purpose, subject = null, holder } = request;
  const nonce = randomBytes(32).toString('base64url');
  const text = writeChallengeText({ origin, purpose, subject, nonce, issuedAt, expiresAt });
  const id = newId(expiresAt);
  const browserToken = isBrowserToken(request.browserToken)
    ? request.browserToken
    : randomBytes(32).toString('base64url');
  const record: ChallengeRecord = {
    id,
    purpose,
    subjectId: subject?.id ?? null,
    operation: subject?.kind === 'operation' ? JSON.stringify(subject) : null,
    nonce,
    textHash: sha256(text),
    browserHash: sha256(browserToken),
    issuedAt,
    expiresAt,
  };
  await store.put(record, holder);
  return { id, text, bytes: utf8(text), browserToken, issuedAt, expiresAt };
}

/**
 * Takes a challenge for verification. It is used up from here on, whatever the signature turns out to be. One whose text would be
 * another today, because the origin, the terms or our wording changed, is `unknown`.
 *
 * @param browserToken what the pre-login cookie holds, `null` without one
 */
export async function takeChallenge(
  store: ChallengeStore,
  { id, browserToken }: { readonly id: string; readonly browserToken: string | null },
  grounds: TextGrounds,
  now: Date,
): Promise<ChallengeTaking> {
  const taken = await store.take(id, sha256(browserToken ?? ''), now);
  if (taken.outcome !== 'taken') {
    return taken.outcome === 'unknown' && expiredLately(id, now) ? { outcome: 'expired' } : taken;
  }
  const text = textOf(taken.record, grounds);
  if (text === null) return { outcome: 'unknown' };
  const { purpose, subjectId, issuedAt, expiresAt } = taken.record;
  return {
    outcome: 'taken',
    challenge: { id, purpose, subjectId, text, bytes: utf8(text), issuedAt, expiresAt },
  };
}

/** The text that was issued, word for word; `null` where it cannot be written again. */
function textOf(record: ChallengeRecord, grounds: TextGrounds): string | null {
  const subject = subjectOf(record, grounds);
  if (subject === null && record.subjectId !== null) return null;
  const { purpose, nonce, issuedAt, expiresAt } = record;
  try {
    const text = writeChallengeText({ origin: grounds.origin, purpose, subject, nonce, issuedAt, expiresAt });
    return sha256(text) === record.textHash ? text : null;
  } catch (error) {
    if (error instanceof ChallengeError) return null;
    throw error;
  }
}

function subjectOf({ subjectId, operation }: ChallengeRecord, grounds: TextGrounds): ChallengeSubject | null {
  // Written by `issueChallenge`, kept sealed, and compared with the hash of the text in any case.
  if (operation !== null) return JSON.parse(operation) as OperationSubject;
  return subjectId === null ? null : (grounds.termsOf?.(subjectId) ?? null);
}

/** The time it expires in the first 4 octets, and 96 random bits. */
function newId(expiresAt: Date): string {
  const octets = randomBytes(16);
  octets.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000), 0);
  return octets.toString('base64url');
}

/** How long an identifier whose challenge is kept no more is still told to have expired. */
const EXPIRED_LATELY_MS = 60 * 60_000;

/** Any visitor could make up such an identifier: it decides about the word they are told, and nothing else. */
function expiredLately(id: string, now: Date): boolean {
  if (!/^[A-Za-z0-9_-]{22}$/.test(id)) return false;
  const over = now.getTime() - Buffer.from(id, 'base64url').readUInt32BE(0) * 1000;
  return over >= 0 && over < EXPIRED_LATELY_MS;
}

function isBrowserToken(token: string | null | undefined): token is string {
  return token != null && /^[A-Za-z0-9_-]{43}$/.test(token);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
