import { computeDigest, type DigestName, digestOf } from '../algorithms/digest.js';
import { childrenOf, fieldsOf, onlyChild } from '../asn1/fields.js';
import { constructedTag, type Element, TAG } from '../asn1/reader.js';
import { readOctets, readSerialNumber, sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { readAlgorithm } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { type SignedAttributes } from './attributes.js';
import { type UnverifiedCms, type UnverifiedSigner } from './signed-data.js';

/**
 * The enclosed certificate that a SignerInfo names.
 *
 * @returns `missing` where none fits, `ambiguous` where two different ones do
 */
export function findSignerCertificate(
  { certificates }: UnverifiedCms,
  { identifier }: UnverifiedSigner,
): Certificate | 'missing' | 'ambiguous' {
  const [found, second] = certificates.filter((certificate) =>
    identifier.kind === 'issuer-and-serial'
      ? certificate.serialNumber === identifier.serialNumber &&
        sameOctets(certificate.issuer.der, identifier.issuer)
      : certificate.subjectKeyId !== null && sameOctets(certificate.subjectKeyId, identifier.keyIdentifier),
  );
  if (found === undefined) return 'missing';
  return second === undefined ? found : 'ambiguous';
}

/**
 * Whether the ESS attributes that are present name this certificate (RFC 5035 §5.4). Without them somebody could exchange the
 * certificate for another one with the same key. SHA-1, which version 1 demands, is harmless here: it can only refuse more.
 *
 * @throws EdsError `ASN1_UNEXPECTED` for an attribute that cannot be read
 */
export function namesCertificate(signed: SignedAttributes, certificate: Certificate): boolean {
  const { signingCertificate, signingCertificateV2 } = signed;
  return (
    (signingCertificate === null || matches(firstId(signingCertificate), certificate, 1)) &&
    (signingCertificateV2 === null || matches(firstId(signingCertificateV2), certificate, 2))
  );
}

/** The first ESSCertID is the signer's; the others only restrict the path, which is pinned anyway. */
function firstId(value: Element): Element {
  const fields = fieldsOf(value);
  const [first] = childrenOf(fields.any(), TAG.sequence);
  fields.optional(TAG.sequence);
  fields.end();
  if (first === undefined) throw new EdsError('ASN1_UNEXPECTED', 'a signing certificate attribute is empty');
  return first;
}

function matches(id: Element, certificate: Certificate, version: 1 | 2): boolean {
  const fields = fieldsOf(id);
  let digest: DigestName | null = version === 1 ? 'sha1' : 'sha256';
  if (version === 2 && fields.peek() === TAG.sequence) digest = digestOf(readAlgorithm(fields.any()));
  const hash = readOctets(fields.any());
  const issuerSerial = fields.optional(TAG.sequence);
  fields.end();
  if (digest === null || !sameOctets(hash, computeDigest(digest, certificate.der))) return false;
  return issuerSerial === null || isIssuerSerialOf(issuerSerial, certificate);
}

/** IssuerSerial (RFC 5035 §4): GeneralNames with one directoryName, and the serial number. */
function isIssuerSerialOf(element: Element, { issuer, serialNumber }: Certificate): boolean {
  const fields = fieldsOf(element);
  const names = childrenOf(fields.any(), TAG.sequence);
  const serial = readSerialNumber(fields.any());
  // An optional issuerUID, which no certificate in use has.
  fields.optional(TAG.bitString);
  fields.end();
  const named = names.some(
    (name) => name.tag === constructedTag(4) && sameOctets(onlyChild(name).bytes, issuer.der),
  );
  return named && serial === serialNumber;
}
