/** What exactly is signed before it is done. */
import { createHash } from 'node:crypto';
import { type OperationName } from '../sessions/operation-name.js';
import { type Presence } from './presence.js';

/** One request of one person in one organisation, as the gateway read it. */
export interface RequestToSign {
  /** The kind of operation, which decides whether it has to be signed. */
  readonly operation: OperationName;
  /** Names the request in the contract, for example `setMemberRoles`. */
  readonly name: string;
  /** Identifiers in its path. */
  readonly params: unknown;
  /** As read and checked; `null` without one, and where it is a secret that must not be guessed from what is kept. */
  readonly body: unknown;
}

/** To set one's own password. The password itself is no part of what is signed: nobody may guess it from the digest. */
export const OWN_PASSWORD_REQUEST: RequestToSign = {
  operation: 'password.set',
  name: 'setMyPassword',
  params: {},
  body: null,
};

/** What the person is shown of it, beside the organisation: nothing they would not know it by. */
export interface RequestInWords {
  readonly kk: string;
  readonly ru: string;
  readonly targets: readonly string[];
  readonly values: readonly string[];
}

/**
 * SHA-256 of a request, lower-case hex: another target, another value, another organisation or another person is another digest. The
 * session is not in it, since a step-up gives it another token.
 */
export function requestDigest({ operation, name, params, body }: RequestToSign, presence: Presence): string {
  const { organisation, person, membership } = presence.account;
  const bound = [organisation.id, person.id, membership.id];
  return createHash('sha256')
    .update(canonical([operation, name, bound, params, body]))
    .digest('hex');
}

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
