import { verifySignatureValue } from '../algorithms/signature.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';
import { type ReasonCode } from '../error.js';
import { isInForce, type TrustedCertificate, type TrustPurpose, type TrustSet } from '../trust-set.js';
import { type PathMemo } from './memo.js';
import {
  authoritiesAllow,
  constrainsPath,
  criticalExtensionsUnderstood,
  fitsPurpose,
  mayIssue,
} from './usage.js';

/**
 * Reasons a path is not good, from the least to the most that is known about the certificate. Where several candidates fail,
 * the one that came furthest is reported; times come last because a time-stamp may still mend them.
 */
const FAILURES = [
  'PATH_UNTRUSTED',
  'PATH_SELF_SIGNED',
  'PATH_PURPOSE_NOT_ALLOWED',
  'PATH_NOT_A_CA',
  'PATH_ISSUER_MISMATCH',
  'SIGNATURE_ALGORITHM_FORBIDDEN',
  'SIGNATURE_ALGORITHM_MISMATCH',
  'PATH_LENGTH_EXCEEDED',
  'PATH_CONSTRAINTS_NOT_SUPPORTED',
  'CERTIFICATE_CRITICAL_EXTENSION',
  'CERTIFICATE_USAGE',
  'PATH_USAGE_NOT_ALLOWED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_EXPIRED',
  'PATH_CA_OUT_OF_VALIDITY',
] as const satisfies readonly ReasonCode[];

export type PathFailure = (typeof FAILURES)[number];

/** A path, leaf first and anchor last, every link proved; or the reason why there is none. */
export type PathResult =
  | { readonly ok: true; readonly path: readonly Certificate[] }
  | {
      readonly ok: false;
      readonly code: PathFailure;
      /** The path if its signatures hold and only a constraint or a time does not; otherwise empty. */
      readonly path: readonly Certificate[];
    };

/** What the usages of a proved chain do not allow; `end` is its leaf. */
type UsageCheck = (path: readonly Certificate[], end: Certificate) => PathFailure | null;

/** НУЦ РК has paths of three certificates. */
const MAX_LENGTH = 6;
/** Signatures computed in one search; only a trust set with many CAs of the same name could want more. */
const MAX_SIGNATURES = 24;

/**
 * Builds and validates a certification path (RFC 5280 §6) from the trust set alone: certificates that came with the signature
 * are never issuers. All CAs with the right name are tried, key identifiers are not relied on (НУЦ РК has two roots with the
 * same CN and intermediates with four-octet identifiers).
 *
 * Checked for every link: name, signature, CA flag and keyCertSign, path length, critical extensions, validity at `at`,
 * window and purposes of the trust entry; for the leaf also whether its usages, as far as the authorities' leave them, fit the
 * purpose. Name and policy constraints are not processed: a path that has them is refused.
 *
 * @param at the time at which every certificate of the path must be valid
 * @param memo remembers signatures already computed; leave out to compute all of them
 */
export function buildCertificationPath(
  leaf: Certificate,
  trust: TrustSet,
  purpose: TrustPurpose,
  at: Date,
  memo?: PathMemo,
): PathResult {
  return search(leaf, trust, purpose, at, memo, (path, end) => {
    if (!fitsPurpose(end, purpose)) return 'CERTIFICATE_USAGE';
    return authoritiesAllow(path, purpose) ? null : 'PATH_USAGE_NOT_ALLOWED';
  });
}

/**
 * As `buildCertificationPath`, for a certificate that itself issues others: the CA behind a CRL, or one looked at on its own.
 */
export function buildAuthorityPath(
  authority: Certificate,
  trust: TrustSet,
  purpose: TrustPurpose,
  at: Date,
  memo?: PathMemo,
): PathResult {
  return search(authority, trust, purpose, at, memo, (_path, end) =>
    mayIssue(end) ? null : 'CERTIFICATE_USAGE',
  );
}

