import { EdsError, isFormatCode } from '../eds/error.js';
import { readSignatureInput } from '../eds/asn1/pem.js';
import { type PathMemo } from '../eds/path/memo.js';
import { type VerificationPolicy } from '../eds/policy.js';
import { reportNothing } from '../eds/report.js';
import { type RevocationSource } from '../eds/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type VerificationReport } from '../eds/verdict.js';
import { unreadable } from '../eds/verdict-rules.js';
import { verifyCms } from '../eds/verifier.js';

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

/** Judges one task from its first octet to its last, under one trust set. */
export async function judgeTask(
  { signature, content, policy, at }: Task,
  grounds: { readonly trust: TrustSet; readonly memo: PathMemo; readonly revocation: RevocationSource },
): Promise<VerificationReport> {
  const { trust, memo, revocation } = grounds;
  try {
    const cms = readSignatureInput(signature);
    const evidence = content === null ? { cms } : { cms, content };
    return await verifyCms(evidence, trust, revocation, policy, at, memo);
  } catch (error) {
    if (error instanceof EdsError && isFormatCode(error.code)) {
      return reportNothing(unreadable(error.code), { trustVersion: trust.version, policy: policy.name, at });
    }
    throw error;
  }
}

/** How much room a task takes, in octets. */
export function sizeOf({ signature, content }: Pick<Task, 'signature' | 'content'>): number {
  return signature.length + (content?.length ?? 0);
}
