import { createHash } from 'node:crypto';
import { type SignatureScheme } from '../algorithms/scheme.js';
import { hexOf } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { looksLikeChallenge } from '../challenge-marker.js';
import { type WarningCode } from '../error.js';
import { type IdentityResult, readIdentity } from '../identity.js';
import { type PathMemo } from '../path/memo.js';
import { buildCertificationPath, type PathResult } from '../path/path.js';
import { isAboutTime, verdictOnPath } from '../path/verdict.js';
import { type VerificationPolicy } from './policy.js';
import { createStepLog, NO_FACTS, reportSignature, type SignatureFacts } from './report.js';
import { type RevocationSource } from './revocation.js';
import { gatherRevocation, judgeRevocation, wasNeverRevoked } from './revocation-rules.js';
import { type ProofOfTime, proveTime } from '../timestamp/proof-of-time.js';
import { genTimeOf } from '../timestamp/token.js';
import { type TrustSet } from '../trust-set.js';
import { type SignatureReport, type SignedContent, type StepName } from './verdict.js';
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
  /** Whether `content` is the whole of what was handed in, or one element of it. */
  readonly coverage: Pick<SignedContent, 'scope' | 'element'>;
  /** Computes the signature with the key of `certificate`. */
  readonly verifySignature: () => boolean;
  /** Time-stamp tokens over `stamped`, unread. */
  readonly timestamps: readonly Uint8Array[];
  readonly stamped: Uint8Array;
  /** What reading it brought to light that decides nothing. Asked after `verifySignature`. */
  readonly warnings: () => readonly WarningCode[];
}

/** Everything of a document is covered. */
export const WHOLE: SignatureClaim['coverage'] = Object.freeze({ scope: 'whole', element: null });

/** What every judgement is made against. */
export interface Grounds {
  readonly trust: TrustSet;
  readonly revocation: RevocationSource;
  /** Remembers proved links between certificates from one judgement to the next. */
  readonly memo?: PathMemo | undefined;
}

/** What is established about one signature while it is judged; each step adds to it. */
interface Judgement {
  readonly claim: SignatureClaim;
  readonly grounds: Grounds;
  readonly policy: VerificationPolicy;
  /** The time of validation. */
  readonly at: Date;
  facts: SignatureFacts;
  /** Links to an anchor, at the time of validation or at one a time-stamp names. */
  known: PathResult;
  identity: IdentityResult | null;
  proof: ProofOfTime | null;
}

interface Refusal {
  readonly step: StepName;
  readonly verdict: Verdict;
}

/** One step; what it gives, if anything, is the verdict. */
type JudgementStep = (judgement: Judgement) => Refusal | null | Promise<Refusal | null>;

const STEPS: readonly (readonly [passed: StepName | null, JudgementStep])[] = [
  [null, proveLinks],
  ['signature', computeSignature],
  [null, checkUsage],
  [null, proveExistence],
  ['path', checkPathAtBestTime],
  ['revocation', checkRevocation],
  ['policy', checkPolicy],
  ['identity', checkIdentity],
];

/**
 * Judges one signature (ETSI EN 319 102-1 §5.3, §5.5) in this order: links to a trusted anchor, so that a stranger's key is never
 * computed with; the signature; what else the path must satisfy; time-stamps; validity of the path at the best proved time;
 * revocation of everything below the anchors; policy; identity. The first reason found is the verdict.
 *
 * @param at the time of validation
 */
