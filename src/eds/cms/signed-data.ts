import { joinedOctets } from '../asn1/der-form.js';
import { childrenOf, fieldsOf, onlyChild } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import {
  type Asn1Limits,
  constructedTag,
  type Element,
  readingAs,
  readPaddedBer,
  TAG,
} from '../asn1/reader.js';
import { readSmallInteger } from '../asn1/values.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { CONTENT } from '../oid.js';
import { type CertificateSet, readCertificateSet } from './certificate-set.js';
import { readSignerInfo, type UnverifiedSigner } from './signer-info.js';

/** A SignedData message as read, nothing in it proved. */
export interface UnverifiedCms extends CertificateSet {
  readonly contentType: string;
  /** The encapsulated content, `null` for a detached signature. */
  readonly content: Uint8Array | null;
  readonly signers: readonly UnverifiedSigner[];
  /** Zero octets after the message. */
  readonly padding: number;
}

/**
 * Reads a CMS SignedData message (RFC 5652 §5) in DER or BER. Certificates inside must be DER. Versions and the list of digest
 * algorithms only announce what follows; they are passed over.
 *
 * @throws EdsError `CMS_MALFORMED`, `ASN1_*`, `FORMAT_NOT_SUPPORTED` for another kind of message, `FORMAT_TOO_LARGE` for more
 *   signers, certificates or attributes than `LIMITS.cms`
 */
export function parseSignedData(bytes: Uint8Array, limits: Asn1Limits = LIMITS.asn1): UnverifiedCms {
  return readingAs('CMS_MALFORMED', 'the CMS message', () => {
    const { element, padding } = readPaddedBer(bytes, limits);
    const outer = fieldsOf(element);
    if (readOid(outer.any()) !== CONTENT.signedData) {
      throw new EdsError('FORMAT_NOT_SUPPORTED', 'the message is of another kind than signed data');
    }
    const fields = fieldsOf(onlyChild(outer.required(constructedTag(0))));
    outer.end();

    readSmallInteger(fields.any());
    fields.required(TAG.set);
    const { contentType, content } = readEncapsulated(fields.any());
    const certificateSet = readCertificateSet(fields.optional(constructedTag(0)));
    // Revocation values the sender chose to enclose are not evidence here.
    fields.optional(constructedTag(1));
    const signers = childrenOf(fields.any(), TAG.set);
    fields.end();
    if (signers.length > LIMITS.cms.maxSigners) {
      throw new EdsError('FORMAT_TOO_LARGE', 'there are too many signers');
    }
    return { contentType, content, ...certificateSet, signers: signers.map(readSignerInfo), padding };
  });
}

/** EncapsulatedContentInfo (RFC 5652 §5.2). */
function readEncapsulated(element: Element): Pick<UnverifiedCms, 'contentType' | 'content'> {
  const fields = fieldsOf(element);
  const contentType = readOid(fields.any());
  const wrapper = fields.optional(constructedTag(0));
  fields.end();
  if (wrapper === null) return { contentType, content: null };
  const content = onlyChild(wrapper);
  // PKCS #7 before CMS let any type stand here, and signed its content octets alone (RFC 5652 §5.2.1).
  if (content.tag !== TAG.octetString && content.tag !== TAG.constructedOctetString) {
    throw new EdsError('FORMAT_NOT_SUPPORTED', 'the content is not an OCTET STRING');
  }
  return { contentType, content: joinedOctets(content) };
}
