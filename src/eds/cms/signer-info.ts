import { derFormOf } from '../asn1/der-form.js';
import { expectTag, fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { constructedTag, type Element, primitiveTag, readBer, readDer, TAG } from '../asn1/reader.js';
import { readOctets, readSerialNumber, readSmallInteger, sameOctets } from '../asn1/values.js';
import { readName } from '../certificate/name.js';
import { type AlgorithmIdentifier, readAlgorithm } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { type Attribute, readAttribute, readAttributes } from './attributes.js';

/** How a SignerInfo names its certificate (RFC 5652 §5.3). */
export type SignerIdentifier =
  | { readonly kind: 'issuer-and-serial'; readonly issuer: Uint8Array; readonly serialNumber: string }
  | { readonly kind: 'key-identifier'; readonly keyIdentifier: Uint8Array };

/** A SignerInfo as read, nothing in it proved. */
export interface UnverifiedSigner {
  readonly identifier: SignerIdentifier;
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly signed: {
    /** The attributes as transmitted, under the tag of SET OF: what the signature covers wherever they came as DER. */
    readonly octets: Uint8Array;
    /** Their DER where they came in another order or form: what the signature should cover then (RFC 5652 §5.4). */
    readonly derForm: Uint8Array | null;
    readonly attributes: readonly Attribute[];
  } | null;
  /** Those that can be read. One of known type without readable values has itself as its only value. */
  readonly unsignedAttributes: readonly Attribute[];
}

/**
 * Reads a SignerInfo (RFC 5652 §5.3). Its version only repeats what the identifier says, and signers disagree about it, so it
 * decides nothing.
 *
 * @throws EdsError `ASN1_*`, `FORMAT_TOO_LARGE`
 */
export function readSignerInfo(element: Element): UnverifiedSigner {
  const fields = fieldsOf(element);
  readSmallInteger(fields.any());
  const identifier = readIdentifier(fields.any());
  const digestAlgorithm = readAlgorithm(fields.any());
  const signed = readSignedPart(fields.optional(constructedTag(0)));
  const signatureAlgorithm = readAlgorithm(fields.any());
  const signature = readOctets(fields.any());
  const unsigned = fields.optional(constructedTag(1));
  fields.end();
  return {
    identifier,
    digestAlgorithm,
    signatureAlgorithm,
    signature,
    signed,
    unsignedAttributes: unsigned === null ? [] : readUnsignedPart(unsigned),
  };
}

function readIdentifier(element: Element): SignerIdentifier {
  if (element.tag === primitiveTag(0)) return { kind: 'key-identifier', keyIdentifier: element.content };
  const fields = fieldsOf(expectTag(element, TAG.sequence));
  const issuer = readName(fields.any()).der;
  const serialNumber = readSerialNumber(fields.any());
  fields.end();
  return { kind: 'issuer-and-serial', issuer, serialNumber };
}

/**
 * The signature covers the DER of the attributes as a SET OF (RFC 5652 §5.4). Nearly everybody sends them so, and then it is
 * the same octets under tag 31 instead of A0. They are read from the DER, so that what is hashed is what was read.
 */
function readSignedPart(element: Element | null): UnverifiedSigner['signed'] {
  if (element === null) return null;
  const octets = new Uint8Array(element.bytes);
  octets[0] = TAG.set;
  const bounds = { ...LIMITS.asn1, maxElements: LIMITS.cms.maxAttributeElements };
  const transmitted = readBer(octets, bounds);
  assertCount(transmitted.children());
  const der = derFormOf(transmitted);
  return {
    octets,
    derForm: sameOctets(octets, der) ? null : der,
    attributes: readAttributes(readDer(der, bounds), TAG.set),
  };
}

/** Nothing here is signed and nothing depends on it: what cannot be read is as if it had been taken away. */
function readUnsignedPart(element: Element): readonly Attribute[] {
  const items = readable(() => element.children()) ?? [];
  assertCount(items);
  return items.flatMap((item): readonly Attribute[] => {
    const whole = readable(() => readAttribute(item));
    if (whole !== null) return [whole];
    const type = readable(() => readOid(fieldsOf(item).any()));
    return type === null ? [] : [{ oid: type, values: [item] }];
  });
}

function assertCount(attributes: readonly Element[]): void {
  if (attributes.length > LIMITS.cms.maxAttributes) {
    throw new EdsError('FORMAT_TOO_LARGE', 'there are too many attributes');
  }
}

/** `null` for what is malformed; that the message is too large is said of the whole. */
function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof EdsError && error.code !== 'ASN1_TOO_LARGE') return null;
    throw error;
  }
}
