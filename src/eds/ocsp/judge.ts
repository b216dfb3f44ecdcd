import { readDer } from '../asn1/reader.js';
import { readGeneralizedTime } from '../asn1/time.js';
import { sameOctets } from '../asn1/values.js';
import { octetString } from '../asn1/writer.js';
import { type Certificate } from '../certificate/certificate.js';
import { type CertificateExtension } from '../certificate/extensions.js';
import { EdsError, type ReasonCode } from '../error.js';
import { EXTENSION, OCSP } from '../oid.js';
import { createPathMemo, type PathMemo } from '../path/memo.js';
import { type RevocationFinding, type RevocationStatement } from '../judgement/revocation.js';
import { certIdOf, sameCertId } from './cert-id.js';
import { type OcspQuestion, type OcspWindow } from './question.js';
import { checkResponder } from './responder.js';
import {
  parseOcspResponse,
  type SingleResponse,
  type UnverifiedBasicResponse,
  type UnverifiedOcspResponse,
} from './response.js';

/** A response that withstood every check, with the times a cache needs. */
export interface OcspAnswer {
  readonly finding: RevocationStatement;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** The CA on whose authority it was signed: the issuer of the certificate in question, or one designated for OCSP. */
  readonly authority: Certificate;
}

export type OcspJudgement =
  { readonly ok: true; readonly answer: OcspAnswer } | { readonly ok: false; readonly code: ReasonCode };

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OCSP.nonce,
  OCSP.crlReference,
  OCSP.archiveCutoff,
  OCSP.extendedRevoke,
  EXTENSION.reasonCode,
  EXTENSION.invalidityDate,
]);

const CERTIFICATE_HOLD = 6;

/**
 * Judges an OCSP response to one question (RFC 6960 §3.2, Order 500/НҚ p. 19): structure, nonce, exactly our CertID, times,
 * the responder's authority, its signature, and only then the status. Cheap checks come first.
 *
 * @param at the moment at which ages and the responder's certificate are judged
 * @param proved responder certificates proved before; grows
 * @param designated CAs whose responders may answer about certificates of any issuer (`designatedOcspAuthorities`)
 */
export function examineOcspResponse(
  der: Uint8Array,
  question: OcspQuestion,
  window: OcspWindow,
  at: Date,
  proved: PathMemo = createPathMemo(),
  designated: readonly Certificate[] = [],
): OcspJudgement {
  try {
    return judge(parseOcspResponse(der), question, window, at, proved, designated);
  } catch (error) {
    if (error instanceof EdsError) return refused('OCSP_UNUSABLE');
    throw error;
  }
}

/** As `examineOcspResponse`, reduced to the finding: a refusal is `unavailable` with its code, never a yes. */
export function judgeOcspResponse(
  der: Uint8Array,
  question: OcspQuestion,
  window: OcspWindow,
  at: Date,
  proved?: PathMemo,
  designated?: readonly Certificate[],
): RevocationFinding {
  const judgement = examineOcspResponse(der, question, window, at, proved, designated);
  if (judgement.ok) return judgement.answer.finding;
  return { status: 'unavailable', source: 'ocsp', code: judgement.code };
}

function judge(
  { status, basic }: UnverifiedOcspResponse,
  question: OcspQuestion,
  window: OcspWindow,
  at: Date,
  proved: PathMemo,
  designated: readonly Certificate[],
): OcspJudgement {
  if (basic === null) return refused(status === 'try-later' ? 'OCSP_TRY_LATER' : 'OCSP_UNUSABLE');
  if (!isUnderstood(basic.extensions)) return refused('OCSP_UNUSABLE');
  if (!nonceMatches(basic.extensions, question.nonce, window)) return refused('OCSP_NONCE_MISMATCH');

  const [single, second] = basic.responses.filter((candidate) => answers(candidate, question));
  if (single === undefined) return refused('OCSP_CERT_ID_MISMATCH');
  // Two answers to one question: which one to believe is not ours to choose.
  if (second !== undefined || !isUnderstood(single.extensions)) return refused('OCSP_UNUSABLE');

  const timing = checkTimes(basic.producedAt, single, window, at);
  if (timing !== null) return refused(timing);
  const responder = checkResponder(basic, question.issuer, at, proved, designated);
  if (!responder.ok) return responder;
  const { thisUpdate, nextUpdate } = single;
  const { authority } = responder;
  const finding = findingOf(basic, single, at);
  if (finding.status === 'good' && !mayBeGood(single, question.certificate)) return refused('OCSP_UNUSABLE');
  return { ok: true, answer: { finding, thisUpdate, nextUpdate, authority } };
}

