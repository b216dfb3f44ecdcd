import { readDer } from '../asn1/reader.js';
import { readGeneralizedTime } from '../asn1/time.js';
import { integerOctets, hexOf } from '../asn1/values.js';
import { type CertificateExtension } from '../certificate/extensions.js';
import { type DistinguishedName } from '../certificate/name.js';
import { type SubjectPublicKeyInfo } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { EXTENSION } from '../oid.js';
import { type CrlEntry } from './revoked-serials.js';
import { type CrlScope, readScope } from './scope.js';

/**
 * A CRL as read and indexed. Nothing in it is proved until `isSignedBy` has said so; `judgeCrl` asks before it believes an
 * entry, or the absence of one.
 */
export interface CrlIndex extends CrlProperties {
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** Number of entries. */
  readonly size: number;
  /** The entries for a serial number as `Certificate.serialNumber`. */
  readonly find: (serialNumber: string) => readonly CrlEntry[];
  /** The octets of the signature: lists with the same are the same list. */
  readonly signature: Uint8Array;
  /** Whether the signature is good under this key and its algorithm on the allow-list. Computed once for each key. */
  readonly isSignedBy: (publicKey: SubjectPublicKeyInfo) => boolean;
}

/** What the extensions of a CRL say (RFC 5280 §5.2). */
export interface CrlProperties {
  readonly number: bigint | null;
  /** BaseCRLNumber of a delta CRL; `null` marks a full one. */
  readonly baseNumber: bigint | null;
  readonly scope: CrlScope | null;
  /** From which date of expiry on the list still names expired certificates (X.509 expiredCertsOnCRL). */
  readonly expiredSince: Date | null;
  /** False where a critical extension, of the list or of an entry, is not understood: such a list may not be used. */
  readonly understood: boolean;
}

/** freshestCRL is critical in НУЦ РК's newer profile of delta CRLs; it only names where the next one lies, which is configured. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.cRLNumber,
  EXTENSION.deltaCRLIndicator,
  EXTENSION.issuingDistributionPoint,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.freshestCrl,
  EXTENSION.expiredCertsOnCRL,
]);

/** Reads the extensions of a CRL. Throws `ASN1_UNEXPECTED`. */
export function readProperties(extensions: readonly CertificateExtension[]): CrlProperties {
  const valueOf = <T>(id: string, read: (value: Uint8Array) => T): T | null => {
    const extension = extensions.find(({ oid }) => oid === id);
    return extension === undefined ? null : read(extension.value);
  };
  return {
    number: valueOf(EXTENSION.cRLNumber, readCrlNumber),
    baseNumber: valueOf(EXTENSION.deltaCRLIndicator, readCrlNumber),
    scope: valueOf(EXTENSION.issuingDistributionPoint, readScope),
    expiredSince: valueOf(EXTENSION.expiredCertsOnCRL, (value) => readGeneralizedTime(readDer(value))),
    understood: extensions.every(({ oid, critical }) => !critical || UNDERSTOOD.has(oid)),
  };
}

/** RFC 5280 §5.2.3: not negative, at most 20 octets. */
function readCrlNumber(value: Uint8Array): bigint {
  const octets = integerOctets(readDer(value));
  if (octets.length > 21 || (octets[0] ?? 0) >= 0x80) {
    throw new EdsError('ASN1_UNEXPECTED', 'a CRL number is outside its range');
  }
  return BigInt(`0x${hexOf(octets)}`);
}
