import { type Account } from '../accounts/account.js';
import { certificateNotice, type CertificateNotice } from '../accounts/certificate-binding.js';
import { type Claims } from '../accounts/role.js';
import { byMember } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type Session } from '../sessions/session.js';
import { type SignInStorage } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { type Visitor } from '../sign-in/visitor.js';

/** Somebody who is signed in right now. */
export interface Presence {
  readonly session: Session;
  readonly account: Account;
  /** What the account's roles say now. */
  readonly claims: Claims;
  /** What to tell about the certificate the session was opened with; `null` with a password. */
  readonly certificate: CertificateNotice | null;
}

export interface Presences {
  /**
   * Who holds the visitor's session, if they still belong to the organisation: a membership removed, a person blocked, an organisation
   * suspended or one that admits passwords no more ends the session at the next look, on every instance.
   *
   * @throws LoginUnavailable
   */
  of(visitor: Visitor): Promise<Presence | null>;
  /** Signs out. False when there was no session. @throws LoginUnavailable */
  end(visitor: Visitor): Promise<boolean>;
}

export function createPresences(parts: {
  readonly storage: SignInStorage;
  readonly clock: () => Date;
}): Presences {
  const { storage, clock } = parts;

  const end = (token: string, session: Session, { act }: Visitor, reason: string): Promise<boolean> =>
    storage.atomically(async (stores) => {
      if (!(await stores.sessions.end(token))) return false;
      await record(stores.audit, byMember(act, session), 'session.ended', {
        subject: { kind: 'session', id: session.id },
        reason,
      });
      return true;
    });

  return {
    of: (visitor) =>
      orUnavailable(async () => {
        const { sessionToken: token } = visitor;
        const now = clock();
        const session = token === null ? null : await storage.sessions.find(token, now);
        if (token === null || session === null) return null;
        const { membershipId, certificateSha256 } = session;
        const belonging = await storage.accounts.belonging(membershipId, certificateSha256);
        if (belonging === null || !isActive(belonging.account)) {
          await end(token, session, visitor, 'ACCOUNT_INACTIVE');
          return null;
        }
        const { account, claims, certificateNotAfter: notAfter } = belonging;
        if (session.method === 'password' && !account.organisation.settings.allowPasswords) {
          await end(token, session, visitor, 'ACCOUNT_PASSWORD_NOT_ALLOWED');
          return null;
        }
        return { session, account, claims, certificate: notAfter && certificateNotice({ notAfter }, now) };
      }),

    end: (visitor) =>
      orUnavailable(async () => {
        const { sessionToken: token } = visitor;
        const session = token === null ? null : await storage.sessions.find(token, clock());
        return token !== null && session !== null && (await end(token, session, visitor, 'SIGNED_OUT'));
      }),
  };
}

function isActive({ membership, person, organisation }: Account): boolean {
  return membership.status === 'active' && person.status === 'active' && organisation.status === 'active';
}