export async function judgeSignature(
  claim: SignatureClaim,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<SignatureReport> {
  const log = createStepLog(['structure', 'digest']);
  const { format, certificate, scheme, claimedSigningTime } = claim;
  const facts = { ...NO_FACTS, format, certificate, scheme, claimedSigningTime };
  const known = findPath(claim, grounds, policy, at);
  const judgement: Judgement = { claim, grounds, policy, at, facts, known, identity: null, proof: null };
  for (const [passed, step] of STEPS) {
    const refusal = await step(judgement);
    if (refusal !== null) {
      log.record(refusal.step, refusal.verdict);
      return reportSignature(judgement.facts, log.steps(), refusal.verdict);
    }
    if (passed !== null && wasRun(passed, judgement)) log.record(passed, PASSED);
    if (step === proveExistence && judgement.proof?.provedAt != null) log.record('timestamp', PASSED);
  }
  return reportSignature(judgement.facts, log.steps(), PASSED);
}

function wasRun(step: StepName, { policy }: Judgement): boolean {
  return step !== 'revocation' || policy.revocation === 'required';
}

function learn(judgement: Judgement, news: Partial<SignatureFacts>): void {
  judgement.facts = { ...judgement.facts, ...news };
}

function warn(judgement: Judgement, codes: readonly WarningCode[]): void {
  learn(judgement, { warnings: [...new Set([...judgement.facts.warnings, ...codes])] });
}

function refuse(step: StepName, verdict: Verdict): Refusal {
  return { step, verdict };
}

/** Where no chain of signatures leads to an anchor, the key is a stranger's. */
function proveLinks(judgement: Judgement): Refusal | null {
  const { known } = judgement;
  learn(judgement, { path: known.path });
  return known.ok || known.path.length > 0 ? null : refuse('path', verdictFor(known.code));
}

function computeSignature(judgement: Judgement): Refusal | null {
  const { claim } = judgement;
  if (!claim.verifySignature()) return refuse('signature', verdictFor('SIGNATURE_INVALID'));
  const identity = readIdentity(claim.certificate);
  judgement.identity = identity;
  const signedContent = {
    sha256: hexOf(createHash('sha256').update(claim.content).digest()),
    octets: claim.content.length,
    ...claim.coverage,
  };
  learn(judgement, {
    contentVerified: true,
    signedContent,
    identity: identity.identity,
  });
  const { policy } = judgement;
  // What keeps a certificate from signing in does not hide who signed a document.
  const told = policy.name === 'document' ? identity.problems : [];
  warn(judgement, [...claim.warnings(), ...told, ...identity.warnings]);
  return null;
}

/** Usages and constraints, whatever the time: by now the report can say who signed with a key that is not for it. */
function checkUsage({ known }: Judgement): Refusal | null {
  return known.ok || isAboutTime(known.code) ? null : refuse('path', verdictFor(known.code));
}

/** A time-stamp that proves nothing is told and takes nothing away: without it the signature would be judged as well. */
async function proveExistence(judgement: Judgement): Promise<Refusal | null> {
  const { claim, at, policy, grounds } = judgement;
  const proof = await proveTime(
    claim.timestamps,
    claim.stamped,
    { ...grounds, revocation: revocationSource(judgement) },
    at,
  );
  judgement.proof = proof;
  // Nobody signs in with a key that was valid once.
  const best = policy.name === 'login' ? at : (proof.provedAt ?? at);
  learn(judgement, {
    timestamps: proof.timestamps,
    revocation: proof.revocation,
    bestSignatureTime: best,
  });
  warn(
    judgement,
    proof.timestamps.flatMap(({ code }) => (code === null ? [] : [code])),
  );
  const required = policy.name === 'document' && policy.requireTimestamp === true;
  if (!required || proof.provedAt !== null) return null;
  return refuse('timestamp', proof.undecided ?? verdictFor('TIMESTAMP_REQUIRED'));
}

async function checkPathAtBestTime(judgement: Judgement): Promise<Refusal | null> {
  const { claim, grounds, policy, at } = judgement;
  const best = judgement.facts.bestSignatureTime ?? at;
  const dated = buildCertificationPath(claim.certificate, grounds.trust, policy.name, best, grounds.memo);
  learn(judgement, { path: dated.path });
  if (dated.ok) return null;
  // A time-stamp that could not be looked into may yet prove an earlier time.
  if (isAboutTime(dated.code) && judgement.proof?.undecided != null) {
    return refuse('timestamp', judgement.proof.undecided);
  }
  const expired = dated.code === 'CERTIFICATE_EXPIRED' && policy.name === 'document';
  const notRevoked =
    expired &&
    (await findRevocation(judgement)) === null &&
    wasNeverRevoked(claim.certificate, judgement.facts.revocation);
  return refuse('path', verdictOnPath(dated.code, claim.certificate, policy, notRevoked));
}

async function checkRevocation(judgement: Judgement): Promise<Refusal | null> {
  const verdict = await findRevocation(judgement);
  if (judgement.policy.revocation !== 'required' || verdict === null) return null;
  const undecided = judgement.proof?.undecided ?? null;
  return verdict.code === 'CERTIFICATE_REVOKED' && undecided !== null
    ? refuse('timestamp', undecided)
    : refuse('revocation', verdict);
}

function checkPolicy({ policy, claim }: Judgement): Refusal | null {
  const login = policy.name === 'document' && looksLikeChallenge(claim.content);
  return login ? refuse('policy', verdictFor('SIGNATURE_IS_A_LOGIN')) : null;
}

function checkIdentity({ identity, policy }: Judgement): Refusal | null {
  if (identity === null) return refuse('identity', verdictFor('IDENTITY_IIN_MISSING'));
  const [problem] = identity.problems;
  if (problem !== undefined && policy.name === 'login') return refuse('identity', verdictFor(problem));
  const [warning] = identity.warnings;
  if (warning !== undefined && policy.checksums === 'refuse') return refuse('identity', verdictFor(warning));
  const machine = policy.name === 'login' && identity.identity.kind === 'information-system';
  return machine ? refuse('identity', verdictFor('IDENTITY_NOT_A_PERSON')) : null;
}

function revocationSource({ policy, grounds }: Judgement): RevocationSource | null {
  return policy.revocation === 'required' ? grounds.revocation : null;
}

/** Asks about the path found last and keeps the answers; `null` where nothing stands against it. */
async function findRevocation(judgement: Judgement): Promise<Verdict | null> {
  const { claim, policy, at, facts, proof } = judgement;
  const evidence = await gatherRevocation([facts.path], revocationSource(judgement), at);
  const asked = new Set(evidence.map(({ certificate }) => certificate.sha256));
  const others = (proof?.revocation ?? []).filter(({ certificate }) => !asked.has(certificate.sha256));
  learn(judgement, { revocation: [...evidence, ...others] });
  return judgeRevocation(facts.path, evidence, {
    noLaterThan: facts.bestSignatureTime ?? at,
    noEarlierThan: policy.name === 'login' ? policy.challengeIssuedAt : claim.certificate.notBefore,
    // Only what is proved to be older than a revocation is out of its reach.
    revocationAfterwards: policy.name === 'document' && proof?.provedAt != null ? 'harmless' : 'decides',
  });
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
