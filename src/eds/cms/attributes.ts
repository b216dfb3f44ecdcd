import { childrenOf, fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { type Element, TAG } from '../asn1/reader.js';
import { readTime } from '../asn1/time.js';
import { readOctets } from '../asn1/values.js';
import { oid } from '../asn1/writer.js';
import { EdsError } from '../error.js';
import { ATTRIBUTE } from '../oid.js';

/** One Attribute (RFC 5652 §5.3), its values unread. */
export interface Attribute {
  readonly oid: string;
  readonly values: readonly Element[];
}

/** What the signed attributes say about the message. */
export interface SignedAttributes {
  readonly contentType: string;
  readonly messageDigest: Uint8Array;
  /** What the signer claims; proves nothing. */
  readonly signingTime: Date | null;
  /** There is a signing time, but not one in the form its standard demands. */
  readonly signingTimeUnreadable: boolean;
  /** Values of ESS signingCertificate (version 1) and signingCertificateV2, unread. */
  readonly signingCertificate: Element | null;
  readonly signingCertificateV2: Element | null;
}

/** Reads a SET OF Attribute under the given identifier octet. Throws `ASN1_UNEXPECTED`. */
export function readAttributes(element: Element, tag: number): readonly Attribute[] {
  return childrenOf(element, tag).map(readAttribute);
}

/** Reads one Attribute. Throws `ASN1_UNEXPECTED`. */
export function readAttribute(element: Element): Attribute {
  const fields = fieldsOf(element);
  const type = readOid(fields.any());
  const values = childrenOf(fields.any(), TAG.set);
  fields.end();
  return { oid: type, values };
}

/**
 * Reads the attributes a signature covers. contentType and messageDigest stand exactly once (RFC 5652 §11.1, §11.2), no type
 * stands twice and each has one value: with two of anything two readers could believe different ones. The signing time alone
 * may be anything, because it proves nothing.
 *
 * @throws EdsError `ASN1_UNEXPECTED`
 */
export function readSignedAttributes(attributes: readonly Attribute[]): SignedAttributes {
  const times = attributes.filter(({ oid: type }) => type === ATTRIBUTE.signingTime);
  const others = attributes.filter((attribute) => !times.includes(attribute));
  if (new Set(others.map((attribute) => attribute.oid)).size !== others.length) {
    throw new EdsError('ASN1_UNEXPECTED', 'a signed attribute stands twice');
  }
  const single = (type: string): Element | null => {
    const attribute = others.find((candidate) => candidate.oid === type);
    if (attribute === undefined) return null;
    const [value, extra] = attribute.values;
    if (value === undefined || extra !== undefined) {
      throw new EdsError('ASN1_UNEXPECTED', 'a signed attribute does not have exactly one value');
    }
    return value;
  };
  const contentType = single(ATTRIBUTE.contentType);
  const messageDigest = single(ATTRIBUTE.messageDigest);
  if (contentType === null || messageDigest === null) {
    throw new EdsError('ASN1_UNEXPECTED', 'a signed attribute that must be there is missing');
  }
  const signingTime = readSigningTime(times.flatMap(({ values }) => values));
  return {
    contentType: readOid(contentType),
    messageDigest: readOctets(messageDigest),
    signingTime,
    signingTimeUnreadable: times.length > 0 && signingTime === null,
    signingCertificate: single(ATTRIBUTE.signingCertificate),
    signingCertificateV2: single(ATTRIBUTE.signingCertificateV2),
  };
}

/** One time in the form of RFC 5652 §11.3; anything else is not guessed at. */
function readSigningTime(values: readonly Element[]): Date | null {
  const [value, extra] = values;
  if (value === undefined || extra !== undefined) return null;
  try {
    return readTime(value);
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}

/** The messageDigest OID as it stands in any set of signed attributes. */
const MESSAGE_DIGEST = Buffer.from(oid(ATTRIBUTE.messageDigest));

/**
 * Whether content signed *without* signed attributes looks like the signed attributes of some other message. Whoever takes the
 * attributes off a signature and offers their octets as content has a signature that verifies over something nobody signed.
 */
export function couldBeSignedAttributes(content: Uint8Array): boolean {
  return (
    content[0] === TAG.set &&
    Buffer.from(content.buffer, content.byteOffset, content.length).includes(MESSAGE_DIGEST)
  );
}
