import { type Certificate } from '../certificate/certificate.js';
import { type KeyUsage } from '../certificate/extensions.js';
import { EXTENSION, USAGE } from '../oid.js';
import { type TrustPurpose } from '../trust-set.js';

/**
 * Extensions that may be critical: those this library decodes, those it rightly has no use for because addresses are
 * configuration, and НУЦ РК's own. EKU is critical in keys with the right to sign, which RFC 5280 §4.2.1.12 allows.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set(Object.values(EXTENSION));

/** Key usages of which the holder of a certificate needs one, where the extension is there at all. */
const NEEDED_BITS: Readonly<Record<TrustPurpose, readonly KeyUsage[]>> = {
  login: ['digitalSignature'],
  // AUTH certificates of 2018–2022 have no nonRepudiation: made for signing in, not for signing.
  document: ['nonRepudiation'],
  timestamp: ['digitalSignature', 'nonRepudiation'],
  ocsp: ['digitalSignature', 'nonRepudiation'],
};

/** Whether every critical extension is one this library acts on (RFC 5280 §4.2). */
export function criticalExtensionsUnderstood({ extensions }: Certificate): boolean {
  return extensions.every(({ oid, critical }) => !critical || UNDERSTOOD.has(oid));
}

/** Whether a certificate may issue others: basicConstraints and keyUsage (RFC 5280 §6.1.4 k, n). */
export function mayIssue({ basicConstraints, keyUsage }: Certificate): boolean {
  return basicConstraints?.ca === true && (keyUsage === null || keyUsage.has('keyCertSign'));
}

/** Whether the holder of an end certificate may do what the purpose says (keyUsage and extendedKeyUsage). */
export function fitsPurpose(certificate: Certificate, purpose: TrustPurpose): boolean {
  const { keyUsage, basicConstraints } = certificate;
  if (basicConstraints?.ca === true) return false;
  if (keyUsage !== null && !NEEDED_BITS[purpose].some((bit) => keyUsage.has(bit))) return false;
  switch (purpose) {
    case 'login':
    case 'document':
      return isPersonal(certificate.extendedKeyUsage);
    case 'timestamp':
      return isTimestampAuthority(certificate);
    case 'ocsp':
      return certificate.extendedKeyUsage?.includes(USAGE.ocspSigning) === true;
  }
}

/**
 * Keys of people and of information systems. No single usage is common to all of НУЦ РК's profiles: keys since 2023 lack
 * clientAuth, those of systems and of the treasury lack emailProtection. A template OID counts as well.
 */
function isPersonal(usages: readonly string[] | null): boolean {
  const accepted: readonly string[] = [
    USAGE.any,
    USAGE.clientAuth,
    USAGE.emailProtection,
    USAGE.treasuryClient,
  ];
  return (
    usages === null ||
    usages.some((usage) => accepted.includes(usage) || usage.startsWith(`${USAGE.templates}.`))
  );
}

/** RFC 3161 §2.3: timeStamping alone, and critical. */
function isTimestampAuthority({ extendedKeyUsage, extensions }: Certificate): boolean {
  const critical = extensions.some(({ oid, critical }) => oid === EXTENSION.extendedKeyUsage && critical);
  return critical && extendedKeyUsage?.length === 1 && extendedKeyUsage[0] === USAGE.timeStamping;
}
