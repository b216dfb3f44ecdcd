import { type Element, constructedTag, readPaddedBer, TAG } from '../asn1/reader.js';
import { readOid } from '../asn1/oid.js';
import { EdsError } from '../error.js';
import { CONTENT } from '../oid.js';

/** What a file turns out to be. */
export type EvidenceKind =
  'cms' | 'timestamp-token' | 'timestamp-response' | 'ocsp-response' | 'crl' | 'certificate';

/**
 * Tells kinds of evidence apart by their outermost structure. Only the shape is looked at; each kind has its own strict reader.
 * Private keys and what holds them are told by their shape too and not read.
 *
 * @param bytes DER or BER
 * @returns `other` for what has a name and proves nothing: a container of keys (PKCS#12), a private or public key, a request for a
 *   certificate, to a responder or for a time-stamp, an encrypted message; `null` for anything else
 * @throws EdsError `ASN1_TOO_DEEP`, `ASN1_TOO_LARGE`
 */
export function detectKind(bytes: Uint8Array): EvidenceKind | 'other' | null {
  try {
    const fields = readPaddedBer(bytes).element.children();
    const [first, second, third] = fields;
    if (first === undefined) return null;
    if (first.tag === TAG.oid)
      return readOid(first) === CONTENT.signedData ? kindOfSignedData(second) : 'other';
    if (first.tag === TAG.enumerated) return 'ocsp-response';
    if (first.tag === TAG.integer) return isNumbered(fields) ? 'other' : null;
    if (first.tag !== TAG.sequence) return null;
    if (third?.tag === TAG.bitString) return kindOfIssued(first);
    // SubjectPublicKeyInfo and EncryptedPrivateKeyInfo begin with an algorithm.
    if (second?.tag === TAG.bitString || second?.tag === TAG.octetString) return 'other';
    const [inner] = first.children();
    // PKIStatusInfo begins with a number.
    if (inner?.tag === TAG.integer) return 'timestamp-response';
    return isOcspRequest(first) ? 'other' : null;
  } catch (error) {
    // What is not read to its end may be anything, a good signature too.
    if (!(error instanceof EdsError) || error.code === 'ASN1_TOO_DEEP' || error.code === 'ASN1_TOO_LARGE')
      throw error;
    return null;
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

/** PFX (RFC 7292), PKCS#8 and a time-stamp request: a version, then a SEQUENCE; EC keys (RFC 5915): then octets; RSA keys: numbers. */
function isNumbered([, second, third, ...more]: readonly Element[]): boolean {
  if (second?.tag === TAG.sequence) return true;
  if (second?.tag === TAG.octetString) return true;
  return second?.tag === TAG.integer && third?.tag === TAG.integer && more.length > 0;
}

/** What somebody signed with an algorithm after it: a version in [0] or names and dates make a certificate, a date after a name a CRL. */
function kindOfIssued(signed: Element): EvidenceKind | 'other' {
  const [inner, , third, fourth] = signed.children();
  if (inner?.tag === constructedTag(0)) return third?.tag === TAG.sequence ? 'certificate' : 'other';
  if (inner?.tag === TAG.sequence) return 'crl';
  if (inner?.tag !== TAG.integer) return 'other';
  if (fourth?.tag === TAG.sequence) return 'certificate';
  return fourth?.tag === TAG.utcTime || fourth?.tag === TAG.generalizedTime ? 'crl' : 'other';
}

/** OCSPRequest (RFC 6960 §4.1.1): a list whose items begin with a CertID. */
function isOcspRequest(tbs: Element): boolean {
  const list = tbs.children().find(({ tag }) => tag === TAG.sequence);
  const [request] = list?.children() ?? [];
  const [id] = request?.tag === TAG.sequence ? request.children() : [];
  const [, nameHash, keyHash, serial] = id?.tag === TAG.sequence ? id.children() : [];
  return nameHash?.tag === TAG.octetString && keyHash?.tag === TAG.octetString && serial?.tag === TAG.integer;
}
