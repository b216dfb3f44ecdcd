import { readSignatureInput } from '../asn1/pem.js';
import { parseCertificate } from '../certificate/certificate.js';
import { indexCrl } from '../crl/index.js';
import { EdsError, isFormatCode } from '../error.js';
import { type Grounds } from '../judgement.js';
import { parseOcspResponse } from '../ocsp/response.js';
import { createPathMemo, type PathMemo } from '../path/memo.js';
import { type VerificationPolicy } from '../policy.js';
import { reportAll, reportNothing } from '../report.js';
import { type RevocationSource } from '../revocation.js';
import { readTimestampResponse } from '../timestamp/token.js';
import { type TrustSet } from '../trust-set.js';
import { type SignatureReport, type VerificationReport } from '../verdict.js';
import { unreadable, verdictFor } from '../verdict-rules.js';
import { verifyCms } from '../verifier.js';
import { judgeCertificate } from './certificate-evidence.js';
import { judgeCrlSignature } from './crl-evidence.js';
import { detectKind, type EvidenceKind } from './kind.js';
import { judgeOcspSignature } from './ocsp-evidence.js';
import { judgeTimestamp } from './timestamp-evidence.js';

/** Anything signed that somebody wants a verdict on. */
export interface Evidence {
  /** DER, BER, one PEM block or base64. */
  readonly input: string | Uint8Array;
  /** What a detached signature or a time-stamp should cover. */
  readonly content?: Uint8Array;
}

/**
 * Verifies whatever it is given: a CMS signature, a time-stamp, an OCSP response, a CRL or a certificate. The entry for the
 * command line; a login calls `verifyCms`, because there nothing else will do.
 *
 * @throws EdsError `FORMAT_UNRECOGNISED`, `PEM_MALFORMED` or `ASN1_TOO_LARGE` for input that is none of these. Damaged input
 *   of a kind that can still be told is `TOTAL_FAILED` / `FORMAT_FAILURE`.
 */
export async function verifyEvidence(
  { input, content }: Evidence,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: VerificationPolicy,
  at: Date,
  memo: PathMemo = createPathMemo(),
): Promise<VerificationReport> {
  const bytes = readSignatureInput(input);
  const kind = detectKind(bytes);
  if (kind === null) throw new EdsError('FORMAT_UNRECOGNISED', 'the input is of no known kind');
  if (kind === 'cms') {
    const evidence = content === undefined ? { cms: bytes } : { cms: bytes, content };
    return verifyCms(evidence, trust, revocation, policy, at, memo);
  }
  const context = { trustVersion: trust.version, policy: policy.name, at };
  try {
    const report = await JUDGES[kind](bytes, content ?? null, { trust, revocation, memo }, policy, at);
    return report === null
      ? reportNothing(verdictFor('SIGNATURE_NONE'), context)
      : reportAll([report], context);
  } catch (error) {
    if (!(error instanceof EdsError) || !isFormatCode(error.code)) throw error;
    return reportNothing(unreadable(error.code), context);
  }
}

/** Judges one kind of evidence; `null` where there is no signature in it. */
type Judge = (
  bytes: Uint8Array,
  content: Uint8Array | null,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
) => Promise<SignatureReport | null> | SignatureReport | null;

const JUDGES: Readonly<Record<Exclude<EvidenceKind, 'cms'>, Judge>> = {
  'timestamp-token': judgeTimestamp,
  'timestamp-response': (bytes, ...rest) => {
    const token = readTimestampResponse(bytes);
    return token === null ? null : judgeTimestamp(token, ...rest);
  },
  'ocsp-response': (bytes, _content, grounds, _policy, at) => {
    const { basic } = parseOcspResponse(bytes);
    return basic === null ? null : judgeOcspSignature(basic, grounds, at);
  },
  certificate: (bytes, _content, grounds, policy, at) =>
    judgeCertificate(parseCertificate(bytes), grounds, policy, at),
  crl: (bytes, _content, grounds, _policy, at) => judgeCrlSignature(indexCrl(bytes), grounds, at),
};
