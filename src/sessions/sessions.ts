import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  type NewSession,
  type Session,
  SESSION_ACR,
  type SessionLimits,
  type SessionOwner,
} from './session.js';
import { type SessionStore } from './store.js';

/** Writing every look at a session would cost a disk sync per request; once a minute is exact enough for idle limits. */
const TOUCH_EVERY_MS = 60_000;
const DEVICE_MAX_LENGTH = 200;

interface OpenedSession {
  /** 256 random bits, base64url: goes into the cookie and is stored nowhere. */
  readonly token: string;
  readonly session: Session;
}

/** Opaque sessions. Tokens come in and go out; only their hashes are kept. */
export interface Sessions {
  create(details: NewSession, now: Date): Promise<OpenedSession>;
  /** The live session of a token, or null. Marks it as used at most once a minute. */
  find(token: string, now: Date): Promise<Session | null>;
  /** Gives a live session another token, on a change of privilege; the old one stops working at the same moment. */
  rotate(token: string, now: Date): Promise<OpenedSession | null>;
  /** Ends a session; false when the token opened none. */
  end(token: string): Promise<boolean>;
  /** Ends one session of the owner by its identifier. */
  endOne(owner: SessionOwner, sessionId: string): Promise<boolean>;
  /** Ends the owner's sessions, except the one named, and says how many there were. */
  endAllOf(owner: SessionOwner, exceptSessionId?: string): Promise<number>;
  /** The owner's live sessions, newest first. */
  list(owner: SessionOwner, now: Date): Promise<readonly Session[]>;
}

/**
 * Sessions over a store. Idle and absolute limits are fixed when a session is created.
 *
 * @throws RangeError for limits that are not positive whole milliseconds, idle within absolute
 */
export function createSessions(store: SessionStore, limits: SessionLimits): Sessions {
  const { idleMs, lifetimeMs } = limits;
  if (!Number.isInteger(idleMs) || !Number.isInteger(lifetimeMs) || idleMs <= 0 || lifetimeMs < idleMs) {
    throw new RangeError('session limits must be positive milliseconds, idle not above lifetime');
  }
  const idleEnd = (now: Date, expiresAt: Date): Date =>
    new Date(Math.min(now.getTime() + idleMs, expiresAt.getTime()));

  const find = async (token: string, now: Date): Promise<Session | null> => {
    const tokenHash = hashOf(token);
    const session = await store.get(tokenHash);
    if (session === null || !isLive(session, now)) return null;
    if (now.getTime() - session.lastSeenAt.getTime() < TOUCH_EVERY_MS) return session;
    const idleExpiresAt = idleEnd(now, session.expiresAt);
    await store.touch(tokenHash, now, idleExpiresAt);
    return { ...session, lastSeenAt: now, idleExpiresAt };
  };

  return {
    async create(details, now) {
      const expiresAt = new Date(now.getTime() + lifetimeMs);
      const session: Session = {
        id: randomUUID(),
        ...details,
        acr: SESSION_ACR[details.method],
        createdAt: now,
        lastSeenAt: now,
        idleExpiresAt: idleEnd(now, expiresAt),
        expiresAt,
        device: details.device?.slice(0, DEVICE_MAX_LENGTH) ?? null,
      };
      const token = newToken();
      await store.insert(hashOf(token), session);
      return { token, session };
    },
    find,
    async rotate(token, now) {
      const session = await find(token, now);
      if (session === null) return null;
      const next = newToken();
      return (await store.move(hashOf(token), hashOf(next))) ? { token: next, session } : null;
    },
    end: (token) => store.remove(hashOf(token)),
    endOne: (owner, sessionId) => store.removeOne(owner, sessionId),
    endAllOf: (owner, exceptSessionId) => store.removeAllOf(owner, exceptSessionId ?? null),
    async list(owner, now) {
      return (await store.listOf(owner)).filter((session) => isLive(session, now));
    },
  };
}

function isLive(session: Session, now: Date): boolean {
  return now < session.idleExpiresAt && now < session.expiresAt;
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
