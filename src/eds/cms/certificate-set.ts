import { createHash } from 'node:crypto';
import { fieldsOf } from '../asn1/fields.js';
import { constructedTag, type Element, readBer, TAG } from '../asn1/reader.js';
import { readSerialNumber } from '../asn1/values.js';
import { type Certificate, parseCertificate } from '../certificate/certificate.js';
import { EdsError, type FormatCode, isFormatCode } from '../error.js';
import { LIMITS } from '../limits.js';

/** A certificate of a message that cannot be read. It is of no account unless the signer names it. */
export interface CertificateSetAside {
  readonly code: FormatCode;
  /** Whose it is, as far as that can be made out; `null` where it cannot. */
  readonly identifier: { readonly issuer: Uint8Array; readonly serialNumber: string } | null;
}

export interface CertificateSet {
  readonly certificates: readonly Certificate[];
  readonly setAside: readonly CertificateSetAside[];
}

/**
 * Reads a CertificateSet (RFC 5652 §10.2.3). Attribute certificates and other kinds are of no use here and are passed over; a
 * certificate that cannot be read is set aside, since most of them are nothing but company for the signer's.
 *
 * @param element the implicitly tagged SET, `null` where there is none
 * @throws EdsError `FORMAT_TOO_LARGE`, and framing errors of the set itself
 */
export function readCertificateSet(element: Element | null): CertificateSet {
  const certificates: Certificate[] = [];
  const setAside: CertificateSetAside[] = [];
  const seen = new Set<string>();
  for (const { tag, bytes } of element?.children() ?? []) {
    if (tag !== TAG.sequence) continue;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (seen.has(sha256)) continue;
    if (seen.size === LIMITS.cms.maxCertificates) {
      throw new EdsError('FORMAT_TOO_LARGE', 'there are too many certificates');
    }
    seen.add(sha256);
    const certificate = readOrSetAside(bytes);
    if ('code' in certificate) setAside.push(certificate);
    else certificates.push(certificate);
  }
  return { certificates, setAside };
}

function readOrSetAside(bytes: Uint8Array): Certificate | CertificateSetAside {
  try {
    return parseCertificate(bytes);
  } catch (error) {
    if (!(error instanceof EdsError) || !isFormatCode(error.code)) throw error;
    return { code: error.code, identifier: identifierIn(bytes) };
  }
}

/** Issuer and serial number of a certificate of which not more than that may be readable. */
function identifierIn(bytes: Uint8Array): CertificateSetAside['identifier'] {
  try {
    const fields = fieldsOf(fieldsOf(readBer(bytes, LIMITS.certificate)).any());
    fields.optional(constructedTag(0));
    const serialNumber = readSerialNumber(fields.any());
    fields.any();
    return { issuer: fields.any().bytes, serialNumber };
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}
