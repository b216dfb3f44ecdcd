import {
  type HandedInput,
  lengthOfInput,
  readInput,
  type SignatureInput,
} from '../eds/asn1/signature-input.js';
import { EdsError, isFormatCode } from '../eds/error.js';
import { type Admitted, verifyEvidence } from '../eds/evidence/evidence.js';
import { detectKind } from '../eds/evidence/kind.js';
import { type PathMemo } from '../eds/path/memo.js';
import { type DocumentPolicy, type LoginPolicy } from '../eds/judgement/policy.js';
import { reportNothing } from '../eds/judgement/report.js';
import { type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { unreadable } from '../eds/judgement/verdict-rules.js';
import { type JudgedCms, judgeCms } from '../eds/cms/verify.js';
import { type LoginVerdict } from './verdicts.js';

/** One verdict to be given, whole: what crosses to a thread is nothing but this. */
export interface Task {
  /** As it was handed in; see `readInput` for the forms. */
  readonly signature: HandedInput;
  /** The signed content of a detached document signature. */
  readonly content: Uint8Array | null;
  readonly policy: LoginPolicy | DocumentPolicy;
  /** What a document may be signed with. A sign-in is a CMS message whatever stands here. */
  readonly admit: Exclude<Admitted, 'anything'>;
  /** The time of validation. */
  readonly at: Date;
}

interface TaskGrounds {
  readonly trust: TrustSet;
  readonly memo: PathMemo;
  readonly revocation: RevocationSource;
}

/** Judges one task from its first octet to its last, under one trust set. The certificate comes with a sign-in only. */
export async function judgeTask(task: Task, grounds: TaskGrounds): Promise<LoginVerdict> {
  const { policy, at } = task;
  try {
    if (policy.name === 'login') return await judgeLogin(task, policy, grounds);
    const { trust, memo, revocation } = grounds;
    const { signature: input, content, admit } = task;
    const evidence = content === null ? { input, admit } : { input, admit, content };
    return { report: await verifyEvidence(evidence, trust, revocation, policy, at, memo), certificate: null };
  } catch (error) {
    if (error instanceof EdsError && isFormatCode(error.code)) {
      const context = { trustVersion: grounds.trust.version, policy: policy.name, at };
      return { report: reportNothing(unreadable(error.code), context), certificate: null };
    }
    throw error;
  }
}

async function judgeLogin(
  { signature, at }: Task,
  policy: LoginPolicy,
  { trust, memo, revocation }: TaskGrounds,
): Promise<LoginVerdict> {
  const cms = readMessage(readInput(signature));
  const judged = await judgeCms({ cms }, trust, revocation, policy, at, memo);
  return { report: judged.report, certificate: provedCertificate(judged) };
}

/** Only a CMS message answers a challenge. What is nothing of a known kind goes to its reader, which says what is wrong. */
function readMessage({ kind, bytes }: SignatureInput): Uint8Array {
  if (kind === 'xml') throw new EdsError('FORMAT_NOT_SUPPORTED', 'a challenge is not answered with XML');
  const found = detectKind(bytes);
  if (found !== null && found !== 'cms') {
    throw new EdsError('FORMAT_NOT_A_SIGNATURE', 'what answers the challenge is no signature');
  }
  return bytes;
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
  return lengthOfInput(signature) + (content?.length ?? 0);
}
