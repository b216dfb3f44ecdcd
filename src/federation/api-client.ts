import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** A program that may ask the gateway for verdicts. */
export interface ApiClient {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'revoked';
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** Where clients are kept. The secret itself is shown once and stored nowhere. */
export interface ApiClientStore {
  insert(client: ApiClient, secretHash: string): Promise<void>;
  get(id: string): Promise<{ readonly client: ApiClient; readonly secretHash: string } | null>;
  /** False when there is no active client of that identifier. */
  revoke(id: string, now: Date): Promise<boolean>;
  list(): Promise<readonly ApiClient[]>;
}

export interface ApiClients {
  /** Registers a client; `secret` (256 random bits, base64url) is given out here and never again. */
  add(name: string, now: Date): Promise<{ readonly client: ApiClient; readonly secret: string }>;
  /** The active client that holds this secret, or null. Unknown, revoked and wrong secret are one answer. */
  authenticate(id: string, secret: string): Promise<ApiClient | null>;
  revoke(id: string, now: Date): Promise<boolean>;
  list(): Promise<readonly ApiClient[]>;
}

export function createApiClients(store: ApiClientStore): ApiClients {
  return {
    async add(name, now) {
      const client: ApiClient = {
        id: randomUUID(),
        name: name.slice(0, 200),
        status: 'active',
        createdAt: now,
        revokedAt: null,
      };
      const secret = randomBytes(32).toString('base64url');
      await store.insert(client, hashOf(secret).toString('hex'));
      return { client, secret };
    },
    async authenticate(id, secret) {
      const known = await store.get(id);
      const expected = known === null ? hashOf('') : Buffer.from(known.secretHash, 'hex');
      const same = timingSafeEqual(expected, hashOf(secret));
      return same && known?.client.status === 'active' ? known.client : null;
    },
    revoke: (id, now) => store.revoke(id, now),
    list: () => store.list(),
  };
}

/** A plain hash is enough: the secret has 256 bits of its own, there is nothing to guess. */
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
