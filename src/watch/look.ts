/** One certificate behind live sessions: how it stands, and the end of its sessions where it is good no longer. */
import { gatewayAct } from '../audit/act.js';
import { parseCertificate } from '../eds/certificate/certificate.js';
import { type CertificateChecks } from '../sessions/certificate-checks.js';
import { type Session } from '../sessions/session.js';
import { endSession } from '../sign-in/session-end.js';
import { type SignInStorage } from '../sign-in/stores.js';
import { type Standing, standingOf, type StandingParts } from './certificate-standing.js';
import { type WatchEvent } from './event.js';

export interface LookParts extends StandingParts {
  readonly storage: SignInStorage & { readonly certificateChecks: CertificateChecks };
  readonly clock: () => Date;
  readonly onEvent: (event: WatchEvent) => void;
}

/**
 * Looks at a certificate and acts on it. Never rejects: one that cannot be looked at must not keep the others from being looked at.
 *
 * @param dueMs evidence older than this is none
 */
export async function lookAtCertificate(parts: LookParts, sha256: string, dueMs: number): Promise<Standing> {
  try {
    return await look(parts, sha256, dueMs);
  } catch (error) {
    parts.onEvent({ kind: 'failure', error });
    return { outcome: 'open', code: 'CHECK_FAILED' };
  }
}

async function look(parts: LookParts, sha256: string, dueMs: number): Promise<Standing> {
  const { storage, clock } = parts;
  const at = clock();
  const sessions = await storage.sessions.list({ certificateSha256: sha256 }, at);
  // The last session ended between the list and now: there is nothing to find out.
  if (sessions.length === 0) return { outcome: 'good', asOf: at };
  const bytes = await bytesOf(parts, sessions, sha256);
  const certificate = bytes === null ? null : parseCertificate(bytes);
  if (certificate?.sha256 !== sha256) return { outcome: 'open', code: 'CERTIFICATE_NOT_KEPT' };
  const notBefore = new Date(at.getTime() - dueMs);
  const standing = await standingOf(certificate, parts, { at, notBefore });
  if (standing.outcome === 'bad') await endSessionsOf(parts, sha256, standing);
  return standing;
}

/** The certificate as it was kept at sign-in, at whichever membership. */
async function bytesOf(
  { storage }: LookParts,
  sessions: readonly Session[],
  sha256: string,
): Promise<Uint8Array | null> {
  for (const membershipId of new Set(sessions.map((session) => session.membershipId))) {
    const bytes = await storage.accounts.certificateBytesOf(membershipId, sha256);
    if (bytes !== null) return bytes;
  }
  return null;
}

async function endSessionsOf(
  { storage, clock, onEvent }: LookParts,
  certificateSha256: string,
  standing: Extract<Standing, { outcome: 'bad' }>,
): Promise<void> {
  const { code: reason, source, revokedAt } = standing;
  const details = { certificateSha256, source, revokedAt: revokedAt?.toISOString() ?? null };
  const ended = await storage.atomically(async (stores) => {
    const act = gatewayAct(clock());
    let count = 0;
    for (const session of await stores.sessions.list({ certificateSha256 }, act.at)) {
      if (await endSession(stores, session, act, reason, details)) count += 1;
    }
    return count;
  });
  if (ended > 0) onEvent({ kind: 'ended', code: reason, sessions: ended });
}
