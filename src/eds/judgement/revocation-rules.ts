import { type Certificate } from '../certificate/certificate.js';
import { type RevocationFinding, type RevocationSource } from './revocation.js';
import { type Verdict, verdictFor } from './verdict-rules.js';

/** One answer about one certificate. */
export interface RevocationEvidence {
  readonly certificate: Certificate;
  readonly finding: RevocationFinding;
}

/**
 * Asks about every certificate below the anchors of the given paths, each once.
 *
 * @param source `null` where revocation is left out on purpose
 */
export async function gatherRevocation(
  paths: readonly (readonly Certificate[])[],
  source: RevocationSource | null,
  at: Date,
): Promise<readonly RevocationEvidence[]> {
  const questions = new Map<string, { certificate: Certificate; issuer: Certificate }>();
  for (const path of paths) {
    for (const [index, certificate] of path.entries()) {
      const issuer = path[index + 1];
      if (issuer !== undefined) questions.set(certificate.sha256, { certificate, issuer });
    }
  }
  return Promise.all(
    [...questions.values()].map(async ({ certificate, issuer }) => ({
      certificate,
      finding: await (source?.statusOf(certificate, issuer, at) ?? NOT_CHECKED),
    })),
  );
}

const NOT_CHECKED: RevocationFinding = Object.freeze({ status: 'not-checked', source: 'none' });

/** What is proved about when a signature was made. */
export interface SigningTimes {
  /** It existed by then: the earliest good time-stamp, otherwise the time of validation. */
  readonly noLaterThan: Date;
  /** It cannot be older: the issue of the challenge it answers, or the start of the certificate. */
  readonly noEarlierThan: Date;
  /**
   * `harmless` only where a time-stamp proves `noLaterThan`: a revocation after it, and a hold, do not touch what was signed before.
   * Without such a proof any revocation decides, whatever its date: one after now would clear what is revoked already.
   */
  readonly revocationAfterwards: 'harmless' | 'decides';
}

/**
 * What the answers about a signer's path mean for the signature (ETSI EN 319 102-1 §5.2.6, §5.5), `null` where nothing stands
 * against it. Only an authoritative "good" is good: silence of any kind is `TRY_LATER`.
 */
export function judgeRevocation(
  path: readonly Certificate[],
  evidence: readonly RevocationEvidence[],
  times: SigningTimes,
): Verdict | null {
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const finding = evidence.find((item) => item.certificate.sha256 === certificate.sha256)?.finding;
    const verdict = finding === undefined ? verdictFor('REVOCATION_UNAVAILABLE') : judge(finding, times);
    if (verdict !== null) return index === 0 ? verdict : ofAuthority(verdict);
  }
  return null;
}

function judge(finding: RevocationFinding, times: SigningTimes): Verdict | null {
  switch (finding.status) {
    case 'good':
      return null;
    case 'revoked':
      return isHarmless(finding.revokedAt, times) ? null : judgeRevoked(finding.revokedAt, times);
    case 'on-hold':
      return isHarmless(finding.revokedAt, times) ? null : verdictFor('CERTIFICATE_ON_HOLD');
    case 'not-issued':
      return verdictFor('CERTIFICATE_NOT_ISSUED');
    case 'unknown':
      return verdictFor('REVOCATION_UNKNOWN');
    case 'unavailable':
      return verdictFor(finding.code);
    // A source that does not check where checking is required is as good as silent.
    case 'not-checked':
      return verdictFor('REVOCATION_UNAVAILABLE');
  }
}

function isHarmless(revokedAt: Date, { noLaterThan, revocationAfterwards }: SigningTimes): boolean {
  return revocationAfterwards === 'harmless' && revokedAt > noLaterThan;
}

function judgeRevoked(revokedAt: Date, { noEarlierThan }: SigningTimes): Verdict {
  const verdict = verdictFor('CERTIFICATE_REVOKED');
  return revokedAt <= noEarlierThan
    ? { ...verdict, indication: 'TOTAL_FAILED', subIndication: 'REVOKED' }
    : verdict;
}

/** A revoked authority casts doubt on when the signature was made, not on who made it. */
function ofAuthority(verdict: Verdict): Verdict {
  const gone = verdict.code === 'CERTIFICATE_REVOKED' || verdict.code === 'CERTIFICATE_NOT_ISSUED';
  return gone ? { ...verdict, indication: 'INDETERMINATE', subIndication: 'REVOKED_CA_NO_POE' } : verdict;
}

/**
 * Whether it is known that a certificate was not revoked to its end: an authority that still knows of it says so, as of a moment
 * after that end (EN 319 102-1 §5.2.6.4, `OUT_OF_BOUNDS_NOT_REVOKED`).
 */
export function wasNeverRevoked(
  { sha256, notAfter }: Certificate,
  evidence: readonly RevocationEvidence[],
): boolean {
  const finding = evidence.find(({ certificate }) => certificate.sha256 === sha256)?.finding;
  return finding?.status === 'good' && finding.asOf >= notAfter;
}
