import { childrenOf, fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { type Element, TAG } from '../asn1/reader.js';
import { readText } from '../asn1/strings.js';
import { hexOf, sameOctets } from '../asn1/values.js';
import { EdsError } from '../error.js';
import { NAME } from '../oid.js';

/** One AttributeTypeAndValue of a name. A value that is no character string is shown as `#` and the hex of its DER (RFC 4514). */
export interface NameAttribute {
  readonly oid: string;
  readonly value: string;
  /** The value is not of the type it claims and was mended for reading: nothing may be concluded from it. */
  readonly repaired: boolean;
}

/** A distinguished name: original DER for byte-wise chaining, attributes in their order for reading. */
export interface DistinguishedName {
  readonly der: Uint8Array;
  readonly attributes: readonly NameAttribute[];
}

/** Short names of RFC 4514 §3 and those OpenSSL made customary. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  [NAME.commonName]: 'CN',
  [NAME.surname]: 'SURNAME',
  [NAME.serialNumber]: 'SERIALNUMBER',
  [NAME.country]: 'C',
  [NAME.locality]: 'L',
  [NAME.state]: 'ST',
  [NAME.organization]: 'O',
  [NAME.organizationalUnit]: 'OU',
  [NAME.businessCategory]: 'businessCategory',
  [NAME.givenName]: 'GN',
  [NAME.userId]: 'UID',
  [NAME.domainComponent]: 'DC',
  [NAME.email]: 'E',
};

/** Reads a Name (RFC 5280 §4.1.2.4); text that is not of its type is mended. Throws `ASN1_UNEXPECTED` for another structure. */
export function readName(element: Element): DistinguishedName {
  const attributes: NameAttribute[] = [];
  for (const relative of childrenOf(element, TAG.sequence)) {
    const parts = childrenOf(relative, TAG.set);
    if (parts.length === 0) throw new EdsError('ASN1_UNEXPECTED', 'a relative distinguished name is empty');
    for (const part of parts) {
      const fields = fieldsOf(part);
      const oid = readOid(fields.any());
      const value = fields.any();
      fields.end();
      const text = readText(value) ?? { value: `#${hexOf(value.bytes)}`, repaired: false };
      attributes.push({ oid, ...text });
    }
  }
  return { der: element.bytes, attributes };
}

/**
 * Whether two names are the same for chaining: octet by octet. НУЦ РК copies the subject into the issuer field unchanged, and
 * any looser comparison makes two roots that differ in `O` alone easier to confuse.
 */
export function sameName(a: Pick<DistinguishedName, 'der'>, b: Pick<DistinguishedName, 'der'>): boolean {
  return sameOctets(a.der, b.der);
}

/** All values of one attribute type, those included that had to be mended. */
export function attributeValues(name: DistinguishedName, oid: string): readonly string[] {
  return attributesOfType(name, oid).map(({ value }) => value);
}

/** All attributes of one type. */
export function attributesOfType(name: DistinguishedName, oid: string): readonly NameAttribute[] {
  return name.attributes.filter((attribute) => attribute.oid === oid);
}

/** The name on one line in certificate order, with RFC 4514 escapes. For reading only, never for comparing. */
export function formatName(name: DistinguishedName): string {
  return name.attributes
    .map(({ oid, value }) => `${SHORT_NAMES[oid] ?? oid}=${value.replace(/["+,;<>\\]/g, '\\$&')}`)
    .join(', ');
}
