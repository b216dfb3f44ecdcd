import { computeDigest, type DigestName, digestOf } from '../algorithms/digest.js';
import { childrenOf, fieldsOf, onlyChild } from '../asn1/fields.js';
import { constructedTag, type Element, TAG } from '../asn1/reader.js';
import { readOctets, readSerialNumber, sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { readAlgorithm } from '../certificate/public-key.js';
import { EdsError, type VerdictCode } from '../error.js';
import { type SignedAttributes } from './attributes.js';
import { type UnverifiedCms } from './signed-data.js';
import { type SignerIdentifier, type UnverifiedSigner } from './signer-info.js';

export type SignerCertificate =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly code: VerdictCode; readonly certificate: null };

/**
 * The enclosed certificate that a SignerInfo names.
 *
 * @returns `SIGNATURE_CERTIFICATE_MISSING` where none fits, `SIGNATURE_CERTIFICATE_MISMATCH` where two different ones do, and
 *   what is wrong with it where it was set aside as unreadable
 */
export function findSignerCertificate(
  { certificates, setAside }: UnverifiedCms,
  { identifier }: UnverifiedSigner,
): SignerCertificate {
  const [certificate, second] = certificates.filter((candidate) =>
    identifier.kind === 'issuer-and-serial'
      ? isNamedBy(candidate.issuer.der, candidate.serialNumber, identifier)
      : candidate.subjectKeyId !== null && sameOctets(candidate.subjectKeyId, identifier.keyIdentifier),
  );
  if (second !== undefined) return missing('SIGNATURE_CERTIFICATE_MISMATCH');
  if (certificate !== undefined) return { ok: true, certificate };
  const damaged = setAside.find(
    (one) =>
      identifier.kind === 'issuer-and-serial' &&
      one.identifier !== null &&
      isNamedBy(one.identifier.issuer, one.identifier.serialNumber, identifier),
  );
  // With one that says nothing of itself the missing one is most likely there, damaged.
  const nameless = setAside.find((one) => one.identifier === null || identifier.kind === 'key-identifier');
  return missing((damaged ?? nameless)?.code ?? 'SIGNATURE_CERTIFICATE_MISSING');
}

function missing(code: VerdictCode): SignerCertificate {
  return { ok: false, code, certificate: null };
}

function isNamedBy(
  issuer: Uint8Array,
  serialNumber: string,
  identifier: Extract<SignerIdentifier, { kind: 'issuer-and-serial' }>,
): boolean {
  return serialNumber === identifier.serialNumber && sameOctets(issuer, identifier.issuer);
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
