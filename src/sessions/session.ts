/** How somebody proved who they are. */
export type SessionMethod = 'eds' | 'password';

/** Authentication context class: what a session of each method may be used for by those who ask. */
export const SESSION_ACR: Readonly<Record<SessionMethod, string>> = {
  eds: 'urn:qaqpa:acr:eds',
  password: 'urn:qaqpa:acr:password',
};

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
  /** Exact to a minute. */
  readonly lastSeenAt: Date;
  /** When it ends unless it is used before. */
  readonly idleExpiresAt: Date;
  /** When it ends whatever happens. */
  readonly expiresAt: Date;
  /** The browser's own description, cut to 200 characters. */
  readonly device: string | null;
  readonly address: string | null;
}

export interface NewSession {
  readonly personId: string;
  readonly organisationId: string;
  readonly membershipId: string;
  readonly method: SessionMethod;
  readonly certificateSha256: string | null;
  readonly device: string | null;
  readonly address: string | null;
}

/** Milliseconds. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly lifetimeMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { idleMs: 30 * 60_000, lifetimeMs: 12 * 60 * 60_000 };

/** Whose sessions: everything of a person, of one membership, or of an organisation. */
export type SessionOwner =
  { readonly personId: string } | { readonly membershipId: string } | { readonly organisationId: string };
