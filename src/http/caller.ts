/** Who calls an operation, and whether they may. */
import { type Request } from 'express';
import { type ApiClient } from '../federation/api-client.js';
import { type Presence, type Presences } from '../login/presence.js';
import { type Visitor } from '../login/visitor.js';
import { endedSessionCookie } from './cookie.js';
import { type Operation } from './operation.js';
import { Problem } from './problem.js';

export interface Caller {
  readonly client: ApiClient | null;
  readonly presence: Presence | null;
}

/**
 * Proves that the caller may call this operation.
 *
 * @throws Problem `SESSION_NONE`, `CLIENT_UNAUTHORISED`, `PERMISSION_DENIED`
 */
export async function requireCaller(
  operation: Operation,
  request: Request,
  visitor: Visitor,
  presences: Pick<Presences, 'of'>,
): Promise<Caller> {
  const client = (await operation.authorise?.(request, visitor)) ?? null;
  if (operation.access !== 'session' && operation.access !== 'member') return { client, presence: null };
  const presence = await presences.of(visitor);
  if (presence === null) throw noSession(visitor);
  const { permission, platform } = operation;
  if (platform !== undefined) throw new Problem('PERMISSION_DENIED');
  if (permission !== undefined && !presence.account.membership.roles.includes('manager')) {
    throw new Problem('PERMISSION_DENIED');
  }
  return { client, presence };
}

/** Without a live session. A cookie that opens nothing any more is removed at the same time. */
export function noSession({ sessionToken }: Pick<Visitor, 'sessionToken'>): Problem {
  const headers = sessionToken === null ? {} : { 'Set-Cookie': endedSessionCookie() };
  return new Problem('SESSION_NONE', { headers });
}
