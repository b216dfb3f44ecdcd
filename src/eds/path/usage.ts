import { type Certificate } from '../certificate/certificate.js';
import { type KeyUsage } from '../certificate/extensions.js';
import { EXTENSION, USAGE } from '../oid.js';
import { type TrustPurpose } from '../trust-set.js';

/**
 * Extensions that may be critical in a certificate: those this library decodes, those it rightly has no use for because
 * addresses are configuration, and НУЦ РК's own. EKU is critical in keys with the right to sign, which RFC 5280 §4.2.1.12
 * allows. What belongs into a CRL or an OCSP answer says nothing here that anybody could understand.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.basicConstraints,
  EXTENSION.cRLDistributionPoints,
  EXTENSION.certificatePolicies,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.extendedKeyUsage,
  EXTENSION.freshestCrl,
  EXTENSION.authorityInfoAccess,
  EXTENSION.keyStorage,
]);

/** Extensions that narrow what may stand below or beside a certificate in a path (RFC 5280 §4.2.1.5, .10, .11, .14). */
const CONSTRAINTS: ReadonlySet<string> = new Set([
  EXTENSION.nameConstraints,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
]);

/** Key usages of which the holder of a certificate needs one, where the extension is there at all. */
const NEEDED_BITS: Readonly<Record<TrustPurpose, readonly KeyUsage[]>> = {
  login: ['digitalSignature'],
  // AUTH certificates of 2018–2022 have no nonRepudiation: made for signing in, not for signing.
  document: ['nonRepudiation'],
  timestamp: ['digitalSignature', 'nonRepudiation'],
  ocsp: ['digitalSignature', 'nonRepudiation'],
};

/** Whether every critical extension is one this library acts on (RFC 5280 §4.2). */
export function criticalExtensionsUnderstood({ extensions, extendedKeyUsage }: Certificate): boolean {
  // RFC 6960 §4.2.2.2.1: in the certificate of a responder, and nowhere else.
  const responder = extendedKeyUsage?.includes(USAGE.ocspSigning) === true;
  return extensions.every(
    ({ oid, critical }) => !critical || UNDERSTOOD.has(oid) || (responder && oid === EXTENSION.ocspNoCheck),
  );
}

/**
 * Whether a certificate restricts its path by names or policies. These are not processed, so such a path is not proved, whether
 * the extension is critical or not: RFC 5280 §6.1 processes it either way.
 */
export function constrainsPath({ extensions }: Certificate): boolean {
  return extensions.some(({ oid }) => CONSTRAINTS.has(oid));
}

/** Whether a certificate may issue others: basicConstraints and keyUsage (RFC 5280 §6.1.4 k, n). */
export function mayIssue({ basicConstraints, keyUsage }: Certificate): boolean {
  return basicConstraints?.ca === true && (keyUsage === null || keyUsage.has('keyCertSign'));
}

/** Whether the holder of an end certificate may do what the purpose says (keyUsage and extendedKeyUsage). */
export function fitsPurpose(certificate: Certificate, purpose: TrustPurpose): boolean {
  const { keyUsage, basicConstraints, extendedKeyUsage } = certificate;
  if (basicConstraints?.ca === true) return false;
  if (keyUsage !== null && !NEEDED_BITS[purpose].some((bit) => keyUsage.has(bit))) return false;
  if (purpose === 'timestamp' && !isTimestampAuthority(certificate)) return false;
  return allows(extendedKeyUsage, purpose);
}

/**
 * Whether the extended key usages of the authorities above leave the holder one that fits the purpose. RFC 5280 §4.2.1.12 does
 * not say what they mean in a CA certificate; every implementation takes them for a limit on what is issued below.
 *
 * @param path leaf first
 */
export function authoritiesAllow(
  [leaf, ...authorities]: readonly Certificate[],
  purpose: TrustPurpose,
): boolean {
  if (leaf === undefined) return false;
  return allows(
    authorities.map(({ extendedKeyUsage }) => extendedKeyUsage).reduce(narrow, leaf.extendedKeyUsage),
    purpose,
  );
}

function narrow(usages: readonly string[] | null, limit: readonly string[] | null): readonly string[] | null {
  if (limit === null || limit.includes(USAGE.any)) return usages;
  if (usages === null || usages.includes(USAGE.any)) return limit;
  return usages.filter((usage) => limit.includes(usage));
}

function allows(usages: readonly string[] | null, purpose: TrustPurpose): boolean {
  switch (purpose) {
    case 'login':
    case 'document':
      return isPersonal(usages);
    case 'timestamp':
      return usages?.includes(USAGE.timeStamping) === true;
    case 'ocsp':
      return usages?.includes(USAGE.ocspSigning) === true;
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
