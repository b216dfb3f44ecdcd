/** Who calls an operation, and whether they may. */
import { type Request } from 'express';
import { type AccountDirectory } from '../../accounts/directory.js';
import { authorityOf } from '../../administration/authority.js';
import { type Act, type Authority, byMember, byPerson } from '../../audit/act.js';
import { type ApiClient } from '../../clients/api-client.js';
import { type Presence, type Presences } from '../../me/presence.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { endedSessionCookie } from './cookie.js';
import { type Operation } from './operation.js';
import { Problem } from './problem.js';

export interface Caller {
  readonly client: ApiClient | null;
  /** When the secret of the client ends, where that is soon. */
  readonly secretEndsAt: Date | null;
  readonly presence: Presence | null;
}

/** Where it is asked who somebody is and what they may do. */
export interface CallerParts {
  readonly presences: Pick<Presences, 'of'>;
  readonly storage: { readonly accounts: Pick<AccountDirectory, 'platformRolesOf'> };
}

/**
 * Proves who calls, as far as this operation wants to know.
 *
 * @throws Problem `CLIENT_UNAUTHORISED`, `CLIENT_SECRET_EXPIRED`, `SESSION_NONE`
 */
export async function requireCaller(
  operation: Operation,
  request: Request,
  visitor: Visitor,
  parts: CallerParts,
): Promise<Caller> {
  const known = (await operation.authorise?.(request, visitor)) ?? null;
  const called = { client: known?.client ?? null, secretEndsAt: known?.endsAt ?? null };
  if (operation.access !== 'session' && operation.access !== 'member') return { ...called, presence: null };
  const presence = await parts.presences.of(visitor);
  if (presence === null) throw noSession(visitor);
  return { ...called, presence };
}

/** What somebody signed in does: inside the organisation of their session, or, where it is done to the installation, as a person. */
export function actOf(
  { platform }: Operation,
  { session }: Presence,
  act: Act,
  authority: Authority = [],
): Act {
  return platform === undefined
    ? byMember(act, session, authority)
    : byPerson(act, session.personId, authority);
}

/**
 * Holds somebody signed in to what the operation asks of them. Roles are read anew for every request: what was taken away is gone at once.
 *
 * @returns how far they may go in it: nowhere, where they may still owe something
 * @throws Problem `OBLIGATIONS_PENDING`, `PERMISSION_DENIED`, `EDS_SESSION_REQUIRED`
 */
export async function requireAuthority(
  { access, permission, platform }: Operation,
  { session, claims }: Presence,
  { storage: { accounts } }: CallerParts,
): Promise<Authority> {
  if (access !== 'member') return [];
  const { obligations } = session;
  if (obligations.length > 0) throw new Problem('OBLIGATIONS_PENDING', { extensions: { obligations } });
  if (permission !== undefined && !claims.permissions.includes(permission)) {
    throw new Problem('PERMISSION_DENIED');
  }
  if (platform === undefined) return authorityOf(claims);
  const held = await accounts.platformRolesOf(session.personId);
  if (!held.some((role) => platform.includes(role))) throw new Problem('PERMISSION_DENIED');
  if (session.method !== 'eds') throw new Problem('EDS_SESSION_REQUIRED');
  return held;
}

/** Without a live session. A cookie that opens nothing any more is removed at the same time. */
export function noSession({ sessionToken }: Pick<Visitor, 'sessionToken'>): Problem {
  const headers = sessionToken === null ? {} : { 'Set-Cookie': endedSessionCookie() };
  return new Problem('SESSION_NONE', { headers });
}
