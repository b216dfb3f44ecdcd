import { type Grounds } from '../judgement/judgement.js';
import { checkResponder } from '../ocsp/responder.js';
import { type UnverifiedBasicResponse } from '../ocsp/response.js';
import { buildAuthorityPath } from '../path/path.js';
import { mayIssue } from '../path/usage.js';
import { createStepLog, NO_FACTS, reportSignature } from '../judgement/report.js';
import { isInForce } from '../trust-set.js';
import { type SignatureReport } from '../judgement/verdict.js';
import { PASSED, type Verdict, verdictFor } from '../judgement/verdict-rules.js';

/**
 * Judges an OCSP response on its own: whether it is signed, at `at`, by a trusted CA or by a responder that CA delegated to.
 * What it says about a certificate is judged only together with that certificate.
 */
export function judgeOcspSignature(
  response: UnverifiedBasicResponse,
  { trust, memo }: Grounds,
  at: Date,
): SignatureReport {
  const log = createStepLog(['structure']);
  const facts = { ...NO_FACTS, format: 'OCSP', claimedSigningTime: response.producedAt };
  let reason: 'OCSP_RESPONDER_UNAUTHORISED' | 'OCSP_SIGNATURE_INVALID' = 'OCSP_RESPONDER_UNAUTHORISED';
  for (const entry of trust.entries) {
    const { certificate: authority } = entry;
    if (!isInForce(entry, at) || !entry.purposes.includes('ocsp') || !mayIssue(authority)) continue;
    const path = buildAuthorityPath(authority, trust, 'ocsp', at, memo);
    if (!path.ok) continue;
    const responder = checkResponder(response, authority, at, new Set());
    if (responder.ok) {
      log.record('signature', PASSED);
      log.record('path', PASSED);
      const known = { ...facts, bestSignatureTime: at, path: path.path };
      return reportSignature(known, log.steps(), PASSED);
    }
    if (responder.code === 'OCSP_SIGNATURE_INVALID') reason = responder.code;
  }
  const verdict: Verdict =
    reason === 'OCSP_SIGNATURE_INVALID'
      ? { indication: 'TOTAL_FAILED', subIndication: 'SIG_CRYPTO_FAILURE', code: reason }
      : { ...verdictFor('PATH_UNTRUSTED'), code: reason };
  log.record(reason === 'OCSP_SIGNATURE_INVALID' ? 'signature' : 'path', verdict);
  return reportSignature(facts, log.steps(), verdict);
}
