import { sameOctets } from '../asn1/values.js';
import { type CmsClaimResult, type ContentDigest, createContentDigest, readClaim } from './claim.js';
import { isSignedMessage } from './nested.js';
import { findSignerCertificate } from './signer-certificate.js';
import { parseSignedData, type UnverifiedCms } from './signed-data.js';
import { type UnverifiedSigner } from './signer-info.js';
import { EdsError, isFormatCode, type NoteCode } from '../error.js';
import { type Grounds, judgeSignature, type SignatureClaim, WHOLE } from '../judgement/judgement.js';
import { LIMITS } from '../limits.js';
import { ATTRIBUTE, CONTENT } from '../oid.js';
import { createPathMemo, type PathMemo } from '../path/memo.js';
import { type VerificationPolicy } from '../judgement/policy.js';
import { createStepLog, NO_FACTS, reportAll, reportNothing, reportSignature } from '../judgement/report.js';
import { type RevocationSource } from '../judgement/revocation.js';
import { type TrustSet } from '../trust-set.js';
import { type SignatureReport, type VerificationReport } from '../judgement/verdict.js';
import { unreadable, type Verdict, verdictFor, verdictOn } from '../judgement/verdict-rules.js';

/** A CMS signature and, where it is detached, what it was made over. */
export interface CmsEvidence {
  /** DER or BER of a SignedData message; see `readSignatureInput` for PEM and base64. */
  readonly cms: Uint8Array;
  /** The signed content. With an attached signature it must be equal to what is inside. Not used for a login. */
  readonly content?: Uint8Array;
}

/**
 * Verifies the signatures of a CMS message.
 *
 * Login: exactly one signer, with signed attributes, over exactly the challenge. Document: every signer is judged and the worst
 * verdict is that of the whole; a signature without signed attributes is accepted as RFC 5652 §5.4 allows.
 *
 * Never throws on what it was given to verify: unreadable input is `TOTAL_FAILED` / `FORMAT_FAILURE` with its code.
 *
 * @param revocation asked only about paths already proved, and only where the policy requires it
 * @param at the time of validation: now for a login
 * @param memo carries proved certificate links from one call to the next; without it each call proves all
 */
export async function verifyCms(
  evidence: CmsEvidence,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: VerificationPolicy,
  at: Date,
  memo: PathMemo = createPathMemo(),
): Promise<VerificationReport> {
  return (await judgeCms(evidence, trust, revocation, policy, at, memo)).report;
}

/** A report and the message it is about, as it was read: the report names certificates in it by their SHA-256. */
export interface JudgedCms {
  readonly report: VerificationReport;
  /** `null` where it could not be read. */
  readonly message: UnverifiedCms | null;
}

/** As `verifyCms`, for whoever needs what is in the message as well and would have to read it again. */
export async function judgeCms(
  evidence: CmsEvidence,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: VerificationPolicy,
  at: Date,
  memo: PathMemo,
): Promise<JudgedCms> {
  const message = read(evidence.cms);
  if ('indication' in message) {
    const context = { trustVersion: trust.version, policy: policy.name, at };
    return { report: reportNothing(message, context), message: null };
  }
  return { report: await judgeMessage(message, evidence, { trust, revocation, memo }, policy, at), message };
}

