import { type Certificate } from '../certificate/certificate.js';
import { isFormatCode, type WarningCode } from '../error.js';
import { type Grounds, judgeSignature } from '../judgement/judgement.js';
import { createPathMemo, type PathMemo } from '../path/memo.js';
import { type DocumentPolicy } from '../judgement/policy.js';
import { createStepLog, NO_FACTS, reportAll, reportNothing, reportSignature } from '../judgement/report.js';
import { type RevocationSource } from '../judgement/revocation.js';
import { type TrustSet } from '../trust-set.js';
import { type SignatureReport, type VerificationReport } from '../judgement/verdict.js';
import { unreadable, type Verdict, verdictFor } from '../judgement/verdict-rules.js';
import { canonicalise } from './canonical.js';
import { CoverageProof, type Order, proveInAnyOrder, type ReferenceToProve } from './coverage.js';
import { XML_LIMITS } from './limits.js';
import { attempt, readSignedDocument, type XmlReading } from './reading.js';
import { chooseSigner } from './signer.js';

const FORMAT = 'XMLDSig';

/**
 * Verifies the signatures of an XML document: enveloped ones over the whole of it, and those over one element that an identifier
 * names, as WS-Security makes them, which are reported as covering a part. Where there are several, each may cover the document
 * with the signatures made before it and without those made after (nuc-rk facts §4.5), wherever they stand; each is judged so and
 * the worst verdict is that of the whole.
 *
 * Documents only: a login is a CMS signature over the exact challenge, which XML cannot be. XAdES properties are not supported,
 * so there is no time-stamp and the certificate must be valid at the time of validation.
 *
 * Never throws on what it was given to verify: what is broken is `TOTAL_FAILED`, what is not supported or larger than
 * `XML_LIMITS` is `INDETERMINATE`, each with its code.
 *
 * @param xml the document in one of `XML_ENCODINGS`; it is not changed
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
  const document = readSignedDocument(xml);
  if ('indication' in document) return reportNothing(document, context);
  const { signatures, readings } = document;
  const proof = new CoverageProof(signatures);
  const claims = readings.map((reading) => ('indication' in reading ? null : claimOf(reading)));
  const orders = proveInAnyOrder(proof, signatures, claims);
  const reports: SignatureReport[] = [];
  for (const [index, reading] of readings.entries()) {
    if ('indication' in reading) reports.push(refuse('structure', reading));
    else {
      const prove = (): Uint8Array | Verdict =>
        coveredBy(proof, claims[index] ?? null, orders[index] ?? null);
      reports.push(await judge(reading, prove, { trust, revocation, memo }, policy, at));
    }
  }
  return reportAll(reports, context);
}

function claimOf(reading: XmlReading | Verdict | undefined): ReferenceToProve | null {
  if (reading === undefined || 'indication' in reading || reading.algorithms === null) return null;
  const { signature, target, algorithms } = reading;
  return {
    signature: signature.element,
    reference: signature.reference,
    target,
    digest: algorithms.digestName,
  };
}

function coveredBy(proof: CoverageProof, claim: ReferenceToProve | null, order: Order): Uint8Array | Verdict {
  if (claim === null || order === null) return verdictFor('SIGNATURE_CONTENT_MISMATCH');
  if ('error' in order) {
    return isFormatCode(order.error.code)
      ? unreadable(order.error.code)
      : verdictFor('SIGNATURE_CONTENT_MISMATCH');
  }
  return attempt(() => proof.prove(claim, order) ?? verdictFor('SIGNATURE_CONTENT_MISMATCH'));
}

async function judge(
  reading: XmlReading,
  prove: () => Uint8Array | Verdict,
  grounds: Grounds,
  policy: DocumentPolicy,
  at: Date,
): Promise<SignatureReport> {
  const { signature, keyInfo, target, algorithms } = reading;
  const [only, ...others] = keyInfo.certificates;
  const presumed = { certificate: others.length === 0 ? only : null };
  if (algorithms === null) return refuse('signature', verdictFor('SIGNATURE_ALGORITHM_FORBIDDEN'), presumed);
  const content = prove();
  if ('indication' in content) return refuse('digest', content, presumed);
  const choice = attempt(() => {
    const { octets } = canonicalise(signature.signedInfo, signature.form, XML_LIMITS.octets);
    return chooseSigner(keyInfo, { algorithms, signedInfo: octets, value: signature.value }, grounds, at);
  });
  if ('indication' in choice) return refuse('signature', choice);
  if (!choice.ok) return refuse('signature', verdictFor(choice.code), choice);
  const { certificate, scheme, verifySignature } = choice.signer;
  return judgeSignature(
    {
      format: FORMAT,
      certificate,
      scheme,
      claimedSigningTime: null,
      content,
      coverage: target.coverage,
      verifySignature,
      timestamps: [],
      stamped: signature.value,
      warnings: () => warningsOf(reading),
    },
    grounds,
    policy,
    at,
  );
}

function warningsOf({ target, keyInfo }: XmlReading): readonly WarningCode[] {
  const part: readonly WarningCode[] = target.coverage.scope === 'part' ? ['SIGNATURE_COVERS_PART'] : [];
  return keyInfo.unreadable.length > 0 ? [...part, 'CERTIFICATE_SET_ASIDE'] : part;
}

const BEFORE = { structure: [], digest: ['structure'], signature: ['structure'] } as const;

/** The report on a signature that is refused at one of the steps before its key is asked. */
function refuse(
  step: keyof typeof BEFORE,
  verdict: Verdict,
  { certificate = null }: { readonly certificate?: Certificate | null | undefined } = {},
): SignatureReport {
  const log = createStepLog(BEFORE[step]);
  log.record(step, verdict);
  return reportSignature({ ...NO_FACTS, format: FORMAT, certificate }, log.steps(), verdict);
}
