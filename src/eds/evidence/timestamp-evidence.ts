import { type Grounds } from '../judgement/judgement.js';
import { type VerificationPolicy } from '../judgement/policy.js';
import { createStepLog, NO_FACTS, reportSignature, type SignatureFacts } from '../judgement/report.js';
import { gatherRevocation, judgeRevocation } from '../judgement/revocation-rules.js';
import { type TimestampFinding, verifyTimestampAlone } from '../timestamp/timestamp.js';
import { type SignatureReport, type StepName } from '../judgement/verdict.js';
import { PASSED, type Verdict, verdictFor } from '../judgement/verdict-rules.js';

/**
 * Judges a time-stamp on its own. The authority's certificate has to be valid at the time the token names. Only the token itself
 * is proved, nothing about what it was made over.
 *
 * @param token a TimeStampToken
 */
export async function judgeTimestamp(
  token: Uint8Array,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<SignatureReport> {
  const log = createStepLog([]);
  let facts: SignatureFacts = { ...NO_FACTS, format: 'RFC3161' };
  const conclude = (step: StepName, verdict: Verdict): SignatureReport => {
    log.record(step, verdict);
    return reportSignature(facts, log.steps(), verdict);
  };

  const finding = verifyTimestampAlone(token, null, { ...grounds, at });
  const { certificate, scheme, genTime, path } = finding;
  facts = {
    ...facts,
    certificate,
    scheme,
    path,
    claimedSigningTime: genTime,
    bestSignatureTime: finding.code === null ? genTime : null,
    timestamps: [finding],
    warnings: finding.warnings,
  };
  if (finding.code !== null) return conclude('timestamp', verdictOn(finding));
  log.record('structure', PASSED);
  log.record('signature', PASSED);
  log.record('path', PASSED);

  const checked = policy.revocation === 'required';
  const revocation = await gatherRevocation([path], checked ? grounds.revocation : null, at);
  facts = { ...facts, revocation };
  if (checked && genTime !== null) {
    const times = { noLaterThan: genTime, noEarlierThan: genTime, revocationAfterwards: 'decides' } as const;
    const verdict = judgeRevocation(path, revocation, times);
    if (verdict !== null) return conclude('revocation', verdict);
    log.record('revocation', PASSED);
  }
  return conclude('timestamp', PASSED);
}

/** As an attribute of a signature a bad time-stamp casts doubt; on its own it is a signature that fails. */
function verdictOn({ code, genTime, pathFailure }: TimestampFinding): Verdict {
  const reason = code ?? 'TIMESTAMP_INVALID';
  if (reason === 'TIMESTAMP_FUTURE' || reason === 'TIMESTAMP_ALGORITHM_FORBIDDEN') return verdictFor(reason);
  if (pathFailure !== null) return { ...verdictFor(pathFailure), code: reason };
  const subIndication =
    genTime === null
      ? 'FORMAT_FAILURE'
      : reason === 'TIMESTAMP_IMPRINT_MISMATCH'
        ? 'HASH_FAILURE'
        : 'SIG_CRYPTO_FAILURE';
  return { indication: 'TOTAL_FAILED', subIndication, code: reason };
}
