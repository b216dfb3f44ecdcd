import { randomUUID } from 'node:crypto';
import {
  type ClientSecret,
  endsSoon,
  findSecret,
  isLive,
  LAST_USED_PRECISION_MS,
  newSecret,
  SECRET_OVERLAP_MAX_MS,
  SECRET_OVERLAP_MS,
} from './client-secret.js';

/** A program that may ask the gateway for verdicts. */
export interface ApiClient {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'revoked';
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** A secret with what it is compared with: SHA-256 as hex. */
export interface StoredSecret {
  readonly secret: ClientSecret;
  readonly hash: string;
}

/** Where clients and their secrets are kept. */
export interface ApiClientStore {
  insert(client: ApiClient, first: StoredSecret): Promise<void>;
  /** With the secrets that were not revoked, good or expired. */
  get(id: string): Promise<{ readonly client: ApiClient; readonly secrets: readonly StoredSecret[] } | null>;
  /**
   * Adds a secret and lets those before it end at `olderUntil`, where they would not have ended sooner; expired and revoked ones go. One step.
   *
   * @returns `unknown`: no active client; `full`: two are good already, and stay good
   */
  rotate(
    clientId: string,
    next: StoredSecret,
    olderUntil: Date,
    now: Date,
  ): Promise<'rotated' | 'unknown' | 'full'>;
  /** False when there is no active client of that identifier. Its secrets go with it. */
  revoke(id: string, now: Date): Promise<boolean>;
  /** False when the client has no such secret, or it was revoked already. */
  revokeSecret(clientId: string, secretId: string, now: Date): Promise<boolean>;
  noteUse(secretId: string, now: Date): Promise<void>;
  list(): Promise<readonly ApiClient[]>;
  /** Of every active client, those that were not revoked. */
  secrets(): Promise<readonly ClientSecret[]>;
  /** In use, good now, and ending soon. */
  ending(now: Date): Promise<readonly ClientSecret[]>;
}

/** A client that showed a secret of its own which is good. */
export interface KnownClient {
  readonly client: ApiClient;
  /** When this secret ends, where that is soon. */
  readonly endsAt: Date | null;
}

/** What credentials are worth. Unknown client, revoked and wrong secret are one answer; `expired` is told to who has the secret. */
export type Authentication =
  | ({ readonly kind: 'known' } & KnownClient)
  | { readonly kind: 'expired'; readonly client: ApiClient }
  | { readonly kind: 'unknown' };

/** A secret as it is given out, once: 256 random bits, base64url. */
export interface GivenSecret {
  readonly secret: string;
  readonly secretId: string;
  readonly expiresAt: Date;
}

export interface ApiClients {
  /** Registers a client with its first secret. @param lifetimeMs of the secret; at most `SECRET_LIFETIME_MAX_MS` */
  add(name: string, now: Date, lifetimeMs?: number): Promise<{ readonly client: ApiClient } & GivenSecret>;
  authenticate(id: string, secret: string, now: Date): Promise<Authentication>;
  /**
   * Gives a client another secret; those before stay good for the overlap.
   *
   * @param terms milliseconds; an overlap of 0 ends the others at once, however many
   */
  rotate(
    id: string,
    now: Date,
    terms?: { readonly lifetimeMs?: number | undefined; readonly overlapMs?: number | undefined },
  ): Promise<
    | ({ readonly outcome: 'rotated'; readonly olderUntil: Date } & GivenSecret)
    | { readonly outcome: 'unknown' | 'full' }
  >;
  revoke(id: string, now: Date): Promise<boolean>;
  revokeSecret(clientId: string, secretId: string, now: Date): Promise<boolean>;
  list(): Promise<readonly ApiClient[]>;
  secrets(): Promise<readonly ClientSecret[]>;
  /** Secrets in use that end within `SECRET_WARNING_MS`. */
  ending(now: Date): Promise<readonly ClientSecret[]>;
}

export function createApiClients(store: ApiClientStore): ApiClients {
  return {
    async add(name, now, lifetimeMs) {
      const client: ApiClient = {
        id: randomUUID(),
        name: name.slice(0, 200),
        status: 'active',
        createdAt: now,
        revokedAt: null,
      };
      const made = newSecret(client.id, now, lifetimeMs);
      await store.insert(client, made);
      return { client, secret: made.text, secretId: made.secret.id, expiresAt: made.secret.expiresAt };
    },
    async authenticate(id, text, now) {
      const known = await store.get(id);
      const found = findSecret(known?.secrets ?? [], text);
      if (known === null || found === null || known.client.status !== 'active') return { kind: 'unknown' };
      const { client } = known;
      const { secret } = found;
      if (!isLive(secret, now)) return { kind: 'expired', client };
      const { lastUsedAt } = secret;
      if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= LAST_USED_PRECISION_MS) {
        await store.noteUse(secret.id, now);
      }
      return { kind: 'known', client, endsAt: endsSoon(secret, now) ? secret.expiresAt : null };
    },
    async rotate(id, now, { lifetimeMs, overlapMs = SECRET_OVERLAP_MS } = {}) {
      if (!(overlapMs >= 0 && overlapMs <= SECRET_OVERLAP_MAX_MS)) {
        throw new RangeError('secrets overlap for thirty days at most');
      }
      const made = newSecret(id, now, lifetimeMs);
      const olderUntil = new Date(now.getTime() + overlapMs);
      const outcome = await store.rotate(id, made, olderUntil, now);
      if (outcome !== 'rotated') return { outcome };
      const { id: secretId, expiresAt } = made.secret;
      return { outcome, secret: made.text, secretId, expiresAt, olderUntil };
    },
    revoke: (id, now) => store.revoke(id, now),
    revokeSecret: (clientId, secretId, now) => store.revokeSecret(clientId, secretId, now),
    list: () => store.list(),
    secrets: () => store.secrets(),
    ending: (now) => store.ending(now),
  };
}
