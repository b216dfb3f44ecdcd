import { z } from 'zod';
import { type MySessions, type OwnSession } from '../../me/my-sessions.js';
import { endedSessionCookie } from '../kernel/cookie.js';
import { type Operation, operation } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { sessionsEndedReply } from '../shapes/session-schema.js';
import { mySessionsReply } from './schema.js';

/** What somebody does with their own sessions. */
export function mySessionOperations({ mySessions }: { readonly mySessions: MySessions }): Operation[] {
  return [
    operation({
      id: 'listMySessions',
      method: 'get',
      path: '/v1/me/sessions',
      summary: 'My live sessions, newest first',
      tag: 'me',
      access: 'member',
      limit: null,
      replies: { 200: { description: 'All of them, at every organisation', schema: mySessionsReply } },
      problems: [],
      async handle({ presence }) {
        return { status: 200, body: { sessions: (await mySessions.list(presence)).map(describe) } };
      },
    }),
    // Before the path with an identifier, which would take these words for one.
    operation({
      id: 'endMyOtherSessions',
      method: 'post',
      path: '/v1/me/sessions/end-others',
      summary: 'End all my sessions but this one',
      tag: 'me',
      access: 'member',
      limit: null,
      replies: { 200: { description: 'How many ended', schema: sessionsEndedReply } },
      problems: [],
      async handle({ presence, visitor }) {
        return { status: 200, body: { ended: await mySessions.endOthers(presence, visitor.act) } };
      },
    }),
    operation({
      id: 'endAllMySessions',
      method: 'post',
      path: '/v1/me/sessions/end-all',
      summary: 'End all my sessions, this one as well',
      tag: 'me',
      access: 'member',
      limit: null,
      replies: { 200: { description: 'How many ended; the cookie is removed', schema: sessionsEndedReply } },
      problems: [],
      async handle({ presence, visitor }) {
        const ended = await mySessions.endAll(presence, visitor.act);
        return { status: 200, body: { ended }, cookies: [endedSessionCookie()] };
      },
    }),
    operation({
      id: 'endMySession',
      method: 'delete',
      path: '/v1/me/sessions/{session}',
      summary: 'End one of my sessions',
      tag: 'me',
      access: 'member',
      limit: null,
      params: z.object({ session: z.uuid() }),
      replies: { 204: { description: 'Ended; the cookie is removed when it was this one' } },
      problems: [],
      async handle({ presence, params, visitor }) {
        if (!(await mySessions.end(presence, params.session, visitor.act)))
          throw new Problem('RESOURCE_UNKNOWN');
        return {
          status: 204,
          cookies: params.session === presence.session.id ? [endedSessionCookie()] : [],
        };
      },
    }),
  ];
}

function describe({ session, organisation, current }: OwnSession): object {
  return {
    id: session.id,
    current,
    organisation,
    method: session.method,
    device: session.device,
    address: session.address,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}
