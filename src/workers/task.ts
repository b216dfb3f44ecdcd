import { EdsError, isFormatCode } from '../eds/error.js';
import { readSignatureInput } from '../eds/asn1/pem.js';
import { type PathMemo } from '../eds/path/memo.js';
import { type VerificationPolicy } from '../eds/policy.js';
import { reportNothing } from '../eds/report.js';
import { type RevocationSource } from '../eds/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { unreadable } from '../eds/verdict-rules.js';
import { type JudgedCms, judgeCms } from '../eds/verifier.js';
import { type LoginVerdict } from './verdicts.js';

/** One verdict to be given, whole: what crosses to a thread is nothing but this. */
export interface Task {
  /** PEM, base64 or DER of a CMS SignedData. */
  readonly signature: string | Uint8Array;
  /** The signed content of a detached document signature. */
  readonly content: Uint8Array | null;
  readonly policy: VerificationPolicy;
  /** The time of validation. */
  readonly at: Date;
}

/** Judges one task from its first octet to its last, under one trust set. The certificate comes with a sign-in only. */
export async function judgeTask(
  { signature, content, policy, at }: Task,
  grounds: { readonly trust: TrustSet; readonly memo: PathMemo; readonly revocation: RevocationSource },
): Promise<LoginVerdict> {
  const { trust, memo, revocation } = grounds;
  try {
    const cms = readSignatureInput(signature);
    const evidence = content === null ? { cms } : { cms, content };
    const judged = await judgeCms(evidence, trust, revocation, policy, at, memo);
    return { report: judged.report, certificate: policy.name === 'login' ? provedCertificate(judged) : null };
  } catch (error) {
    if (error instanceof EdsError && isFormatCode(error.code)) {
      const context = { trustVersion: trust.version, policy: policy.name, at };
      return { report: reportNothing(unreadable(error.code), context), certificate: null };
    }
    throw error;
  }
}

/** The certificate of the only signer, once everything about the signature held. A copy: the one inside is a view over the whole message. */
function provedCertificate({ report, message }: JudgedCms): Uint8Array | null {
  const [signature, ...others] = report.signatures;
  if (report.indication !== 'TOTAL_PASSED' || signature === undefined || others.length > 0) return null;
  const named = signature.certificate?.sha256;
  return message?.certificates.find(({ sha256 }) => sha256 === named)?.der.slice() ?? null;
}

/** How much room a task takes, in octets. */
export function sizeOf({ signature, content }: Pick<Task, 'signature' | 'content'>): number {
  return signature.length + (content?.length ?? 0);
}
