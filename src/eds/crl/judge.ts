import { sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';
import { type ReasonCode } from '../error.js';
import { type CertificateInQuestion, type RevocationFinding } from '../judgement/revocation.js';
import { type CrlIndex } from './list.js';
import { type CrlEntry } from './revoked-serials.js';
import { covers } from './scope.js';

export interface CrlWindow {
  /** How far in the future `thisUpdate` may lie, in milliseconds. `nextUpdate` is not stretched: an expired list is none. */
  readonly clockSkewMs: number;
}

/** CRLReason (RFC 5280 §5.3.1). */
const CERTIFICATE_HOLD = 6;
const REMOVE_FROM_CRL = 8;

export type CrlRefusal = Extract<ReasonCode, 'CRL_UNUSABLE' | 'CRL_STALE' | 'CRL_SIGNATURE_INVALID'>;

/**
 * Whether a list, full or delta, may be used at all: issuer, critical extensions, window, signature (RFC 5280 §6.3.3,
 * Order 500/НҚ p. 18).
 *
 * @returns `null` when it may
 */
export function checkCrl(crl: CrlIndex, issuer: Certificate, window: CrlWindow, at: Date): CrlRefusal | null {
  if (!sameName(crl.issuer, issuer.subject) || !crl.understood || crl.scope?.supported === false)
    return 'CRL_UNUSABLE';
  if (issuer.keyUsage?.has('cRLSign') === false) return 'CRL_UNUSABLE';
  if (crl.thisUpdate.getTime() > at.getTime() + window.clockSkewMs) return 'CRL_STALE';
  // Without nextUpdate nobody can tell when a list has ended.
  if (crl.nextUpdate === null || at > crl.nextUpdate) return 'CRL_STALE';
  return crl.isSignedBy(issuer.publicKey) ? null : 'CRL_SIGNATURE_INVALID';
}

/**
 * Whether a delta belongs on a full list: BaseCRLNumber ≤ number of the full list < number of the delta, and the same scope
 * (RFC 5280 §5.2.4, §6.3.3 c). НУЦ РК numbers its deltas in a sequence of their own, so that the numbers alone do not show which
 * list is the younger: a delta older than the full list is left aside as well.
 */
export function deltaApplies(full: CrlIndex, delta: CrlIndex): boolean {
  if (full.number === null || delta.number === null || delta.baseNumber === null) return false;
  const sameScope =
    full.scope === null || delta.scope === null
      ? full.scope === delta.scope
      : sameOctets(full.scope.der, delta.scope.der);
  return (
    delta.baseNumber <= full.number &&
    full.number < delta.number &&
    sameScope &&
    delta.thisUpdate >= full.thisUpdate
  );
}

/**
 * Judges a certificate by a full CRL and, where one is given and usable, its delta.
 *
 * A delta that does not belong or is badly signed is left aside: the full list stands by itself until its nextUpdate. Of a list,
 * full or delta, whose nextUpdate has passed only a lasting revocation counts: that one does not end with the list.
 *
 * @param issuer the issuer of `certificate`, already proved
 */
export function judgeCrl(
  full: CrlIndex,
  delta: CrlIndex | null,
  certificate: CertificateInQuestion,
  issuer: Certificate,
  window: CrlWindow,
  at: Date,
): RevocationFinding {
  const refusal = checkCrl(full, issuer, window, at);
  const ended = refusal === 'CRL_STALE' && hasEnded(full, issuer, at);
  if (refusal !== null && !ended) return unavailable(refusal);
  if (full.baseNumber !== null || !sameName(certificate.issuer, issuer.subject))
    return unavailable('CRL_UNUSABLE');
  if (!covers(full.scope, certificate)) return unavailable('CRL_UNUSABLE');

  const listed = full.find(certificate.serialNumber);
  // The standard allows removal in delta lists only; a full list that contradicts itself says nothing that can be used.
  if (listed.some(isRemoval)) return unavailable('CRL_UNUSABLE');
  if (ended) return listed.some(lasts) ? ofEntries(listed, full.thisUpdate) : unavailable('CRL_STALE');

  const change = changeIn(delta, full, certificate, issuer, window, at);
  const asOf = change?.asOf ?? full.thisUpdate;
  const entries = change?.entries ?? [];
  const standing = [
    ...(isReleased(listed, entries) ? [] : listed),
    ...entries.filter((entry) => !isRemoval(entry)),
  ];
  if (standing.length > 0) return ofEntries(standing, asOf);
  // RFC 5280 §3.3: an issuer takes expired certificates off its list, so that their absence proves nothing.
  const tracked = full.expiredSince !== null && full.expiredSince <= certificate.notAfter;
  if (certificate.notAfter < full.thisUpdate && !tracked) return unavailable('CRL_UNUSABLE');
  return { status: 'good', source: 'crl', producedAt: asOf, asOf };
}

const isRemoval = ({ reason }: CrlEntry): boolean => reason === REMOVE_FROM_CRL;

const lasts = (entry: CrlEntry): boolean => !isRemoval(entry) && entry.reason !== CERTIFICATE_HOLD;

/** Revoked, or on hold where there is nothing but holds, from the earliest date given. */
function ofEntries(entries: readonly CrlEntry[], asOf: Date): RevocationFinding {
  const revokedAt = new Date(Math.min(...entries.map((entry) => entry.revokedAt.getTime())));
  const status = entries.some(lasts) ? 'revoked' : 'on-hold';
  return { status, source: 'crl', producedAt: asOf, asOf, revokedAt };
}

/** Whether a list is what it says but for its nextUpdate, which is missing or has passed. */
function hasEnded(crl: CrlIndex, issuer: Certificate, at: Date): boolean {
  return (
    (crl.nextUpdate === null || at > crl.nextUpdate) &&
    crl.thisUpdate <= at &&
    crl.isSignedBy(issuer.publicKey)
  );
}

/** What a delta changes about a certificate, `null` where it changes nothing that counts. */
function changeIn(
  delta: CrlIndex | null,
  full: CrlIndex,
  certificate: CertificateInQuestion,
  issuer: Certificate,
  window: CrlWindow,
  at: Date,
): { readonly entries: readonly CrlEntry[]; readonly asOf: Date } | null {
  if (delta === null || !deltaApplies(full, delta)) return null;
  const refusal = checkCrl(delta, issuer, window, at);
  const entries = delta.find(certificate.serialNumber);
  const counts =
    refusal === null || (refusal === 'CRL_STALE' && hasEnded(delta, issuer, at) && entries.some(lasts));
  return counts ? { entries, asOf: delta.thisUpdate } : null;
}

/** Only a hold can be lifted (RFC 5280 §5.3.1). A removal beside a new revocation lifts nothing. */
function isReleased(listed: readonly CrlEntry[], changes: readonly CrlEntry[]): boolean {
  return (
    changes.length > 0 &&
    changes.every(isRemoval) &&
    listed.every(({ reason }) => reason === CERTIFICATE_HOLD)
  );
}

function unavailable(code: CrlRefusal): RevocationFinding {
  return { status: 'unavailable', source: 'crl', code };
}
