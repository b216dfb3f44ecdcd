import { type SignatureScheme } from './algorithms/scheme.js';
import { type Certificate } from './certificate/certificate.js';
import { readIdentity } from './identity.js';
import { looksLikeChallenge } from './challenge-marker.js';
import { type PathMemo } from './path/memo.js';
import { buildCertificationPath, type PathFailure, type PathResult } from './path/path.js';
import { type VerificationPolicy } from './policy.js';
import { createStepLog, NO_FACTS, reportSignature, type SignatureFacts } from './report.js';
import { type RevocationSource } from './revocation.js';
import { gatherRevocation, judgeRevocation, type RevocationEvidence } from './revocation-rules.js';
import { type TimestampFinding, verifyTimestamp } from './timestamp/timestamp.js';
import { genTimeOf } from './timestamp/token.js';
import { type TrustSet } from './trust-set.js';
import { type SignatureReport, type StepName } from './verdict.js';
import { PASSED, type Verdict, verdictFor } from './verdict-rules.js';

/**
 * One signature of any format (CMS, XML) whose structure is read, whose algorithms are on the allow-list and agree, and whose
 * digests fit the content. Nothing has been computed with its key, which may be anybody's.
 */
export interface SignatureClaim {
  /** `CMS`, `CAdES-B`, `CAdES-T` … */
  readonly format: string;
  readonly certificate: Certificate;
  readonly scheme: SignatureScheme;
  /** What the signer says; decides nothing. */
  readonly claimedSigningTime: Date | null;
  /** The content the signature covers. */
  readonly content: Uint8Array;
  /** Computes the signature with the key of `certificate`. */
  readonly verifySignature: () => boolean;
  /** Time-stamp tokens over `stamped`, unread. */
  readonly timestamps: readonly Uint8Array[];
  readonly stamped: Uint8Array;
}

/** What every judgement is made against. */
export interface Grounds {
  readonly trust: TrustSet;
  readonly revocation: RevocationSource;
  /** Remembers proved links between certificates from one judgement to the next. */
  readonly memo?: PathMemo | undefined;
}

/**
 * Judges one signature (ETSI EN 319 102-1 §5.3, §5.5) in this order: a path to a trusted anchor, so that a stranger's key is
 * never computed with; the signature; time-stamps; validity of the path at the best proved time; revocation of everything
 * below the anchors; policy; identity. The first reason found is the verdict.
 *
 * @param at the time of validation
 */