function refused(code: ReasonCode): OcspJudgement {
  return { ok: false, code };
}

function isUnderstood(extensions: readonly CertificateExtension[]): boolean {
  return extensions.every(({ oid, critical }) => !critical || UNDERSTOOD.has(oid));
}

/** RFC 8954: the value is an OCTET STRING inside extnValue, echoed octet by octet. */
function nonceMatches(
  extensions: readonly CertificateExtension[],
  asked: Uint8Array | null,
  { missingNonce = 'refuse' }: OcspWindow,
): boolean {
  if (asked === null) return true;
  const echoed = extensions.find(({ oid }) => oid === OCSP.nonce);
  if (echoed === undefined) return missingNonce === 'accept';
  return sameOctets(echoed.value, octetString(asked));
}

function answers(
  { certId }: SingleResponse,
  { certificate, issuer, certIdHash = 'sha256' }: OcspQuestion,
): boolean {
  const hashes = certIdHash === null ? (['sha256', 'sha1'] as const) : [certIdHash];
  return hashes.some((hash) => sameCertId(certId, certIdOf(certificate, issuer, hash)));
}

function checkTimes(
  producedAt: Date,
  { thisUpdate, nextUpdate }: SingleResponse,
  { maxAgeMs, clockSkewMs }: OcspWindow,
  at: Date,
): ReasonCode | null {
  const now = at.getTime();
  const latest = Math.max(thisUpdate.getTime(), producedAt.getTime());
  if (latest > now + clockSkewMs) return 'OCSP_STALE';
  if (nextUpdate === null) return now - thisUpdate.getTime() > maxAgeMs + clockSkewMs ? 'OCSP_STALE' : null;
  if (nextUpdate < thisUpdate) return 'OCSP_UNUSABLE';
  return now > nextUpdate.getTime() + clockSkewMs ? 'OCSP_STALE' : null;
}

/**
 * RFC 6960 §4.4.4: of a certificate that had expired a responder need know nothing any more, so that its "good" says something
 * only where its archive reaches back to that end, as with expiredCertsOnCRL in a list.
 */
function mayBeGood(
  { thisUpdate, extensions }: SingleResponse,
  { notAfter }: OcspQuestion['certificate'],
): boolean {
  if (thisUpdate <= notAfter) return true;
  const cutoff = extensions.find(({ oid }) => oid === OCSP.archiveCutoff);
  return cutoff !== undefined && readGeneralizedTime(readDer(cutoff.value)) <= notAfter;
}

function findingOf(
  { producedAt, extensions }: UnverifiedBasicResponse,
  { certStatus, thisUpdate }: SingleResponse,
  at: Date,
): RevocationStatement {
  // By a clock that is ahead of ours an answer still knows nothing of what comes after it.
  const spoken = { source: 'ocsp', producedAt, asOf: thisUpdate < at ? thisUpdate : at } as const;
  if (certStatus.status !== 'revoked') return { ...spoken, status: certStatus.status };
  const { revokedAt, reason } = certStatus;
  // RFC 6960 §2.2, §4.4.8: how a responder says that it never issued such a certificate.
  const neverIssued =
    revokedAt.getTime() === 0 &&
    reason === CERTIFICATE_HOLD &&
    extensions.some(({ oid }) => oid === OCSP.extendedRevoke);
  if (neverIssued) return { ...spoken, status: 'not-issued' };
  return { ...spoken, status: reason === CERTIFICATE_HOLD ? 'on-hold' : 'revoked', revokedAt };
}
