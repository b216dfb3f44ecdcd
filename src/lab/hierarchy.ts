import {
  basicConstraints,
  encodeCertificate,
  encodeName,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  type NameAttribute,
} from './certificate.js';
import { extension, nullValue } from './der.js';
import { type LabKey, labKey } from './lab-key.js';
import { OID } from './oid.js';
import { generatePrivateKey, type PrivateKey } from './private-key.js';
import { issuingPolicy, keyIdentifiers, rootPolicy, timestampPolicy } from './profile.js';

export type HierarchyAlgorithm = 'rsa-2048' | 'gost2015-512' | 'gost2004-256';

/** One root with its issuing CA and the services the issuing CA has certified. */
export interface Hierarchy {
  readonly algorithm: HierarchyAlgorithm;
  readonly root: LabKey;
  readonly issuing: LabKey;
  readonly ocspResponder: LabKey;
  readonly timestampAuthority: LabKey;
}

const DAY = 86_400_000;
const LABEL: Readonly<Record<HierarchyAlgorithm, string>> = {
  'rsa-2048': 'RSA',
  'gost2015-512': 'GOST',
  'gost2004-256': 'GOST 2004',
};

/** Makes a hierarchy valid from two years before `now` to eight years after it. */
export async function createHierarchy(algorithm: HierarchyAlgorithm, now: Date): Promise<Hierarchy> {
  const [rootKey, issuingKey, ocspKey, timestampKey] = await Promise.all([
    generatePrivateKey(algorithm),
    generatePrivateKey(algorithm),
    generatePrivateKey(algorithm),
    generatePrivateKey(algorithm),
  ]);
  const name = (words: string): NameAttribute[] => [
    [OID.commonName, `${words} (${LABEL[algorithm]}) LAB`],
    [OID.country, 'KZ'],
  ];
  const root = certifyAuthority(rootKey, name('НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ'), 'self', now);
  const issuing = certifyAuthority(issuingKey, name('ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ'), root, now, {
    // as nca_rsa_2022 has it; the GOST authorities of НУЦ РК have no limit
    ...(algorithm === 'rsa-2048' ? { pathLength: 0 } : {}),
  });
  return {
    algorithm,
    root,
    issuing,
    ocspResponder: certifyService(ocspKey, 'OCSP RESPONDER', issuing, now, [
      keyUsage(['digitalSignature'], false),
      extension(OID.ocspNoCheck, nullValue()),
      extendedKeyUsage([OID.ocspSigning]),
    ]),
    timestampAuthority: certifyService(timestampKey, 'TIME-STAMPING AUTHORITY', issuing, now, [
      timestampPolicy(),
      keyUsage(['digitalSignature']),
      extendedKeyUsage([OID.timeStamping], true),
    ]),
  };
}

export interface AuthorityOptions {
  readonly pathLength?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** `false`: basicConstraints says it is no CA, though its key signs certificates. */
  readonly ca?: boolean;
  /** `false`: keyUsage lacks keyCertSign. */
  readonly mayCertify?: boolean;
  /** Further extensions, encoded: constraints, limits of use. */
  readonly extensions?: readonly Uint8Array[];
}

/** A CA certificate for `key`, by `issuer` or by itself. */
export function certifyAuthority(
  key: PrivateKey,
  name: readonly NameAttribute[],
  issuer: LabKey | 'self',
  now: Date,
  options: AuthorityOptions = {},
): LabKey {
  const subject = encodeName(name);
  const issuerKey = issuer === 'self' ? key : issuer.privateKey;
  const certificate = encodeCertificate(
    {
      serialNumber: serialNumberOf(key),
      issuer: issuer === 'self' ? subject : issuer.facts.subject,
      subject,
      notBefore: options.notBefore ?? new Date(now.getTime() - 730 * DAY),
      notAfter: options.notAfter ?? new Date(now.getTime() + 2920 * DAY),
      publicKeyInfo: key.publicKeyInfo,
      extensions: [
        basicConstraints(options.ca ?? true, options.pathLength),
        keyUsage(options.mayCertify === false ? ['cRLSign'] : ['keyCertSign', 'cRLSign']),
        ...keyIdentifiers(key, issuerKey),
        issuer === 'self' ? rootPolicy() : issuingPolicy(),
        ...(options.extensions ?? []),
      ],
    },
    issuerKey,
  );
  return labKey(key, certificate);
}

/** A certificate for a service of the authority, such as an OCSP responder. */
export function certifyService(
  key: PrivateKey,
  commonName: string,
  issuer: LabKey,
  now: Date,
  extensions: readonly Uint8Array[],
): LabKey {
  const certificate = encodeCertificate(
    {
      serialNumber: serialNumberOf(key),
      issuer: issuer.facts.subject,
      subject: encodeName([
        [OID.commonName, commonName],
        [OID.country, 'KZ'],
        [OID.organisation, 'ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ LAB'],
      ]),
      notBefore: new Date(now.getTime() - 365 * DAY),
      notAfter: new Date(now.getTime() + 730 * DAY),
      publicKeyInfo: key.publicKeyInfo,
      extensions: [...extensions, ...keyIdentifiers(key, issuer.privateKey)],
    },
    issuer.privateKey,
  );
  return labKey(key, certificate);
}

/** НУЦ РК's serial numbers: the key identifier with its top octet squeezed into 0x10–0x7f. */
export function serialNumberOf(key: PrivateKey): Uint8Array {
  const serial = keyIdentifier(key);
  const top = (serial[0] ?? 0) & 0x7f;
  serial[0] = top < 0x10 ? top | 0x10 : top;
  return serial;
}