export async function judgeSignature(
  claim: SignatureClaim,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<SignatureReport> {
  const { trust, memo } = grounds;
  const log = createStepLog(['structure', 'digest']);
  let facts: SignatureFacts = { ...NO_FACTS, ...factsOf(claim) };
  const learn = (news: Partial<SignatureFacts>): void => {
    facts = { ...facts, ...news };
  };
  const conclude = (step: StepName, verdict: Verdict): SignatureReport => {
    log.record(step, verdict);
    return reportSignature(facts, log.steps(), verdict);
  };

  const known = findPath(claim, grounds, policy, at);
  learn({ path: known.path });
  if (!known.ok && !isAboutTime(known.code)) return conclude('path', verdictFor(known.code));

  if (!claim.verifySignature()) return conclude('signature', verdictFor('SIGNATURE_INVALID'));
  log.record('signature', PASSED);
  const identity = readIdentity(claim.certificate);
  learn({ contentVerified: true, identity: identity.ok ? identity.identity : null });

  const timestamps = claim.timestamps.map((token) => verifyTimestamp(token, claim.stamped, trust, memo));
  // Nobody signs in with a key that was valid once.
  const best = policy.name === 'login' ? at : earliest(at, timestamps);
  learn({ timestamps, bestSignatureTime: best });

  const dated = buildCertificationPath(claim.certificate, trust, policy.name, best, memo);
  if (!dated.ok) return conclude('path', judgePathFailure(dated.code, claim.certificate, policy));
  log.record('path', PASSED);
  learn({ path: dated.path });

  const badTimestamp = timestamps.find(({ code }) => code !== null)?.code ?? null;
  if (badTimestamp !== null) return conclude('timestamp', verdictFor(badTimestamp));

  const checked = policy.revocation === 'required';
  const paths = [dated.path, ...timestamps.map(({ path }) => path)];
  const revocation = await gatherRevocation(paths, checked ? grounds.revocation : null, at);
  learn({ revocation });
  if (checked) {
    const verdict = judgeRevocation(dated.path, revocation, {
      noLaterThan: best,
      noEarlierThan: policy.name === 'login' ? policy.challengeIssuedAt : claim.certificate.notBefore,
      revocationAfterwards: policy.name === 'login' ? 'decides' : 'harmless',
    });
    if (verdict !== null) return conclude('revocation', verdict);
    log.record('revocation', PASSED);
    const authority = judgeTimestampAuthorities(timestamps, revocation);
    if (authority !== null) return conclude('timestamp', authority);
  }
  if (timestamps.length > 0) log.record('timestamp', PASSED);

  if (policy.name === 'document' && looksLikeChallenge(claim.content)) {
    return conclude('policy', verdictFor('SIGNATURE_IS_A_LOGIN'));
  }
  log.record('policy', PASSED);

  if (!identity.ok) return conclude('identity', verdictFor(identity.code));
  learn({ warnings: identity.warnings });
  const [warning] = identity.warnings;
  if (warning !== undefined && policy.checksums === 'refuse')
    return conclude('identity', verdictFor(warning));
  if (policy.name === 'login' && identity.identity.kind === 'information-system') {
    return conclude('identity', verdictFor('IDENTITY_NOT_A_PERSON'));
  }
  return conclude('identity', PASSED);
}

function factsOf(claim: SignatureClaim): Partial<SignatureFacts> {
  const { format, certificate, scheme, claimedSigningTime } = claim;
  return { format, certificate, scheme, claimedSigningTime };
}

/**
 * A path now or, for a document, at a time one of its time-stamps names: a CA that has been retired since still vouches for
 * what was signed before. The times are taken on trust here, only to decide whether the signature is worth computing.
 */
function findPath(
  { certificate, timestamps }: SignatureClaim,
  { trust, memo }: Grounds,
  policy: VerificationPolicy,
  at: Date,
): PathResult {
  const now = buildCertificationPath(certificate, trust, policy.name, at, memo);
  if (now.ok || isAboutTime(now.code) || policy.name === 'login') return now;
  for (const token of timestamps) {
    const claimed = genTimeOf(token);
    if (claimed === null) continue;
    const then = buildCertificationPath(certificate, trust, policy.name, claimed, memo);
    if (then.ok) return then;
  }
  return now;
}

function isAboutTime(code: PathFailure): boolean {
  return (
    code === 'CERTIFICATE_EXPIRED' ||
    code === 'CERTIFICATE_NOT_YET_VALID' ||
    code === 'PATH_CA_OUT_OF_VALIDITY'
  );
}

/** Expiry is certain only where the signature is known to be younger than the certificate's end. */
function judgePathFailure(code: PathFailure, certificate: Certificate, policy: VerificationPolicy): Verdict {
  const verdict = verdictFor(code);
  const tooLate = policy.name === 'login' && policy.challengeIssuedAt > certificate.notAfter;
  return code === 'CERTIFICATE_EXPIRED' && tooLate
    ? { ...verdict, indication: 'TOTAL_FAILED', subIndication: 'EXPIRED' }
    : verdict;
}

function earliest(at: Date, timestamps: readonly TimestampFinding[]): Date {
  const times = timestamps.flatMap(({ code, genTime }) =>
    code === null && genTime !== null ? [genTime] : [],
  );
  return times.reduce((first, time) => (time < first ? time : first), at);
}

/**
 * A revoked authority's tokens prove nothing, whenever it was revoked: with its key in other hands any time can be written
 * into a token. Silence about it is silence.
 */
function judgeTimestampAuthorities(
  timestamps: readonly TimestampFinding[],
  evidence: readonly RevocationEvidence[],
): Verdict | null {
  for (const { path, genTime } of timestamps) {
    const verdict = judgeRevocation(path, evidence, {
      noLaterThan: genTime ?? new Date(Number.NaN),
      noEarlierThan: genTime ?? new Date(Number.NaN),
      revocationAfterwards: 'decides',
    });
    if (verdict === null) continue;
    return verdict.subIndication === 'TRY_LATER' ? verdict : verdictFor('TIMESTAMP_UNTRUSTED');
  }
  return null;
}
