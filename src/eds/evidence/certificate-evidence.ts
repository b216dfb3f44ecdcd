import { type Certificate } from '../certificate/certificate.js';
import { readIdentity } from '../identity.js';
import { type Grounds } from '../judgement/judgement.js';
import { buildAuthorityPath, buildCertificationPath } from '../path/path.js';
import { mayIssue } from '../path/usage.js';
import { type VerificationPolicy } from '../judgement/policy.js';
import { createStepLog, NO_FACTS, reportSignature, type SignatureFacts } from '../judgement/report.js';
import { gatherRevocation, judgeRevocation } from '../judgement/revocation-rules.js';
import { type SignatureReport, type StepName } from '../judgement/verdict.js';
import { PASSED, type Verdict, verdictFor } from '../judgement/verdict-rules.js';

/**
 * Judges a certificate on its own: path, validity at `at`, revocation and, for a person's, whether an identity can be read from it.
 * Its holder signed nothing here, so the report has no signer.
 */
export async function judgeCertificate(
  certificate: Certificate,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<SignatureReport> {
  const log = createStepLog(['structure']);
  let facts: SignatureFacts = { ...NO_FACTS, format: 'X.509', certificate, bestSignatureTime: at };
  const conclude = (step: StepName, verdict: Verdict): SignatureReport => {
    log.record(step, verdict);
    return reportSignature(facts, log.steps(), verdict);
  };
  const authority = mayIssue(certificate);
  const build = authority ? buildAuthorityPath : buildCertificationPath;
  const result = build(certificate, grounds.trust, policy.name, at, grounds.memo);
  facts = { ...facts, path: result.path };
  if (!result.ok) return conclude('path', verdictFor(result.code));
  log.record('path', PASSED);

  const checked = policy.revocation === 'required';
  const revocation = await gatherRevocation([result.path], checked ? grounds.revocation : null, at);
  facts = { ...facts, revocation };
  if (checked) {
    const verdict = judgeRevocation(result.path, revocation, {
      noLaterThan: at,
      noEarlierThan: certificate.notBefore,
      revocationAfterwards: 'harmless',
    });
    if (verdict !== null) return conclude('revocation', verdict);
    log.record('revocation', PASSED);
  }
  if (authority) return conclude('path', PASSED);
  const identity = readIdentity(certificate);
  const text = certificate.unreadable.length > 0 ? (['CERTIFICATE_TEXT_UNREADABLE'] as const) : [];
  facts = { ...facts, warnings: [...text, ...identity.problems, ...identity.warnings] };
  return conclude('identity', PASSED);
}
