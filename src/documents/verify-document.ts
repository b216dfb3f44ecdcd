/** Use case: another program asks whether a signature is good, who made it and when. */
import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type AuditLog } from '../audit/log.js';
import { looksLikeChallenge } from '../eds/challenge-marker.js';
import { type VerdictCode } from '../eds/error.js';
import { type VerificationReport } from '../eds/judgement/verdict.js';
import { type Verdicts } from '../verdicts/verdicts.js';

export interface DocumentParts {
  readonly audit: AuditLog;
  readonly verdicts: Pick<Verdicts, 'document'>;
  readonly clock: () => Date;
}

export interface DocumentQuestion {
  /** A CMS SignedData or a signed XML document, in any of the forms of `readInput`. */
  readonly signature: string | Uint8Array;
  /** The signed content of a detached signature. */
  readonly content: Uint8Array | null;
  readonly format: 'auto' | 'cms' | 'xml';
  /** Whether the rules of the asking program demand a valid time-stamp. */
  readonly requireTimestamp: boolean;
}

export type DocumentAnswer =
  | { readonly outcome: 'judged'; readonly report: VerificationReport }
  /** What was sent is no signature at all, or one made to sign in. */
  | { readonly outcome: 'refused'; readonly code: VerdictCode };

export interface DocumentVerifier {
  /**
   * Every answer is in the audit log before it is given; an audit log that fails is thrown.
   *
   * @param act of the program that asks
   *
   * @throws VerdictUnavailable
   */
  verify(question: DocumentQuestion, act: Act): Promise<DocumentAnswer>;
}

export function createDocumentVerifier(parts: DocumentParts): DocumentVerifier {
  const { audit, verdicts, clock } = parts;

  const answerTo = async (question: DocumentQuestion): Promise<DocumentAnswer> => {
    const { signature, content, format, requireTimestamp } = question;
    // A sign-in answer must never pass for a document, whoever asks. Attached content is refused by the policy itself.
    if (content !== null && looksLikeChallenge(content))
      return { outcome: 'refused', code: 'SIGNATURE_IS_A_LOGIN' };
    const report = await verdicts.document({ signature, content, format, requireTimestamp });
    return isUnreadable(report) ? { outcome: 'refused', code: report.code } : { outcome: 'judged', report };
  };

  return {
    async verify(question, asked) {
      const answer = await answerTo(question);
      const act = { ...asked, at: clock() };
      if (answer.outcome === 'refused') {
        await record(audit, act, 'document.refused', { reason: answer.code });
        return answer;
      }
      const { indication, subIndication, trust, signatures, code: reason } = answer.report;
      const details = {
        indication,
        subIndication,
        trust: trust.version,
        signatures: signatures.length,
        certificateSha256: signatures[0]?.certificate?.sha256 ?? null,
      };
      await record(audit, act, 'document.verified', { reason, details });
      return answer;
    },
  };
}

/**
 * What is no signature, or too broken to be one. One that is not supported or larger than the limit is a verdict, and so is a message
 * without a signer. Content beside a signed XML document is a mistake of the caller.
 */
function isUnreadable(
  report: VerificationReport,
): report is VerificationReport & { readonly code: VerdictCode } {
  const { indication, code, signatures } = report;
  if (signatures.length > 0 || code === null || code === 'SIGNATURE_NONE') return false;
  return indication === 'TOTAL_FAILED' || code === 'SIGNATURE_CONTENT_UNEXPECTED';
}