async function judgeMessage(
  cms: UnverifiedCms,
  evidence: CmsEvidence,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<VerificationReport> {
  const context = { trustVersion: grounds.trust.version, policy: policy.name, at };
  if (cms.signers.length === 0) return reportNothing(verdictFor('SIGNATURE_NONE'), context);
  if (policy.name === 'login' && cms.signers.length > 1) {
    return reportNothing(verdictFor('SIGNATURE_MULTIPLE'), context);
  }

  const content = contentOf(cms, policy.name === 'login' ? policy.challenge : (evidence.content ?? null));
  const reports: SignatureReport[] = [];
  for (const signer of cms.signers) {
    reports.push(await verifySigner(cms, signer, content, grounds, policy, at));
  }
  return reportAll(reports, context);
}

/** What the signatures should cover: `missing`, or the octets and whether those inside the message contradict them. */
type Content =
  'missing' | { readonly octets: Uint8Array; readonly digest: ContentDigest; readonly contradicted: boolean };

function contentOf(cms: UnverifiedCms, expected: Uint8Array | null): Content {
  const octets = expected ?? cms.content;
  if (octets === null) return 'missing';
  const contradicted = cms.content !== null && !sameOctets(cms.content, octets);
  return { octets, digest: createContentDigest(octets), contradicted };
}

async function verifySigner(
  cms: UnverifiedCms,
  signer: UnverifiedSigner,
  content: Content,
  grounds: Grounds,
  policy: VerificationPolicy,
  at: Date,
): Promise<SignatureReport> {
  const timestamps = timestampsOf(signer);
  const result = readClaim(cms, signer, CONTENT.data, content === 'missing' ? null : content);
  const format = formatOf(result, timestamps);
  if (!result.ok) return refuse(result, format, verdictOn(result.code));
  const { claim } = result;
  if (timestamps.length > LIMITS.cms.maxTimestamps) {
    return refuse({ ...claim, step: 'structure' }, format, unreadable('FORMAT_TOO_LARGE'));
  }
  const refused = { ...claim, step: 'digest' as const };
  if (content === 'missing') return refuse(refused, format, verdictFor('SIGNATURE_CONTENT_MISSING'));
  if (content.contradicted) return refuse(refused, format, verdictFor('SIGNATURE_CONTENT_MISMATCH'));
  // Without them nothing says what kind of content was signed, and no signer of logins leaves them out.
  if (policy.name === 'login' && claim.attributes === null) {
    return refuse({ ...claim, step: 'structure' }, format, verdictFor('SIGNATURE_ATTRIBUTES_INVALID'));
  }
  const signature: SignatureClaim = {
    format,
    certificate: claim.certificate,
    scheme: claim.scheme,
    claimedSigningTime: claim.attributes?.signingTime ?? null,
    content: content.octets,
    coverage: WHOLE,
    verifySignature: claim.verifySignature,
    timestamps,
    stamped: signer.signature,
    warnings: () => [...notesAbout(cms, content.octets), ...claim.notes()],
  };
  return judgeSignature(signature, grounds, policy, at);
}

/** What is unusual about the message as a whole and decides nothing. */
function notesAbout(cms: UnverifiedCms, content: Uint8Array): readonly NoteCode[] {
  const { padding, setAside, certificates, signers } = cms;
  const needed = signers.map((signer) => findSignerCertificate(cms, signer).certificate);
  const others = certificates.filter((certificate) => !needed.includes(certificate));
  const damaged = setAside.length > 0 || others.some(({ unreadable: parts }) => parts.length > 0);
  return [
    ...(padding > 0 ? (['MESSAGE_PADDED'] as const) : []),
    ...(damaged ? (['CERTIFICATE_SET_ASIDE'] as const) : []),
    ...(isSignedMessage(content) ? (['CONTENT_IS_A_SIGNED_MESSAGE'] as const) : []),
  ];
}

type Refused = Pick<Extract<CmsClaimResult, { ok: false }>, 'step' | 'certificate' | 'scheme' | 'attributes'>;

function refuse(refused: Refused, format: string, verdict: Verdict): SignatureReport {
  const log = createStepLog(refused.step === 'structure' ? [] : ['structure']);
  log.record(refused.step, verdict);
  const { certificate, scheme, attributes } = refused;
  const claimedSigningTime = attributes?.signingTime ?? null;
  return reportSignature(
    { ...NO_FACTS, format, certificate, scheme, claimedSigningTime },
    log.steps(),
    verdict,
  );
}

/** Signature time-stamps (ETSI EN 319 122-1 §5.3). Every value of every such attribute has to hold. */
function timestampsOf({ unsignedAttributes }: UnverifiedSigner): readonly Uint8Array[] {
  return unsignedAttributes
    .filter(({ oid }) => oid === ATTRIBUTE.signatureTimestamp)
    .flatMap(({ values }) => values.map(({ bytes }) => bytes));
}

/** The names of ETSI EN 319 122-1, as far as they apply. */
function formatOf(result: CmsClaimResult, timestamps: readonly Uint8Array[]): string {
  if (timestamps.length > 0) return 'CAdES-T';
  const attributes = result.ok ? result.claim.attributes : result.attributes;
  const named = attributes?.signingCertificateV2 ?? attributes?.signingCertificate ?? null;
  return named === null ? 'CMS' : 'CAdES-B';
}

function read(cms: Uint8Array): UnverifiedCms | Verdict {
  try {
    const message = parseSignedData(cms);
    // A time-stamp token is signed data as well, about a time and not about a document.
    return message.contentType === CONTENT.timestampInfo ? unreadable('FORMAT_NOT_A_SIGNATURE') : message;
  } catch (error) {
    if (error instanceof EdsError && isFormatCode(error.code)) return unreadable(error.code);
    throw error;
  }
}
