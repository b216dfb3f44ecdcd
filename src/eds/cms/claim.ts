import { computeDigest, type DigestName } from '../algorithms/digest.js';
import { chooseScheme, type SignatureScheme } from '../algorithms/scheme.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameOctets } from '../asn1/values.js';
import { EdsError, type NoteCode, type VerdictCode } from '../error.js';
import { couldBeSignedAttributes, readSignedAttributes, type SignedAttributes } from './attributes.js';
import { findSignerCertificate, namesCertificate } from './signer-certificate.js';
import { type UnverifiedCms } from './signed-data.js';
import { type UnverifiedSigner } from './signer-info.js';

/** What one SignerInfo claims, made consistent in itself but not yet proved: only `verifySignature` computes anything with a key. */
export interface CmsClaim {
  readonly certificate: Certificate;
  readonly scheme: SignatureScheme;
  /** `null` for a signature directly over the content. */
  readonly attributes: SignedAttributes | null;
  readonly verifySignature: () => boolean;
  /** What is unusual about it and decides nothing. Complete once the signature has been verified. */
  readonly notes: () => readonly NoteCode[];
}

/** How far reading a claim came: the step that refused it, and what was known by then. */
export type CmsClaimResult =
  | { readonly ok: true; readonly claim: CmsClaim }
  | {
      readonly ok: false;
      readonly step: 'structure' | 'digest' | 'signature';
      readonly code: VerdictCode;
      readonly certificate: Certificate | null;
      readonly scheme: SignatureScheme | null;
      readonly attributes: SignedAttributes | null;
    };

/** Computes the digest of one content once per algorithm, however many signers there are. */
export type ContentDigest = (name: DigestName) => Uint8Array;

export function createContentDigest(content: Uint8Array): ContentDigest {
  const known = new Map<DigestName, Uint8Array>();
  return (name) => {
    const digest = known.get(name) ?? computeDigest(name, content);
    known.set(name, digest);
    return digest;
  };
}

/**
 * Checks everything about a SignerInfo that needs no arithmetic with keys: signer certificate enclosed, attributes well formed
 * (RFC 5652 §11), algorithms on the allow-list and in agreement, messageDigest equal to the digest of the content, ESS
 * attributes naming the certificate.
 *
 * @param contentType what the content must be, as an OID
 * @param content the octets that should have been signed; `null` when they are not at hand
 */
export function readClaim(
  cms: UnverifiedCms,
  signer: UnverifiedSigner,
  contentType: string,
  content: { readonly octets: Uint8Array; readonly digest: ContentDigest } | null,
): CmsClaimResult {
  const known: {
    certificate: Certificate | null;
    scheme: SignatureScheme | null;
    attributes: SignedAttributes | null;
  } = { certificate: null, scheme: null, attributes: null };
  const refuse = (step: 'structure' | 'digest' | 'signature', code: VerdictCode): CmsClaimResult => ({
    ok: false,
    step,
    code,
    ...known,
  });

  const found = findSignerCertificate(cms, signer);
  if (!found.ok) return refuse('structure', found.code);
  const { certificate } = found;
  known.certificate = certificate;

  const signed = attributesOf(signer, certificate);
  if (typeof signed === 'string') return refuse('structure', signed);
  const { attributes } = signed;
  known.attributes = attributes;
  if (cms.contentType !== contentType) return refuse('structure', 'SIGNATURE_CONTENT_UNEXPECTED');
  if (attributes !== null && attributes.contentType !== contentType) {
    return refuse('structure', 'SIGNATURE_ATTRIBUTES_INVALID');
  }

  const choice = chooseScheme(certificate.publicKey, signer.signatureAlgorithm, signer.digestAlgorithm);
  if (!choice.ok) return refuse('signature', choice.code);
  const { scheme } = choice;
  known.scheme = scheme;

  if (content === null) return refuse('digest', 'SIGNATURE_CONTENT_MISSING');
  if (attributes !== null && !sameOctets(attributes.messageDigest, content.digest(scheme.digest))) {
    return refuse('digest', 'SIGNATURE_CONTENT_MISMATCH');
  }
  if (attributes === null && couldBeSignedAttributes(content.octets)) {
    return refuse('structure', 'SIGNATURE_ATTRIBUTES_INVALID');
  }
  const verification = verificationOf(signer, content.octets, certificate, scheme, attributes);
  return { ok: true, claim: { certificate, scheme, attributes, ...verification } };
}

/**
 * The signature covers the attributes as they came or, where that is not their DER, their DER (RFC 5652 §5.4): both say the
 * same, and signers compute either.
 */
function verificationOf(
  { signed, signature }: UnverifiedSigner,
  content: Uint8Array,
  certificate: Certificate,
  scheme: SignatureScheme,
  attributes: SignedAttributes | null,
): Pick<CmsClaim, 'verifySignature' | 'notes'> {
  let reordered = false;
  return {
    verifySignature: () => {
      if (scheme.verify(signed?.octets ?? content, signature)) return true;
      const { derForm } = signed ?? { derForm: null };
      reordered = derForm !== null && scheme.verify(derForm, signature);
      return reordered;
    },
    notes: () => [
      ...(reordered ? (['ATTRIBUTES_UNSORTED'] as const) : []),
      ...(attributes?.signingTimeUnreadable === true ? (['SIGNING_TIME_UNREADABLE'] as const) : []),
      ...(certificate.unreadable.length > 0 ? (['CERTIFICATE_TEXT_UNREADABLE'] as const) : []),
    ],
  };
}

function attributesOf(
  { signed }: UnverifiedSigner,
  certificate: Certificate,
): { readonly attributes: SignedAttributes | null } | VerdictCode {
  if (signed === null) return { attributes: null };
  try {
    const attributes = readSignedAttributes(signed.attributes);
    return namesCertificate(attributes, certificate) ? { attributes } : 'SIGNATURE_CERTIFICATE_MISMATCH';
  } catch (error) {
    if (error instanceof EdsError) return 'SIGNATURE_ATTRIBUTES_INVALID';
    throw error;
  }
}
