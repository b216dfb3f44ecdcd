import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  isLive,
  type NewSession,
  type Obligation,
  type Session,
  SESSION_ACR,
  type SessionLimits,
  type SessionOwner,
  type StepUp,
  tighterLimits,
} from './session.js';
import { type SessionChange, type SessionStore } from './store.js';

/** Writing every look at a session would cost a disk sync per request; once a minute is exact enough for idle limits. */
const TOUCH_EVERY_MS = 60_000;
const DEVICE_MAX_LENGTH = 200;
/** The last moment a date can name. */
const FOREVER = new Date(8_640_000_000_000_000);

export interface OpenedSession {
  /** 256 random bits, base64url: goes into the cookie and is stored nowhere. */
  readonly token: string;
  readonly session: Session;
}

/** Opaque sessions. Tokens come in and go out; only their hashes are kept. */
export interface Sessions {
  /**
   * Opens a session. `ended` are those of the same membership that had to make room for it, the oldest first; the caller writes
   * down that they ended. Within a unit of work, or two at once may leave one too many.
   */
  create(details: NewSession, now: Date): Promise<OpenedSession & { readonly ended: readonly Session[] }>;
  /** The live session of a token, or null. Marks it as used at most once a minute. */
  find(token: string, now: Date): Promise<Session | null>;
  /** Gives a live session another token, on a change of privilege; the old one stops working at the same moment. */
  rotate(token: string, now: Date): Promise<OpenedSession | null>;
  /** Takes an obligation off, and a signed request that was used for it, and rotates; null when the token opens nothing any more. */
  fulfil(token: string, obligation: Obligation, now: Date): Promise<OpenedSession | null>;
  /** Notes a signed request, in place of one noted before, and rotates; null when the token opens nothing any more. */
  stepUp(token: string, stepUp: StepUp, now: Date): Promise<OpenedSession | null>;
  /** Ends a session; false when the token opened none. */
  end(token: string): Promise<boolean>;
  /** Ends one session of the owner by its identifier. */
  endOne(owner: SessionOwner, sessionId: string): Promise<boolean>;
  /** Ends the owner's sessions, except the one named, and says how many there were. */
  endAllOf(owner: SessionOwner, exceptSessionId?: string): Promise<number>;
  /** The owner's live sessions, newest first. */
  list(owner: SessionOwner, now: Date): Promise<readonly Session[]>;
  /** SHA-256 of the certificates behind live sessions, ascending, a page at a time from after `after` on. */
  liveCertificates(after: string | null, limit: number, now: Date): Promise<readonly string[]>;
}

/**
 * Sessions over a store. The limits of a session, the organisation's among them, are fixed when it is created.
 *
 * @throws RangeError for limits that are not positive whole numbers, idle within absolute
 */
export function createSessions(store: SessionStore, limits: SessionLimits): Sessions {
  assertLimits(limits);

  const find = async (token: string, now: Date): Promise<Session | null> => {
    const session = await store.use(hashOf(token), now, TOUCH_EVERY_MS);
    return session !== null && isLive(session, now) ? session : null;
  };

  const changed = async (
    token: string,
    now: Date,
    change: (session: Session) => Partial<SessionChange>,
  ): Promise<OpenedSession | null> => {
    const before = await find(token, now);
    if (before === null) return null;
    const session = { ...before, ...change(before) };
    const next = newToken();
    return (await store.move(hashOf(token), hashOf(next), session)) ? { token: next, session } : null;
  };

  /** Makes room for one more session of a membership. */
  const makeRoom = async (membershipId: string, limit: number, now: Date): Promise<readonly Session[]> => {
    const ended: Session[] = [];
    for (const session of await store.crowdOf(membershipId, limit - 1, now)) {
      if (await store.removeOne({ membershipId }, session.id)) ended.push(session);
    }
    return ended;
  };

  return {
    async create(details, now) {
      const tighter = tighterLimits(limits, details.limits ?? null);
      const session = opened(details, tighter, now);
      const ended = await makeRoom(details.membershipId, tighter.maxConcurrent, now);
      const token = newToken();
      await store.insert(hashOf(token), session);
      return { token, session, ended };
    },
    find,
    rotate: (token, now) => changed(token, now, () => ({})),
    fulfil: (token, obligation, now) =>
      changed(token, now, ({ obligations }) => ({
        obligations: obligations.filter((pending) => pending !== obligation),
        stepUp: null,
      })),
    stepUp: (token, stepUp, now) => changed(token, now, () => ({ stepUp })),
    end: (token) => store.remove(hashOf(token)),
    endOne: (owner, sessionId) => store.removeOne(owner, sessionId),
    endAllOf: (owner, exceptSessionId) => store.removeAllOf(owner, exceptSessionId ?? null),
    async list(owner, now) {
      return (await store.listOf(owner)).filter((session) => isLive(session, now));
    },
    liveCertificates: (after, limit, now) => store.certificates(after, limit, now),
  };
}

function opened(details: NewSession, { idleMs, lifetimeMs }: SessionLimits, now: Date): Session {
  const { personId, organisationId, membershipId, method, certificateSha256, address } = details;
  const expiresAt = earlier(new Date(now.getTime() + lifetimeMs), details.certificateNotAfter ?? FOREVER);
  return {
    id: randomUUID(),
    personId,
    organisationId,
    membershipId,
    method,
    certificateSha256,
    address,
    acr: SESSION_ACR[method],
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    idleMs,
    idleExpiresAt: earlier(new Date(now.getTime() + idleMs), expiresAt),
    expiresAt,
    obligations: [...new Set(details.obligations)],
    stepUp: null,
    provisional: details.provisional ?? false,
    device: details.device?.slice(0, DEVICE_MAX_LENGTH) ?? null,
  };
}

function assertLimits({ idleMs, lifetimeMs, maxConcurrent }: SessionLimits): void {
  const whole = [idleMs, lifetimeMs, maxConcurrent].every((limit) => Number.isInteger(limit) && limit > 0);
  if (!whole || lifetimeMs < idleMs) {
    throw new RangeError('session limits must be positive whole numbers, idle not above lifetime');
  }
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
