/** Use case: another program asks whether a signature is good, who made it and when. */
import { type AuditLog } from '../audit/log.js';
import { looksLikeChallenge } from '../eds/challenge-marker.js';
import { type VerdictCode } from '../eds/error.js';
import { type VerificationReport } from '../eds/verdict.js';
import { type ApiClient } from '../federation/api-client.js';
import { type Verdicts } from '../workers/verdicts.js';

export interface DocumentParts {
  readonly audit: AuditLog;
  readonly verdicts: Pick<Verdicts, 'document'>;
  readonly clock: () => Date;
}

export interface DocumentQuestion {
  /** PEM, base64 or DER of a CMS SignedData. */
  readonly signature: string | Uint8Array;
  /** The signed content of a detached signature. */
  readonly content: Uint8Array | null;
  readonly client: ApiClient;
  readonly requestId: string;
  readonly address: string | null;
}

export type DocumentAnswer =
  | { readonly outcome: 'judged'; readonly report: VerificationReport }
  /** What was sent is no signature at all, or one made to sign in. */
  | { readonly outcome: 'refused'; readonly code: VerdictCode };

export interface DocumentVerifier {
  /**
   * Every answer is in the audit log before it is given; an audit log that fails is thrown.
   *
   * @throws VerdictUnavailable
   */
  verify(question: DocumentQuestion): Promise<DocumentAnswer>;
}

export function createDocumentVerifier(parts: DocumentParts): DocumentVerifier {
  const { audit, verdicts, clock } = parts;

  const answerTo = async ({ signature, content }: DocumentQuestion): Promise<DocumentAnswer> => {
    // A sign-in answer must never pass for a document, whoever asks. Attached content is refused by the policy itself.
    if (content !== null && looksLikeChallenge(content))
      return { outcome: 'refused', code: 'SIGNATURE_IS_A_LOGIN' };
    const report = await verdicts.document({ signature, content });
    return isUnreadable(report) ? { outcome: 'refused', code: report.code } : { outcome: 'judged', report };
  };

  return {
    async verify(question) {
      const answer = await answerTo(question);
      const report = answer.outcome === 'judged' ? answer.report : null;
      const first = report?.signatures[0];
      await audit.append({
        type: report === null ? 'document.refused' : 'document.verified',
        at: clock(),
        actor: { kind: 'client', id: question.client.id },
        reason: answer.outcome === 'refused' ? answer.code : answer.report.code,
        requestId: question.requestId,
        address: question.address,
        details:
          report === null
            ? {}
            : {
                indication: report.indication,
                subIndication: report.subIndication,
                trust: report.trust.version,
                signatures: report.signatures.length,
                certificateSha256: first?.certificate?.sha256 ?? null,
              },
      });
      return answer;
    },
  };
}

/** Bytes that are no CMS at all; one without a signer is a verdict. */
function isUnreadable(
  report: VerificationReport,
): report is VerificationReport & { readonly code: VerdictCode } {
  return report.signatures.length === 0 && report.code !== null && report.code !== 'SIGNATURE_NONE';
}
