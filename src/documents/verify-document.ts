/** Use case: another program asks whether a signature is good, who made it and when. */
import { type AuditLog } from '../audit/log.js';
import { looksLikeChallenge } from '../eds/challenge-marker.js';
import { EdsError, isFormatCode, type VerdictCode } from '../eds/error.js';
import { readSignatureInput } from '../eds/asn1/pem.js';
import { type VerificationPolicy } from '../eds/policy.js';
import { type PathMemo } from '../eds/path/memo.js';
import { type RevocationSource } from '../eds/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type VerificationReport } from '../eds/verdict.js';
import { verifyCms } from '../eds/verifier.js';
import { type ApiClient } from '../federation/api-client.js';

export interface DocumentParts {
  readonly audit: AuditLog;
  readonly trust: { current(): TrustSet };
  readonly revocation: RevocationSource;
  /** Links of certification paths already proved. */
  readonly memo: PathMemo;
  readonly clock: () => Date;
  readonly checksums: VerificationPolicy['checksums'];
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
  /** Every answer is in the audit log before it is given; an audit log that fails is thrown. */
  verify(question: DocumentQuestion): Promise<DocumentAnswer>;
}

export function createDocumentVerifier(parts: DocumentParts): DocumentVerifier {
  const { audit, trust, revocation, memo, clock, checksums } = parts;

  const answerTo = async ({ signature, content }: DocumentQuestion): Promise<DocumentAnswer> => {
    // A sign-in answer must never pass for a document, whoever asks. Attached content is refused by the policy itself.
    if (content !== null && looksLikeChallenge(content))
      return { outcome: 'refused', code: 'SIGNATURE_IS_A_LOGIN' };
    try {
      const cms = readSignatureInput(signature);
      const policy: VerificationPolicy = { name: 'document', revocation: 'required', checksums };
      const evidence = content === null ? { cms } : { cms, content };
      const report = await verifyCms(evidence, trust.current(), revocation, policy, clock(), memo);
      return isUnreadable(report) ? { outcome: 'refused', code: report.code } : { outcome: 'judged', report };
    } catch (error) {
      if (error instanceof EdsError && isFormatCode(error.code))
        return { outcome: 'refused', code: error.code };
      throw error;
    }
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
