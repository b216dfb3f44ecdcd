import { type Element, constructedTag, readBer, TAG } from '../asn1/reader.js';
import { readOid } from '../asn1/oid.js';
import { EdsError } from '../error.js';
import { CONTENT } from '../oid.js';

/** What a file turns out to be. */
export type EvidenceKind =
  'cms' | 'timestamp-token' | 'timestamp-response' | 'ocsp-response' | 'crl' | 'certificate';

/**
 * Tells kinds of evidence apart by their outermost structure. Only the shape is looked at; each kind has its own strict reader.
 *
 * @param bytes DER or BER
 * @returns `null` for anything else
 */
export function detectKind(bytes: Uint8Array): EvidenceKind | null {
  try {
    const [first, second, third] = readBer(bytes).children();
    if (first === undefined) return null;
    if (first.tag === TAG.oid) return readOid(first) === CONTENT.signedData ? kindOfSignedData(second) : null;
    if (first.tag === TAG.enumerated) return 'ocsp-response';
    if (first.tag !== TAG.sequence) return null;
    // PKIStatusInfo begins with a number; what a CA signs begins with a version that only a certificate wraps.
    const [inner] = first.children();
    if (third?.tag === TAG.bitString) return inner?.tag === constructedTag(0) ? 'certificate' : 'crl';
    return inner?.tag === TAG.integer ? 'timestamp-response' : null;
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}

/** A time-stamp token is a CMS message whose content says so. A damaged message still counts as CMS: its reader says what is wrong. */
function kindOfSignedData(wrapper: Element | undefined): EvidenceKind {
  try {
    const [signedData] = wrapper?.children() ?? [];
    const [, , encapsulated] = signedData?.children() ?? [];
    const [type] = encapsulated?.children() ?? [];
    return type?.tag === TAG.oid && readOid(type) === CONTENT.timestampInfo ? 'timestamp-token' : 'cms';
  } catch (error) {
    if (error instanceof EdsError) return 'cms';
    throw error;
  }
}
