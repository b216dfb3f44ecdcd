import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  authorityKeyIdentifierInFull,
  certificatePolicy,
  crlAddress,
  emailAddress,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  subjectKeyIdentifier,
  type KeyUsageBit,
  type NameAttribute,
} from './certificate.js';
import { extension, oid, sequence } from './der.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';
import { type KeyAlgorithm, type PrivateKey } from './private-key.js';

export type PersonKind =
  'individual' | 'head' | 'signing-right' | 'finance' | 'hr' | 'employee' | 'information-system';

/** The person or system a certificate is made for; what is absent is left out of the subject. */
export interface Subject {
  readonly kind: PersonKind;
  readonly surname?: string;
  readonly givenName?: string;
  readonly patronymic?: string;
  readonly iin?: string;
  readonly bin?: string;
  readonly organisation?: string;
  readonly email?: string;
}

/** Parts of a profile that a defective certificate replaces. `null` leaves the extension out. */
export interface ProfileOverrides {
  readonly keyUsage?: { readonly bits: readonly KeyUsageBit[]; readonly critical?: boolean } | null;
  readonly extendedKeyUsage?: { readonly purposes: readonly string[]; readonly critical?: boolean } | null;
  /** Further extensions, encoded. */
  readonly extensions?: readonly Uint8Array[];
  /** `short`: four octets, as around НУЦ РК's intermediates of 2018. `full`: the issuer is named by its certificate as well. */
  readonly keyIdentifiers?: 'short' | 'full' | 'none';
}

/** The addresses lab certificates name. None of them exists: a gateway that follows an address out of a certificate fails. */
const ADDRESSES = {
  ocsp: 'http://ocsp.lab.invalid/',
  issuer: 'http://lab.invalid/cert/issuer.cer',
  crl: 'http://crl.lab.invalid/full.crl',
  deltaCrl: 'http://crl.lab.invalid/delta.crl',
  cps: 'http://lab.invalid/cps',
} as const;

const TEMPLATES: Readonly<Record<PersonKind, readonly string[]>> = {
  individual: [OID.individual],
  head: [OID.legalEntity, `${OID.legalEntity}.1`],
  'signing-right': [OID.legalEntity, `${OID.legalEntity}.2`],
  finance: [OID.legalEntity, `${OID.legalEntity}.3`],
  hr: [OID.legalEntity, `${OID.legalEntity}.4`],
  employee: [OID.legalEntity, `${OID.legalEntity}.5`],
  'information-system': [OID.legalEntity, `${OID.legalEntity}.6`],
};

/** Subject attributes in НУЦ РК's order. GN carries the patronymic; the given name is only inside CN. */
export function subjectName(subject: Subject): NameAttribute[] {
  const { kind, surname, givenName, patronymic, iin, bin, organisation } = subject;
  const system = kind === 'information-system';
  const commonName = system
    ? `ИС "${givenName ?? 'ЛАБОРАТОРИЯ'}"`
    : [surname, givenName].filter((part) => part !== undefined).join(' ');
  const attributes: [string, string | undefined][] = [
    [OID.commonName, commonName],
    [OID.surname, system ? undefined : surname],
    [OID.serialNumber, iin && `IIN${iin}`],
    [OID.country, 'KZ'],
    [OID.organisation, organisation],
    [OID.organisationalUnit, bin && `BIN${bin}`],
    [OID.givenName, patronymic],
    [OID.userId, system ? `${OID.legalEntity}.6` : undefined],
  ];
  return attributes.filter((attribute): attribute is [string, string] => Boolean(attribute[1]));
}

/**
 * Extensions of a leaf as НУЦ РК issues them: GOST-2015 keys by the 2023+ profile (one key to sign in and to sign), RSA and GOST-2004 keys
 * by the 2018–2022 profile, where `usage` tells SIGN and AUTH certificates apart.
 */
