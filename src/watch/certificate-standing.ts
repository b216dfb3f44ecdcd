/** Whether a certificate somebody is signed in with would still let them in: path and revocation, without a signature. */
import { type Certificate } from '../eds/certificate/certificate.js';
import { type PathMemo } from '../eds/path/memo.js';
import { buildCertificationPath } from '../eds/path/path.js';
import { type RevocationFinding, type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';

export interface StandingParts {
  readonly trust: { current(): TrustSet };
  /** Links of certification paths already proved under a trust set. */
  readonly memoUnder: (trust: TrustSet) => PathMemo;
  /** The ladder: responders first, lists after them. */
  readonly revocation: RevocationSource;
  /** The lists in memory alone. */
  readonly lists: { listed: RevocationSource['statusOf'] };
  /** Whether there are responders to ask. Without any, a list in force is the newest word there is. */
  readonly hasResponders: boolean;
}

/**
 * `good`: as of a moment, which is that of the evidence. `bad`: an authority says so, or we trust its issuer no longer. `open`:
 * nobody gave an answer that can be used, which says nothing about the certificate.
 */
export type Standing =
  | { readonly outcome: 'good'; readonly asOf: Date }
  | {
      readonly outcome: 'bad';
      readonly code: string;
      readonly source: string;
      readonly revokedAt: Date | null;
    }
  | { readonly outcome: 'open'; readonly code: string };

/**
 * Looks a certificate up where it costs nothing first: a list in memory that revokes it ends the question, and one that is young
 * enough may clear it. Otherwise the responder is asked. An answer older than `notBefore` is not taken for a fresh one.
 */
export async function standingOf(
  certificate: Certificate,
  parts: StandingParts,
  { at, notBefore }: { readonly at: Date; readonly notBefore: Date },
): Promise<Standing> {
  const trust = parts.trust.current();
  const built = buildCertificationPath(certificate, trust, 'login', at, parts.memoUnder(trust));
  if (!built.ok) return { outcome: 'bad', code: built.code, source: 'trust', revokedAt: null };
  const [leaf, issuer, ...above] = built.path;
  if (leaf === undefined || issuer === undefined) return { outcome: 'open', code: 'PATH_UNTRUSTED' };

  const authorities = [issuer, ...above];
  for (const [index, authority] of authorities.slice(0, -1).entries()) {
    const superior = authorities[index + 1];
    if (superior === undefined) continue;
    const standing = judge(await parts.revocation.statusOf(authority, superior, at), null);
    if (standing.outcome !== 'good') return standing;
  }

  const listed = judge(await parts.lists.listed(leaf, issuer, at), notBefore);
  // A hold may have been lifted since the list was made: what counts now is found out as at sign-in.
  const held = listed.outcome === 'bad' && listed.code === 'CERTIFICATE_ON_HOLD';
  if (listed.outcome !== 'open' && !held) return listed;
  return judge(await parts.revocation.statusOf(leaf, issuer, at), parts.hasResponders ? notBefore : null);
}

/** @param notBefore the oldest moment a good answer may speak of; `null`: whatever the ladder lets count */
function judge(finding: RevocationFinding, notBefore: Date | null): Standing {
  switch (finding.status) {
    // Who could not sign in with a suspended certificate does not stay signed in with it either.
    case 'revoked':
    case 'on-hold':
      return {
        outcome: 'bad',
        code: finding.status === 'revoked' ? 'CERTIFICATE_REVOKED' : 'CERTIFICATE_ON_HOLD',
        source: finding.source,
        revokedAt: finding.revokedAt,
      };
    case 'not-issued':
      return { outcome: 'bad', code: 'CERTIFICATE_NOT_ISSUED', source: finding.source, revokedAt: null };
    case 'good':
      return notBefore !== null && finding.producedAt < notBefore
        ? { outcome: 'open', code: finding.source === 'ocsp' ? 'OCSP_STALE' : 'CRL_STALE' }
        : { outcome: 'good', asOf: finding.producedAt };
    // A responder that has lost sight of a certificate it knew at sign-in revokes nothing.
    case 'unknown':
      return { outcome: 'open', code: 'REVOCATION_UNKNOWN' };
    case 'unavailable':
      return { outcome: 'open', code: finding.code };
    case 'not-checked':
      return { outcome: 'open', code: 'REVOCATION_UNAVAILABLE' };
  }
}
