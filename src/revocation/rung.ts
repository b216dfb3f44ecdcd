/** What the rungs of the revocation ladder have in common: the shape of an answer, its telling, the moment it is judged at. */
import { type ReasonCode } from '../eds/error.js';
import { type CertificateInQuestion, type RevocationFinding } from '../eds/revocation.js';
import { type RevocationObserver, type Rung } from './event.js';

/** What one rung says: an answer, or the codes of why it has none. */
export type RungResult = Exclude<RevocationFinding, { status: 'unavailable' }> | readonly ReasonCode[];

export function isCodes(result: RungResult): result is readonly ReasonCode[] {
  return Array.isArray(result);
}

export function isAuthority(certificate: CertificateInQuestion): boolean {
  return certificate.basicConstraints?.ca === true;
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/** Tells the observer of a finding that needed no exchange of its own, begun at `from` (`performance.now()`), and hands it on. */
export function tellFinding(
  onEvent: RevocationObserver,
  rung: Rung,
  finding: RevocationFinding,
  host: string | null,
  from: number,
): RevocationFinding {
  const code = finding.status === 'unavailable' ? finding.code : null;
  if (finding.status === 'not-checked') return finding;
  onEvent({
    kind: 'rung',
    rung,
    host,
    outcome: finding.status,
    code,
    durationMs: performance.now() - from,
  });
  return finding;
}
