/** A session as every answer about it tells it. */
import { type Account } from '../../accounts/account.js';
import { type CertificateNotice } from '../../accounts/certificate-binding.js';
import { type EndedAccess } from '../../accounts/provisional.js';
import { type Claims } from '../../accounts/role.js';
import { type Presence } from '../../me/presence.js';
import { type Session, SESSION_ACR } from '../../sessions/session.js';
import { sessionCookie } from '../kernel/cookie.js';
import { type Reply } from '../kernel/operation.js';

/** What ended with an EDS sign-in, as its person is told. */
export function endedAccessBody({ organisation, setAt, contacts }: EndedAccess): object {
  return { organisation, setAt: setAt.toISOString(), contacts };
}

/** A session that goes on under a new cookie after something was signed within it. */
export function sessionRenewed(
  presence: Presence,
  { session, token }: { readonly session: Session; readonly token: string },
): Reply {
  return {
    status: 200,
    body: sessionBody({ ...presence, session }),
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
