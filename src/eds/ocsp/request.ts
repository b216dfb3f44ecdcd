import { explicit, octetString, oid, sequence } from '../asn1/writer.js';
import { type Certificate } from '../certificate/certificate.js';
import { OCSP } from '../oid.js';
import { certIdOf, encodeCertId } from './cert-id.js';
import { type CertIdHash } from './question.js';

/**
 * Encodes an unsigned OCSPRequest for one certificate (RFC 6960 §4.1.1).
 *
 * @param nonce the octets of the nonce, 1 to 32 (RFC 8954 §2.1), or `null` to ask without. They are wrapped as the OCTET STRING
 *   the RFC demands inside extnValue
 * @throws RangeError for a nonce of another length
 */
export function encodeOcspRequest(
  certificate: Pick<Certificate, 'serialNumber'>,
  issuer: Certificate,
  nonce: Uint8Array | null,
  hash: CertIdHash = 'sha256',
): Uint8Array {
  const requestList = sequence(sequence(encodeCertId(certIdOf(certificate, issuer, hash))));
  if (nonce === null) return sequence(sequence(requestList));
  if (nonce.length < 1 || nonce.length > 32) throw new RangeError('a nonce has 1 to 32 octets');
  const extension = sequence(oid(OCSP.nonce), octetString(octetString(nonce)));
  return sequence(sequence(requestList, explicit(2, sequence(extension))));
}
