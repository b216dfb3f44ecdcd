import { childrenOf, expectTag, fieldsOf, onlyChild } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import {
  type Asn1Limits,
  constructedTag,
  DEFAULT_LIMITS,
  type Element,
  primitiveTag,
  readBer,
  readDer,
  readingAs,
  TAG,
} from '../asn1/reader.js';
import { readOctets, readSerialNumber, readSmallInteger } from '../asn1/values.js';
import { type Certificate, parseCertificate } from '../certificate/certificate.js';
import { readName } from '../certificate/name.js';
import { type AlgorithmIdentifier, readAlgorithm } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { CONTENT } from '../oid.js';
import { type Attribute, readAttributes } from './attributes.js';

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
    /** What the signature covers: the attributes as transmitted, under the tag of SET OF (RFC 5652 §5.4). */
    readonly octets: Uint8Array;
    readonly attributes: readonly Attribute[];
  } | null;
  readonly unsignedAttributes: readonly Attribute[];
}

/** A SignedData message as read, nothing in it proved. */
export interface UnverifiedCms {
  readonly contentType: string;
  /** The encapsulated content, `null` for a detached signature. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Certificate[];
  readonly signers: readonly UnverifiedSigner[];
}

/** Certificates and signers of one message. Signed documents in circulation have up to a dozen. */
const MAX_CERTIFICATES = 128;
const MAX_SIGNERS = 64;

/**
 * Reads a CMS SignedData message (RFC 5652 §5) in DER or BER. Certificates and signed attributes inside must be DER.
 *
 * @throws EdsError `CMS_MALFORMED`, `CERTIFICATE_MALFORMED` or `ASN1_*`
 */
export function parseSignedData(bytes: Uint8Array, limits: Asn1Limits = DEFAULT_LIMITS): UnverifiedCms {
  return readingAs('CMS_MALFORMED', 'the CMS message', () => {
    const outer = fieldsOf(readBer(bytes, limits));
    if (readOid(outer.any()) !== CONTENT.signedData) {
      throw new EdsError('CMS_MALFORMED', 'the message is not signed data');
    }
    const fields = fieldsOf(onlyChild(outer.required(constructedTag(0))));
    outer.end();

    const version = readSmallInteger(fields.any());
    if (version < 1 || version > 5) throw new EdsError('CMS_MALFORMED', 'the version is not of signed data');
    childrenOf(fields.any(), TAG.set).forEach(readAlgorithm);
    const { contentType, content } = readEncapsulated(fields.any());
    const certificates = readCertificates(fields.optional(constructedTag(0)));
    // Revocation values the sender chose to enclose are not evidence here.
    fields.optional(constructedTag(1));
    const signers = childrenOf(fields.any(), TAG.set);
    fields.end();
    if (signers.length > MAX_SIGNERS) throw new EdsError('CMS_MALFORMED', 'there are too many signers');
    return { contentType, content, certificates, signers: signers.map(readSigner) };
  });
}

/** EncapsulatedContentInfo (RFC 5652 §5.2). */
function readEncapsulated(element: Element): Pick<UnverifiedCms, 'contentType' | 'content'> {
  const fields = fieldsOf(element);
  const contentType = readOid(fields.any());
  const wrapper = fields.optional(constructedTag(0));
  fields.end();
  return { contentType, content: wrapper === null ? null : joinOctets(onlyChild(wrapper)) };
}

/** An OCTET STRING in one piece or, in BER, in many (X.690 §8.7.3). One piece is not copied. */
function joinOctets(element: Element): Uint8Array {
  if (element.tag === TAG.octetString) return element.content;
  const pieces: Uint8Array[] = [];
  const collect = (part: Element): void => {
    if (part.tag === TAG.octetString) pieces.push(part.content);
    else childrenOf(part, TAG.constructedOctetString).forEach(collect);
  };
  collect(element);
  return new Uint8Array(Buffer.concat(pieces));
}

/** CertificateSet (RFC 5652 §10.2.3). Attribute certificates and other kinds are of no use here and are passed over. */
function readCertificates(element: Element | null): readonly Certificate[] {
  const items = element?.children() ?? [];
  if (items.length > MAX_CERTIFICATES) throw new EdsError('CMS_MALFORMED', 'there are too many certificates');
  const certificates = new Map<string, Certificate>();
  for (const { tag, bytes } of items) {
    if (tag !== TAG.sequence) continue;
    const certificate = parseCertificate(bytes);
    certificates.set(certificate.sha256, certificate);
  }
  return [...certificates.values()];
}

/** SignerInfo (RFC 5652 §5.3). */
function readSigner(element: Element): UnverifiedSigner {
  const fields = fieldsOf(element);
  const version = readSmallInteger(fields.any());
  const identifier = readIdentifier(fields.any());
  if (version !== (identifier.kind === 'issuer-and-serial' ? 1 : 3)) {
    throw new EdsError('CMS_MALFORMED', 'the version of a signer does not fit its identifier');
  }
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
    unsignedAttributes: unsigned === null ? [] : readAttributes(unsigned, constructedTag(1)),
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
 * The signature covers the DER of the attributes as a SET OF (RFC 5652 §5.4): the same octets under tag 31 instead of A0. They
 * must have come as DER, so that what is hashed is what was read.
 */
function readSignedPart(element: Element | null): UnverifiedSigner['signed'] {
  if (element === null) return null;
  const octets = element.bytes.slice();
  octets[0] = TAG.set;
  return { octets, attributes: readAttributes(readDer(octets), TAG.set) };
}
