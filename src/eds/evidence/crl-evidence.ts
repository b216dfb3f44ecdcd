import { sameName } from '../certificate/name.js';
import { checkCrl, type CrlIndex } from '../crl/index.js';
import { type Grounds } from '../judgement/judgement.js';
import { buildAuthorityPath, type PathFailure } from '../path/path.js';
import { createStepLog, NO_FACTS, reportSignature } from '../judgement/report.js';
import { isInForce } from '../trust-set.js';
import { type SignatureReport } from '../judgement/verdict.js';
import { PASSED, type Verdict, verdictFor } from '../judgement/verdict-rules.js';

/** Tolerated difference between the clocks of a CA and ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Judges a CRL on its own: signed by a trusted CA and, at `at`, inside the window it names itself. */
export function judgeCrlSignature(crl: CrlIndex, { trust, memo }: Grounds, at: Date): SignatureReport {
  const log = createStepLog(['structure']);
  const facts = { ...NO_FACTS, format: 'CRL', claimedSigningTime: crl.thisUpdate };
  let verdict: Verdict = verdictFor('PATH_UNTRUSTED');
  let failure: PathFailure | null = null;
  for (const entry of trust.entries) {
    const { certificate: authority } = entry;
    if (!isInForce(entry, at) || !sameName(authority.subject, crl.issuer)) continue;
    const path = buildAuthorityPath(authority, trust, 'document', at, memo);
    if (!path.ok) {
      failure = path.code;
      continue;
    }
    const refusal = checkCrl(crl, authority, { clockSkewMs: CLOCK_SKEW_MS }, at);
    if (refusal === null) {
      log.record('signature', PASSED);
      log.record('path', PASSED);
      const known = { ...facts, bestSignatureTime: at, path: path.path };
      return reportSignature(known, log.steps(), PASSED);
    }
    verdict =
      refusal === 'CRL_SIGNATURE_INVALID'
        ? { indication: 'TOTAL_FAILED', subIndication: 'SIG_CRYPTO_FAILURE', code: refusal }
        : verdictFor(refusal);
  }
  if (failure !== null && verdict.code === 'PATH_UNTRUSTED') verdict = verdictFor(failure);
  log.record(verdict.subIndication === 'SIG_CRYPTO_FAILURE' ? 'signature' : 'path', verdict);
  return reportSignature(facts, log.steps(), verdict);
}
