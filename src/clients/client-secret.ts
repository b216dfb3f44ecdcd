/** Secrets of API clients: each has an end, and a client has one or, while it is being changed, two. */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

const DAY_MS = 24 * 60 * 60_000;

/** How long a secret is good unless said otherwise, and at most; milliseconds. */
export const SECRET_LIFETIME_MS = 365 * DAY_MS;
export const SECRET_LIFETIME_MAX_MS = 730 * DAY_MS;
/** How long the secrets before stay good beside a new one unless said otherwise, and at most; milliseconds. */
export const SECRET_OVERLAP_MS = 7 * DAY_MS;
export const SECRET_OVERLAP_MAX_MS = 30 * DAY_MS;
/** Secrets of one client that are good at the same time. */
export const LIVE_SECRETS_MAX = 2;
/** A secret in use that ends within this is pointed out. */
export const SECRET_WARNING_MS = 30 * DAY_MS;
/** In use is what was used within this. */
export const SECRET_IN_USE_MS = 30 * DAY_MS;
/** How exactly it is known when a secret was last used: one write an hour, not one a request. */
export const LAST_USED_PRECISION_MS = 60 * 60_000;

/** A secret as it is known afterwards: the secret itself is given out once and stored nowhere. */
export interface ClientSecret {
  readonly id: string;
  readonly clientId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Known to the hour; null: never. */
  readonly lastUsedAt: Date | null;
}

/** A new secret: 256 random bits as base64url in `text`, SHA-256 of it as hex in `hash`. */
export interface NewSecret {
  readonly secret: ClientSecret;
  readonly text: string;
  readonly hash: string;
}

/** @throws RangeError for a lifetime that is not between a millisecond and `SECRET_LIFETIME_MAX_MS` */
export function newSecret(clientId: string, now: Date, lifetimeMs: number = SECRET_LIFETIME_MS): NewSecret {
  if (!(lifetimeMs > 0 && lifetimeMs <= SECRET_LIFETIME_MAX_MS)) {
    throw new RangeError('a secret is good for two years at most');
  }
  const text = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  const secret = { id: randomUUID(), clientId, createdAt: now, expiresAt, lastUsedAt: null };
  return { secret, text, hash: hashOf(text).toString('hex') };
}

/**
 * Finds which of a client's secrets was shown. Every hash is compared, so that the time tells nothing of the place.
 *
 * @param known hashes as hex
 * @returns null for none of them
 */
export function findSecret<T extends { readonly hash: string }>(known: readonly T[], text: string): T | null {
  const shown = hashOf(text);
  let found: T | null = null;
  for (const candidate of known) {
    if (timingSafeEqual(Buffer.from(candidate.hash, 'hex'), shown)) found = candidate;
  }
  // Where there is no such client the work is the same.
  if (known.length === 0) timingSafeEqual(hashOf(''), shown);
  return found;
}

/** Whether it is good at this moment. */
export function isLive({ expiresAt }: Pick<ClientSecret, 'expiresAt'>, now: Date): boolean {
  return now < expiresAt;
}

/** Whether it ends so soon that the client should be told. */
export function endsSoon({ expiresAt }: Pick<ClientSecret, 'expiresAt'>, now: Date): boolean {
  return expiresAt.getTime() - now.getTime() <= SECRET_WARNING_MS;
}

/** What an operator does about a secret that ends soon; without the secret. */
export function describeEnding({ id, clientId, expiresAt }: ClientSecret, now: Date): string {
  const days = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS));
  return `secret ${id} of client ${clientId} is in use and expires in ${days} days; another one: npx qaqpa account client rotate --id ${clientId}`;
}

/** A plain hash is enough: the secret has 256 bits of its own, there is nothing to guess. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
