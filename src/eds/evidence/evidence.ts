import { type HandedInput, readInput, type SignatureInput } from '../asn1/signature-input.js';
import { parseCertificate } from '../certificate/certificate.js';
import { indexCrl } from '../crl/index.js';
import { EdsError, isFormatCode } from '../error.js';
import { type Grounds } from '../judgement/judgement.js';
import { parseOcspResponse } from '../ocsp/response.js';
import { createPathMemo, type PathMemo } from '../path/memo.js';
import { type VerificationPolicy } from '../judgement/policy.js';
import { reportAll, reportNothing } from '../judgement/report.js';
import { type RevocationSource } from '../judgement/revocation.js';
import { readTimestampResponse } from '../timestamp/token.js';
import { type TrustSet } from '../trust-set.js';
import { type ReportKind, type SignatureReport, type VerificationReport } from '../judgement/verdict.js';
import { unreadable, type Verdict, verdictFor } from '../judgement/verdict-rules.js';
import { verifyCms } from '../cms/verify.js';
import { verifyXml } from '../xml/verify.js';
import { judgeCertificate } from './certificate-evidence.js';
import { judgeCrlSignature } from './crl-evidence.js';
import { detectKind, type EvidenceKind } from './kind.js';
import { judgeOcspSignature } from './ocsp-evidence.js';
import { judgeTimestamp } from './timestamp-evidence.js';

/** What may be judged; `anything` besides signatures: certificates, CRLs, OCSP responses and time-stamps, each as what it is. */
export type Admitted = 'anything' | 'signatures' | 'cms' | 'xml';

/** Anything signed that a verdict is wanted on. */
export interface Evidence {
  /** The file or the text as it was handed in; see `readInput` for the forms. */
  readonly input: HandedInput;
  /** What a detached signature should cover. With it only signatures are judged: nothing else says anything about content. */
  readonly content?: Uint8Array;
  /** Default: `anything` without content, `signatures` with it. */
  readonly admit?: Admitted;
}

/**
 * Verifies what it is given: signatures of a CMS message or an XML document and, where that is admitted, a time-stamp, an OCSP response,
 * a CRL or a certificate. Those are judged on their own, as what they are (`kind`), never with a signer and never as an answer
 * about content. Where only signatures are admitted they are `FORMAT_NOT_A_SIGNATURE`, as keys and requests are everywhere.
 *
 * @throws EdsError `FORMAT_UNRECOGNISED`, `PEM_MALFORMED`, `FORMAT_TOO_LARGE`, `ASN1_TOO_DEEP` or `ASN1_TOO_LARGE` for input that is none of these. Damaged input
 *   of a kind that can still be told is `TOTAL_FAILED` / `FORMAT_FAILURE`.
 */
export async function verifyEvidence(
  { input, content, admit }: Evidence,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: VerificationPolicy,
  at: Date,
  memo: PathMemo = createPathMemo(),
): Promise<VerificationReport> {
  const admitted =
    content !== undefined && (admit ?? 'anything') === 'anything' ? 'signatures' : (admit ?? 'anything');
  const context = { trustVersion: trust.version, policy: policy.name, at };
  const grounds = { trust, revocation, memo };
  const handed = readHanded(input);
  if ('indication' in handed) return reportNothing(handed, context);
  if (handed.kind === 'xml') {
    const refusal = refusalOfXml(admitted, content, policy);
    if (refusal !== null || policy.name === 'login') {
      return reportNothing(refusal ?? unreadable('FORMAT_NOT_SUPPORTED'), context);
    }
    return verifyXml(handed.bytes, trust, revocation, policy, at, memo);
  }
  const kind = detectKind(handed.bytes);
  if (kind === 'other' || (isApart(kind) && admitted !== 'anything')) {
    return reportNothing(unreadable('FORMAT_NOT_A_SIGNATURE'), context);
  }
  if (isApart(kind)) return judgeApart(kind, handed.bytes, grounds, policy, at);
  if (admitted === 'xml') return reportNothing(unreadable('XML_MALFORMED'), context);
  if (kind === null && admitted === 'anything') {
    throw new EdsError('FORMAT_UNRECOGNISED', 'the input is of no known kind');
  }
  const evidence = content === undefined ? { cms: handed.bytes } : { cms: handed.bytes, content };
  return verifyCms(evidence, trust, revocation, policy, at, memo);
}

/** A kind that is judged by itself. */
type KindApart = Exclude<EvidenceKind, 'cms'>;

function isApart(kind: EvidenceKind | 'other' | null): kind is KindApart {
  return kind !== null && kind !== 'cms' && kind !== 'other';
}

/** A private key is an answer about what was handed in like any other; it is never decoded. */
function readHanded(input: HandedInput): SignatureInput | Verdict {
  try {
    return readInput(input);
  } catch (error) {
    if (error instanceof EdsError && error.code === 'FORMAT_NOT_A_SIGNATURE') return unreadable(error.code);
    throw error;
  }
}

function refusalOfXml(
  admitted: Admitted,
  content: Uint8Array | undefined,
  { name }: VerificationPolicy,
): Verdict | null {
  if (name === 'login') return unreadable('FORMAT_NOT_SUPPORTED');
  if (admitted === 'cms') return unreadable('CMS_MALFORMED');
  // The content of signed XML is the document itself: nothing is said about anything beside it.
  return content === undefined
    ? null
    : { ...unreadable('FORMAT_NOT_SUPPORTED'), code: 'SIGNATURE_CONTENT_UNEXPECTED' };
}

async function judgeApart(
  kind: KindApart,
  bytes: Uint8Array,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<VerificationReport> {
  const context = { trustVersion: grounds.trust.version, policy: policy.name, at, kind: KINDS[kind] };
  try {
    const report = await JUDGES[kind](bytes, grounds, policy, at);
    return report === null
      ? reportNothing(verdictFor('SIGNATURE_NONE'), context)
      : reportAll([report], context);
  } catch (error) {
    if (!(error instanceof EdsError) || !isFormatCode(error.code)) throw error;
    return reportNothing(unreadable(error.code), context);
  }
}

const KINDS: Readonly<Record<KindApart, ReportKind>> = {
  'timestamp-token': 'timestamp',
  'timestamp-response': 'timestamp',
  'ocsp-response': 'ocsp',
  crl: 'crl',
  certificate: 'certificate',
};

/** Judges one kind of evidence; `null` where there is no signature in it. */
type Judge = (
  bytes: Uint8Array,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
) => Promise<SignatureReport | null> | SignatureReport | null;

const JUDGES: Readonly<Record<KindApart, Judge>> = {
  'timestamp-token': judgeTimestamp,
  'timestamp-response': (bytes, ...rest) => {
    const token = readTimestampResponse(bytes);
    return token === null ? null : judgeTimestamp(token, ...rest);
  },
  'ocsp-response': (bytes, grounds, _policy, at) => {
    const { basic } = parseOcspResponse(bytes);
    return basic === null ? null : judgeOcspSignature(basic, grounds, at);
  },
  certificate: (bytes, grounds, policy, at) => judgeCertificate(parseCertificate(bytes), grounds, policy, at),
  crl: (bytes, grounds, _policy, at) => judgeCrlSignature(indexCrl(bytes), grounds, at),
};
