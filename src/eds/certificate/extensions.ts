import { childrenOf, fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { constructedTag, type Element, primitiveTag, readDer, TAG } from '../asn1/reader.js';
import { asciiOf } from '../asn1/strings.js';
import { readBoolean, readNamedBits, readOctets, readSmallInteger } from '../asn1/values.js';
import { EdsError } from '../error.js';

/** One extension, undecoded. */
export interface CertificateExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The content of extnValue: the DER of the extension's own type. */
  readonly value: Uint8Array;
}

/** RFC 5280 §4.2.1.3, the bits by name. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | null;
}

const KEY_USAGE_BITS: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/**
 * Reads Extensions (RFC 5280 §4.1.2.9), as certificates, CRLs, CRL entries and OCSP responses carry them.
 *
 * @param element the SEQUENCE OF Extension
 * @throws EdsError `ASN1_UNEXPECTED`, also for an extension that stands twice: two readers could believe different ones
 */
export function readExtensions(element: Element): readonly CertificateExtension[] {
  const extensions = childrenOf(element, TAG.sequence).map((item): CertificateExtension => {
    const fields = fieldsOf(item);
    const oid = readOid(fields.any());
    const flag = fields.optional(TAG.boolean);
    const value = readOctets(fields.any());
    fields.end();
    return { oid, critical: flag !== null && readBoolean(flag), value };
  });
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length) {
    throw new EdsError('ASN1_UNEXPECTED', 'an extension stands twice');
  }
  return extensions;
}

/** RFC 5280 §4.2.1.3. */
export function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const names = readNamedBits(readDer(value)).map((bit) => {
    const name = KEY_USAGE_BITS[bit];
    if (name === undefined) throw new EdsError('ASN1_UNEXPECTED', 'a key usage bit has no meaning');
    return name;
  });
  return new Set(names);
}

/** RFC 5280 §4.2.1.12. */
export function readExtendedKeyUsage(value: Uint8Array): readonly string[] {
  return nonEmpty(childrenOf(readDer(value), TAG.sequence)).map(readOid);
}

/** RFC 5280 §4.2.1.9. An explicit FALSE is not DER, but several CAs write it and it says the same. */
export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const fields = fieldsOf(readDer(value));
  const flag = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  fields.end();
  return {
    ca: flag !== null && readBoolean(flag),
    pathLength: length === null ? null : readSmallInteger(length),
  };
}

/** The identifiers of RFC 5280 §4.2.1.4; qualifiers are not looked at. */
export function readPolicies(value: Uint8Array): readonly string[] {
  return nonEmpty(childrenOf(readDer(value), TAG.sequence)).map((policy) => readOid(fieldsOf(policy).any()));
}

/** RFC 5280 §4.2.1.2. */
export function readSubjectKeyId(value: Uint8Array): Uint8Array {
  return readOctets(readDer(value));
}

/** The keyIdentifier of RFC 5280 §4.2.1.1, `null` when only issuer and serial number are given. */
export function readAuthorityKeyId(value: Uint8Array): Uint8Array | null {
  const fields = fieldsOf(readDer(value));
  const keyId = fields.optional(primitiveTag(0));
  fields.optional(constructedTag(1));
  fields.optional(primitiveTag(2));
  fields.end();
  return keyId?.content ?? null;
}

/** The rfc822Names of RFC 5280 §4.2.1.6, `null` in place of one that is not ASCII: RFC 8398 has another form for those. */
export function readEmails(value: Uint8Array): readonly (string | null)[] {
  return childrenOf(readDer(value), TAG.sequence)
    .filter(({ tag }) => tag === primitiveTag(1))
    .map(({ content }) => (content.every((octet) => octet <= 0x7f) ? asciiOf(content) : null));
}

function nonEmpty<T>(items: readonly T[]): readonly T[] {
  if (items.length === 0) throw new EdsError('ASN1_UNEXPECTED', 'a list that needs a member is empty');
  return items;
}