function search(
  leaf: Certificate,
  trust: TrustSet,
  purpose: TrustPurpose,
  at: Date,
  memo: PathMemo | undefined,
  misuse: UsageCheck,
): PathResult {
  const entries = trust.entries.filter((entry) => isInForce(entry, at));
  let signatures = 0;
  let failure: Extract<PathResult, { ok: false }> = { ok: false, code: strangerCode(leaf), path: [] };
  const fail = (code: PathFailure, path: readonly Certificate[] = []): null => {
    if (FAILURES.indexOf(code) > FAILURES.indexOf(failure.code)) failure = { ok: false, code, path };
    return null;
  };

  /** The chain continued to an anchor, or `null`; `chain` is leaf first and its links are proved. */
  const extend = (chain: readonly Certificate[], last: Certificate): readonly Certificate[] | null => {
    if (isAnchor(last)) {
      const problem = problemOf(chain, misuse, at);
      return problem === null ? chain : fail(problem, chain);
    }
    if (chain.length === MAX_LENGTH) return fail('PATH_LENGTH_EXCEEDED');
    for (const entry of entries) {
      const issuer = entry.certificate;
      if (!sameName(issuer.subject, last.issuer)) continue;
      if (chain.some(({ sha256 }) => sha256 === issuer.sha256)) continue;
      const refusal = linkProblem(last, entry);
      if (refusal !== null) fail(refusal);
      else {
        const path = extend([...chain, issuer], issuer);
        if (path !== null) return path;
      }
    }
    return null;
  };

  const isAnchor = (certificate: Certificate): boolean =>
    entries.some(
      (entry) =>
        entry.role === 'anchor' &&
        entry.purposes.includes(purpose) &&
        entry.certificate.sha256 === certificate.sha256,
    );

  /** Cheap questions first: whoever wants a signature computed must at least name one of our CAs. */
  const linkProblem = (certificate: Certificate, entry: TrustedCertificate): PathFailure | null => {
    const issuer = entry.certificate;
    if (!entry.purposes.includes(purpose)) return 'PATH_PURPOSE_NOT_ALLOWED';
    if (!mayIssue(issuer)) return 'PATH_NOT_A_CA';
    if (memo?.has(certificate, issuer) === true) return null;
    signatures += 1;
    if (signatures > MAX_SIGNATURES) return 'PATH_LENGTH_EXCEEDED';
    const { signatureAlgorithm, tbs, signature } = certificate;
    const check = verifySignatureValue(issuer.publicKey, signatureAlgorithm, tbs, signature);
    if (check.ok) {
      memo?.add(certificate, issuer);
      return null;
    }
    return check.code === 'SIGNATURE_ALGORITHM_FORBIDDEN' ? check.code : 'PATH_ISSUER_MISMATCH';
  };

  const path = extend([leaf], leaf);
  return path === null ? failure : { ok: true, path };
}

/** What is wrong with a path whose links are proved, `null` if nothing is. */
function problemOf(path: readonly Certificate[], misuse: UsageCheck, at: Date): PathFailure | null {
  const [leaf, ...authorities] = path;
  if (leaf === undefined) return 'PATH_UNTRUSTED';
  if (exceedsPathLength(authorities)) return 'PATH_LENGTH_EXCEEDED';
  if (path.some(constrainsPath)) return 'PATH_CONSTRAINTS_NOT_SUPPORTED';
  if (!path.every(criticalExtensionsUnderstood)) return 'CERTIFICATE_CRITICAL_EXTENSION';
  const usage = misuse(path, leaf);
  if (usage !== null) return usage;
  // Written so that an invalid date, which compares false with everything, is refused.
  if (!(leaf.notBefore <= at)) return 'CERTIFICATE_NOT_YET_VALID';
  if (!(at <= leaf.notAfter)) return 'CERTIFICATE_EXPIRED';
  const valid = authorities.every(({ notBefore, notAfter }) => notBefore <= at && at <= notAfter);
  return valid ? null : 'PATH_CA_OUT_OF_VALIDITY';
}

/** RFC 5280 §4.2.1.9: the number of intermediates below a CA, not counting self-issued ones. */
function exceedsPathLength(authorities: readonly Certificate[]): boolean {
  return authorities.some(({ basicConstraints }, index) => {
    const below = authorities.slice(0, index).filter((ca) => !sameName(ca.subject, ca.issuer));
    const limit = basicConstraints?.pathLength ?? null;
    return limit !== null && below.length > limit;
  });
}

function strangerCode(leaf: Certificate): PathFailure {
  return sameName(leaf.issuer, leaf.subject) ? 'PATH_SELF_SIGNED' : 'PATH_UNTRUSTED';
}
