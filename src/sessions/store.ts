import { type Session, type SessionOwner } from './session.js';

/** What may change in a session that lives on, always together with its token. */
export type SessionChange = Pick<Session, 'obligations' | 'stepUp'>;

/** Where sessions are kept, by the SHA-256 of their token. Implementations: SQL and Redis, held to one contract suite. */
export interface SessionStore {
  insert(tokenHash: string, session: Session): Promise<void>;
  /** The session as stored, expired or not; a store may forget expired ones at any time. */
  get(tokenHash: string): Promise<Session | null>;
  /**
   * The same, and moves the marks of use of a live one whose last is `markAfterMs` old: in one step, where the store has steps. A session
   * ended meanwhile stays ended.
   */
  use(tokenHash: string, now: Date, markAfterMs: number): Promise<Session | null>;
  /** Puts the session, changed, under another token in one step; false when the old token is already gone. */
  move(oldTokenHash: string, newTokenHash: string, change: SessionChange): Promise<boolean>;
  /** True when there was one to remove. */
  remove(tokenHash: string): Promise<boolean>;
  /** Removes every session of the owner, except the one named, and says how many there were. */
  removeAllOf(owner: SessionOwner, exceptSessionId: string | null): Promise<number>;
  /** Removes one session of the owner by its identifier. */
  removeOne(owner: SessionOwner, sessionId: string): Promise<boolean>;
  /** Newest first, expired ones possibly included. */
  listOf(owner: SessionOwner): Promise<readonly Session[]>;
  /** The membership's live sessions beyond its newest `keep`, the oldest first. */
  crowdOf(membershipId: string, keep: number, now: Date): Promise<readonly Session[]>;
  /**
   * SHA-256 of the certificates that sessions live of, each once, in ascending order, a page at a time; some whose last session
   * has just ended may be among them.
   */
  certificates(after: string | null, limit: number, now: Date): Promise<readonly string[]>;
}