export function leafExtensions(
  subject: Subject,
  key: PrivateKey,
  issuer: Pick<LabKey, 'privateKey'> & Partial<Pick<LabKey, 'facts'>>,
  usage: 'sign' | 'auth',
  overrides: ProfileOverrides,
): Uint8Array[] {
  const profile = leafProfile(subject, key.algorithm, usage);
  const usages = overrides.keyUsage === undefined ? profile.keyUsage : overrides.keyUsage;
  const purposes =
    overrides.extendedKeyUsage === undefined ? profile.extendedKeyUsage : overrides.extendedKeyUsage;
  return [
    certificatePolicy(profile.policy, ADDRESSES.cps),
    authorityInfoAccess(ADDRESSES.ocsp, ADDRESSES.issuer),
    crlAddress(OID.crlDistributionPoints, ADDRESSES.crl),
    crlAddress(OID.freshestCrl, ADDRESSES.deltaCrl),
    ...(purposes ? [extendedKeyUsage(purposes.purposes, purposes.critical)] : []),
    ...(usages ? [keyUsage(usages.bits, usages.critical)] : []),
    ...(subject.email ? [emailAddress(subject.email)] : []),
    ...writtenKeyIdentifiers(key, issuer, overrides.keyIdentifiers),
    extension(OID.keyStorage, sequence(oid(OID.keyStorageFile))),
    ...(overrides.extensions ?? []),
  ];
}

function writtenKeyIdentifiers(
  key: PrivateKey,
  { privateKey, facts }: Parameters<typeof leafExtensions>[2],
  written: ProfileOverrides['keyIdentifiers'],
): Uint8Array[] {
  const [own, issuers] = [keyIdentifier(key), keyIdentifier(privateKey)];
  if (written === 'none') return [];
  if (written === 'short') {
    return [subjectKeyIdentifier(own.slice(-4)), authorityKeyIdentifier(issuers.slice(-4))];
  }
  return [
    subjectKeyIdentifier(own),
    written === 'full' && facts
      ? authorityKeyIdentifierInFull(issuers, facts.issuer, facts.encodedSerialNumber)
      : authorityKeyIdentifier(issuers),
  ];
}

export function keyIdentifiers(key: PrivateKey, issuer: PrivateKey): Uint8Array[] {
  return [subjectKeyIdentifier(keyIdentifier(key)), authorityKeyIdentifier(keyIdentifier(issuer))];
}

export const rootPolicy = (): Uint8Array => certificatePolicy(OID.policyRoot, ADDRESSES.cps);
export const issuingPolicy = (): Uint8Array => certificatePolicy(OID.policy, ADDRESSES.cps);
export const timestampPolicy = (): Uint8Array => certificatePolicy(OID.policyTimestamp, ADDRESSES.cps);

interface Profile {
  readonly policy: string;
  readonly keyUsage: { readonly bits: readonly KeyUsageBit[]; readonly critical?: boolean };
  readonly extendedKeyUsage: { readonly purposes: readonly string[]; readonly critical?: boolean };
}

function leafProfile({ kind, bin }: Subject, algorithm: KeyAlgorithm, usage: 'sign' | 'auth'): Profile {
  const templates = TEMPLATES[kind];
  if (algorithm === 'gost2015-512' || algorithm === 'gost2015-256') {
    const bits: KeyUsageBit[] = ['digitalSignature', 'nonRepudiation', 'keyAgreement'];
    // since 2024 certificates with the right to sign have a critical EKU and a KU that is not
    const reversed = kind === 'signing-right';
    return {
      policy: OID.policy,
      keyUsage: { bits, critical: !reversed },
      extendedKeyUsage: {
        purposes: kind === 'information-system' ? templates : [OID.emailProtection, ...templates],
        critical: reversed,
      },
    };
  }
  const legal = bin !== undefined;
  if (usage === 'auth') {
    return {
      policy: legal ? OID.policyLegalAuth : OID.policyIndividualAuth,
      keyUsage: { bits: ['digitalSignature', 'keyEncipherment'] },
      extendedKeyUsage: { purposes: [OID.clientAuth, ...templates] },
    };
  }
  return {
    policy: legal ? OID.policyLegalSign : OID.policyIndividualSign,
    keyUsage: { bits: ['digitalSignature', 'nonRepudiation'] },
    extendedKeyUsage: { purposes: [OID.emailProtection, ...templates] },
  };
}
