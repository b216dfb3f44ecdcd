import { EdsError, isFormatCode } from '../error.js';
import { type Grounds, judgeSignature, WHOLE } from '../judgement.js';
import { createPathMemo, type PathMemo } from '../path/memo.js';
import { type DocumentPolicy } from '../policy.js';
import { createStepLog, NO_FACTS, reportAll, reportNothing, reportSignature } from '../report.js';
import { type RevocationSource } from '../revocation.js';
import { type TrustSet } from '../trust-set.js';
import { type SignatureReport, type VerificationReport } from '../verdict.js';
import { unreadable, type Verdict, verdictFor } from '../verdict-rules.js';
import { parseSignatures } from './engine.js';
import { scanXml, type ScannedXml } from './scanner.js';
import { readXmlClaim, type XmlClaimResult } from './signature.js';

const FORMAT = 'XMLDSig';
/** Each costs several passes over the document; nobody has a use for more. */
const MAX_SIGNATURES = 16;

/**
 * Verifies the enveloped signatures of an XML document. Where there are several, each covers the document with all earlier
 * signatures and none of the later ones, as НУЦ РК's software signs (nuc-rk facts §4.5); each is judged so and the worst verdict is
 * that of the whole.
 *
 * Documents only: a login is a CMS signature over the exact challenge, which XML cannot be. XAdES properties are not supported,
 * so there is no time-stamp and the certificate must be valid at the time of validation.
 *
 * Never throws on what it was given to verify: unreadable input is `TOTAL_FAILED` / `FORMAT_FAILURE` with its code.
 *
 * @param xml the document in UTF-8
 * @param at the time of validation
 */
export async function verifyXml(
  xml: Uint8Array,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: DocumentPolicy,
  at: Date,
  memo: PathMemo = createPathMemo(),
): Promise<VerificationReport> {
  const context = { trustVersion: trust.version, policy: policy.name, at };
  const document = read(() => scanXml(xml));
  if ('indication' in document) return reportNothing(document, context);
  const count = document.signatures.length;
  if (count === 0) return reportNothing(verdictFor('SIGNATURE_NONE'), context);
  if (count > MAX_SIGNATURES) return reportNothing(unreadable('XML_MALFORMED'), context);
  const reports: SignatureReport[] = [];
  for (let index = 0; index < count; index += 1) {
    reports.push(await verifyOne(document, index, { trust, revocation, memo }, policy, at));
  }
  return reportAll(reports, context);
}

async function verifyOne(
  document: ScannedXml,
  index: number,
  grounds: Grounds,
  policy: DocumentPolicy,
  at: Date,
): Promise<SignatureReport> {
  const result = read(() => {
    const text = withoutLater(document, index);
    const signature = parseSignatures(text)[index];
    if (signature === undefined)
      throw new EdsError('XML_MALFORMED', 'the signature is not where it was seen');
    return readXmlClaim(text, signature);
  });
  if ('indication' in result) return refuse({ step: 'structure', certificate: null, scheme: null }, result);
  if (!result.ok) return refuse(result, verdictFor(result.code));
  const { certificate, scheme, content, signature, verifySignature } = result.claim;
  return judgeSignature(
    {
      format: FORMAT,
      certificate,
      scheme,
      claimedSigningTime: null,
      content,
      coverage: WHOLE,
      verifySignature,
      timestamps: [],
      stamped: signature,
      warnings: () => [],
    },
    grounds,
    policy,
    at,
  );
}

/** The document as it was when the signature at `index` was the last one in it. */
function withoutLater({ text, signatures }: ScannedXml, index: number): string {
  return signatures
    .slice(index + 1)
    .reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

type Refused = Pick<Extract<XmlClaimResult, { ok: false }>, 'step' | 'certificate' | 'scheme'>;

function refuse({ step, certificate, scheme }: Refused, verdict: Verdict): SignatureReport {
  const log = createStepLog(step === 'structure' ? [] : ['structure']);
  log.record(step, verdict);
  return reportSignature({ ...NO_FACTS, format: FORMAT, certificate, scheme }, log.steps(), verdict);
}

function read<T extends object>(parse: () => T): T | Verdict {
  try {
    return parse();
  } catch (error) {
    if (error instanceof EdsError && isFormatCode(error.code)) return unreadable(error.code);
    throw error;
  }
}
