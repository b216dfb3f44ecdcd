import { type OperationName } from './operation-name.js';

/** How somebody proved who they are. */
export type SessionMethod = 'eds' | 'password';

/** Authentication context class: what a session of each method may be used for by those who ask. */
export const SESSION_ACR: Readonly<Record<SessionMethod, string>> = {
  eds: 'urn:qaqpa:acr:eds',
  password: 'urn:qaqpa:acr:password',
};

/** What somebody must still do before the session is good for anything but that. */
export const OBLIGATIONS = ['accept-terms', 'change-password'] as const;
export type Obligation = (typeof OBLIGATIONS)[number];

/** One request that was signed with the EDS within this session; good for exactly that request, once, and not for long. */
export interface StepUp {
  readonly operation: OperationName;
  /** Of the request: see `requestDigest`. */
  readonly digest: string;
  /** Names the signature among the evidence. */
  readonly evidence: string;
  readonly until: Date;
}

/** A signed-in person at one of their organisations. Holds no token and nothing that identifies a person by itself. */
export interface Session {
  /** Names the session in lists and logs; it opens nothing. */
  readonly id: string;
  readonly personId: string;
  readonly organisationId: string;
  readonly membershipId: string;
  readonly method: SessionMethod;
  readonly acr: string;
  /** SHA-256 of the certificate signed in with, lower-case hex; `null` for a password. */
  readonly certificateSha256: string | null;
  readonly createdAt: Date;
  /**
   * When the person proved who they are. A step-up does not move it: whoever signs one named operation has agreed to that one
   * and to no other.
   */
  readonly authenticatedAt: Date;
  /** Exact to a minute. */
  readonly lastSeenAt: Date;
  /** How long it lives without use, milliseconds. */
  readonly idleMs: number;
  /** When it ends unless it is used before. */
  readonly idleExpiresAt: Date;
  /** When it ends whatever happens. */
  readonly expiresAt: Date;
  /** Until they are fulfilled the session may only tell who it is, be ended, and fulfil them. */
  readonly obligations: readonly Obligation[];
  readonly stepUp: StepUp | null;
  /** Opened with the password of an invitation taken without an EDS: good for that organisation, and told of nothing else. */
  readonly provisional: boolean;
  /** The browser's own description, cut to 200 characters. */
  readonly device: string | null;
  readonly address: string | null;
}

export function isLive({ idleExpiresAt, expiresAt }: Session, now: Date): boolean {
  return now < idleExpiresAt && now < expiresAt;
}

/** A session as a look at it leaves it: with the marks of use moved where it is live and the last mark is `afterMs` old; else as it is. */
export function usedAt(session: Session, now: Date, afterMs: number): Session {
  if (!isLive(session, now) || now.getTime() - session.lastSeenAt.getTime() < afterMs) return session;
  const idleEnd = Math.min(now.getTime() + session.idleMs, session.expiresAt.getTime());
  return { ...session, lastSeenAt: now, idleExpiresAt: new Date(idleEnd) };
}

export interface NewSession {
  readonly personId: string;
  readonly organisationId: string;
  readonly membershipId: string;
  readonly method: SessionMethod;
  readonly certificateSha256: string | null;
  /** When that certificate ends: no session outlives the key that opened it. */
  readonly certificateNotAfter?: Date | null;
  readonly obligations?: readonly Obligation[];
  readonly provisional?: boolean;
  /** What the organisation asks for. It may tighten the limits of the gateway and never loosens them. */
  readonly limits?: SessionLimits | null;
  readonly device: string | null;
  readonly address: string | null;
}

/** Milliseconds, and a count. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly lifetimeMs: number;
  /** Live sessions of one membership; one more ends the oldest. */
  readonly maxConcurrent: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  idleMs: 30 * 60_000,
  lifetimeMs: 12 * 60 * 60_000,
  maxConcurrent: 10,
};

/** Both limits at once: of each the tighter, idle within lifetime. */
export function tighterLimits(ours: SessionLimits, theirs: SessionLimits | null): SessionLimits {
  if (theirs === null) return ours;
  const lifetimeMs = Math.min(ours.lifetimeMs, theirs.lifetimeMs);
  return {
    lifetimeMs,
    idleMs: Math.min(ours.idleMs, theirs.idleMs, lifetimeMs),
    maxConcurrent: Math.min(ours.maxConcurrent, theirs.maxConcurrent),
  };
}

/**
 * Whose sessions: everything of a person, of one membership, of an organisation, or opened with one certificate (there at one
 * membership alone, where it is named: a manager's word about a certificate counts in their own organisation).
 */
export type SessionOwner =
  | { readonly personId: string }
  | { readonly membershipId: string }
  | { readonly organisationId: string }
  | { readonly certificateSha256: string; readonly membershipId?: string };
