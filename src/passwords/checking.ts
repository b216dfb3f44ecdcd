/** What an attempt with a password comes to. */
import { type Iin } from '../accounts/national-number.js';
import { type PasswordHasher } from './hasher.js';
import { type PasswordParts } from './parts.js';
import { type PasswordScope } from './scope.js';
import { type PasswordStore, type ReservedAttempt, type StoredPassword } from './store.js';

/** Bytes beyond which a password is not even hashed: nothing that long could have been set. */
const PASSWORD_MAX_BYTES = 1024;

export type PasswordCheck =
  /** `changedAt` names this password among those the person had. */
  | {
      readonly outcome: 'right';
      readonly personId: string;
      readonly changedAt: Date;
      /** The only memberships this password opens; `null`: every one of the person's. */
      readonly confinedTo: readonly string[] | null;
      /** It stands among the breached ones, and has to be changed. */
      readonly breached: boolean;
    }
  /** The right one, which an operator had set and nobody used in time: it opens no session. */
  | { readonly outcome: 'lapsed'; readonly personId: string }
  /** `blockedNow`: this was the fifth in a row, and the path is closed from here on. */
  | { readonly outcome: 'wrong'; readonly blockedNow: boolean; readonly personId: string | null }
  | { readonly outcome: 'blocked'; readonly personId: string | null };

type Standing = StoredPassword & { readonly membershipId?: string };

/** See `Passwords.check`. */
export async function checkPassword(
  parts: PasswordParts,
  asked: { readonly iin: Iin; readonly password: string; readonly scope: PasswordScope },
  now: Date,
): Promise<PasswordCheck> {
  const { store, maxFailures } = parts;
  const { iin, password, scope } = asked;
  const attempt = await store.reserveAttempt(iin, scope, maxFailures, now);
  const { personId, reserved } = attempt;
  if (!reserved && attempt.provisional.length === 0) return { outcome: 'blocked', personId };
  const matched = await matchesOf(parts.hasher, attempt, password);
  if (matched.length === 0 || personId === null) {
    // Nobody at the door learns that a password which may still be tried stands beside one that may not.
    if (!reserved) return { outcome: 'blocked', personId };
    return { outcome: 'wrong', blockedNow: attempt.failures >= maxFailures, personId };
  }
  await store.releaseAttempt(iin, attempt);
  const usable = matched.filter(({ temporaryUntil }) => temporaryUntil === null || now < temporaryUntil);
  const [first] = usable;
  if (first === undefined) return { outcome: 'lapsed', personId };
  await renew(parts, personId, matched, password);
  return {
    outcome: 'right',
    personId,
    changedAt: first.changedAt,
    confinedTo: first === attempt.own ? null : usable.flatMap(({ membershipId }) => membershipId ?? []),
    breached: parts.breached !== null && (await parts.breached.includes(password)),
  };
}

/** The passwords that stand and are this one; the work of a comparison is done in any case. */
async function matchesOf(
  hasher: PasswordHasher,
  { own, provisional }: ReservedAttempt,
  password: string,
): Promise<readonly Standing[]> {
  const comparable = Buffer.byteLength(password, 'utf8') <= PASSWORD_MAX_BYTES;
  const standing: readonly Standing[] = own === null ? provisional : [own, ...provisional];
  const hashes = standing.map(({ hash }) => hash);
  const matched = await hasher.matching(hashes, comparable ? password : '');
  return comparable ? standing.filter(({ hash }) => matched.includes(hash)) : [];
}

/** Puts hashes of another cost into today's, side by side under one salt. */
async function renew(
  { store, hasher }: { readonly store: PasswordStore; readonly hasher: PasswordHasher },
  personId: string,
  matched: readonly Standing[],
  password: string,
): Promise<void> {
  const renewed: string[] = [];
  const outdated = new Set(matched.map(({ hash }) => hash).filter((hash) => hasher.isOutdated(hash)));
  for (const hash of outdated) {
    const next = await hasher.hash(password, renewed);
    await store.replaceHash(personId, hash, next);
    renewed.push(next);
  }
}
