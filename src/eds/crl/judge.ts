import { sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';
import { type ReasonCode } from '../error.js';
import { type CertificateInQuestion, type RevocationFinding } from '../revocation.js';
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
 * A delta that does not belong, is expired or badly signed is left aside: the full list stands by itself until its nextUpdate.
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
  if (refusal !== null) return unavailable(refusal);
  if (full.baseNumber !== null || !sameName(certificate.issuer, issuer.subject))
    return unavailable('CRL_UNUSABLE');
  if (!covers(full.scope, certificate)) return unavailable('CRL_UNUSABLE');

  const usableDelta =
    delta !== null && deltaApplies(full, delta) && checkCrl(delta, issuer, window, at) === null
      ? delta
      : null;
  const producedAt = usableDelta?.thisUpdate ?? full.thisUpdate;
  const listed = full.find(certificate.serialNumber);
  const changes = usableDelta?.find(certificate.serialNumber) ?? [];
  // The standard allows removal in delta lists only; a full list that contradicts itself says nothing that can be used.
  if (listed.some(isRemoval)) return unavailable('CRL_UNUSABLE');

  const revocations = [
    ...(isReleased(listed, changes) ? [] : listed),
    ...changes.filter((entry) => !isRemoval(entry)),
  ];
  const [first, ...others] = revocations;
  if (first !== undefined) {
    const revokedAt = others.reduce(
      (earliest, { revokedAt: other }) => (other < earliest ? other : earliest),
      first.revokedAt,
    );
    return { status: 'revoked', source: 'crl', producedAt, revokedAt };
  }
  // RFC 5280 §3.3: an issuer takes expired certificates off its list, so that their absence proves nothing.
  const tracked = full.expiredSince !== null && full.expiredSince <= certificate.notAfter;
  if (certificate.notAfter < full.thisUpdate && !tracked) return unavailable('CRL_UNUSABLE');
  return { status: 'good', source: 'crl', producedAt };
}

const isRemoval = ({ reason }: CrlEntry): boolean => reason === REMOVE_FROM_CRL;

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
