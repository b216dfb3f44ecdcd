import { type Presences } from '../../me/presence.js';
import { noSession } from '../kernel/caller.js';
import { endedSessionCookie } from '../kernel/cookie.js';
import { operation, type Operation } from '../kernel/operation.js';
import { sessionBody } from '../shapes/session-body.js';
import { sessionReply } from '../shapes/session-schema.js';

export function sessionOperations({ presences }: { readonly presences: Presences }): Operation[] {
  const path = '/v1/session';
  return [
    operation({
      id: 'whoAmI',
      method: 'get',
      path,
      summary: 'Who is signed in',
      tag: 'session',
      access: 'session',
      limit: null,
      replies: { 200: { description: 'The session, its person and organisation', schema: sessionReply } },
      problems: [],
      handle: ({ presence }) => Promise.resolve({ status: 200, body: sessionBody(presence) }),
    }),
    {
      id: 'signOut',
      method: 'delete',
      path,
      summary: 'Sign out',
      tag: 'session',
      access: 'browser',
      limit: null,
      body: null,
      replies: { 204: { description: 'Signed out; the session cookie is removed' } },
      problems: ['SESSION_NONE'],
      async handle({ visitor }) {
        if (await presences.end(visitor)) return { status: 204, cookies: [endedSessionCookie()] };
        throw noSession(visitor);
      },
    },
  ];
}
