import { type Account } from '../../accounts/account.js';
import { type CertificateNotice } from '../../accounts/certificate-binding.js';
import { type EndedAccess } from '../../accounts/provisional.js';
import { type Claims } from '../../accounts/role.js';
import { type Presence, type Presences } from '../../me/presence.js';
import { type Session, SESSION_ACR } from '../../sessions/session.js';
import { noSession } from '../kernel/caller.js';
import { endedSessionCookie, sessionCookie } from '../kernel/cookie.js';
import { type Operation, operation, type Reply } from '../kernel/operation.js';
import { sessionReply } from '../shapes/session-schema.js';
import { endedAccessBody } from './my-memberships.js';

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
      handle: async ({ presence }) => ({
        status: 200,
        body: sessionBody({ ...presence, certificate: await presences.certificateOf(presence) }),
      }),
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

/** A session that goes on under a new cookie after something was signed within it. */
export async function sessionRenewed(
  presences: Presences,
  presence: Presence,
  { session, token }: { readonly session: Session; readonly token: string },
): Promise<Reply> {
  const certificate = await presences.certificateOf(presence);
  return {
    status: 200,
    body: sessionBody({ ...presence, session, certificate }),
    cookies: [sessionCookie(token)],
  };
}

/** The answer to "who am I", the same after sign-in and later. */
export function sessionBody({
  session,
  account,
  claims,
  certificate,
  ended,
}: {
  readonly session: Session;
  readonly account: Account;
  readonly claims: Claims;
  readonly certificate: CertificateNotice | null;
  /** Told once, by the sign-in itself. */
  readonly ended?: readonly EndedAccess[];
}): object {
  const { person, organisation } = account;
  const { stepUp } = session;
  return {
    session: {
      id: session.id,
      method: session.method,
      acr: session.acr,
      createdAt: session.createdAt.toISOString(),
      authenticatedAt: session.authenticatedAt.toISOString(),
      expiresAt: session.expiresAt.toISOString(),
      idleExpiresAt: session.idleExpiresAt.toISOString(),
      obligations: session.obligations,
      stepUp: stepUp && {
        operation: stepUp.operation,
        digest: stepUp.digest,
        until: stepUp.until.toISOString(),
        acr: SESSION_ACR.eds,
      },
    },
    person: { id: person.id, name: person.name, iin: person.iin },
    organisation: {
      id: organisation.id,
      kind: organisation.kind,
      name: organisation.name,
      bin: organisation.bin,
    },
    roles: claims.roles,
    permissions: claims.permissions,
    certificate: certificate && { ...certificate, notAfter: certificate.notAfter.toISOString() },
    ...(ended === undefined ? {} : { provisionalEnded: ended.map(endedAccessBody) }),
  };
}
