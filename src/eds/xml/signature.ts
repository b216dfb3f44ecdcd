import { decodeBase64 } from '../asn1/base64.js';
import { chooseScheme, type SignatureScheme } from '../algorithms/scheme.js';
import { type Certificate, parseCertificate } from '../certificate/certificate.js';
import { EdsError, type ReasonCode } from '../error.js';
import { digestMethod, signatureMethod } from './algorithms.js';
import { CANONICAL_FORMS, canonicalise, ENVELOPED, type XmlNode } from './engine.js';
import { XMLDSIG } from './scanner.js';

/** One XML signature, consistent in itself, nothing computed with its key yet. */
interface XmlClaim {
  readonly certificate: Certificate;
  readonly scheme: SignatureScheme;
  /** The document without the signature in canonical form: what is signed, and all of it. */
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
  readonly verifySignature: () => boolean;
}

/** How far reading came: the step that refused it, and what was known by then. */
export type XmlClaimResult =
  | { readonly ok: true; readonly claim: XmlClaim }
  | {
      readonly ok: false;
      readonly step: 'structure' | 'digest' | 'signature';
      readonly code: ReasonCode;
      readonly certificate: Certificate | null;
      readonly scheme: SignatureScheme | null;
    };

/**
 * Reads one enveloped signature (XMLDSig §4). Stricter than the standard on purpose: exactly one reference, to the whole document,
 * and nothing in the signature that is neither signed nor needed, so that there is nothing to wrap anything in.
 *
 * @param text the scanned document with no later signature in it
 * @param signature its last `ds:Signature`
 * @throws EdsError `XML_MALFORMED`, `PEM_MALFORMED`, `CERTIFICATE_MALFORMED`, `ASN1_*`
 */
export function readXmlClaim(text: string, signature: XmlNode): XmlClaimResult {
  const known: { certificate: Certificate | null; scheme: SignatureScheme | null } = {
    certificate: null,
    scheme: null,
  };
  const refuse = (step: 'structure' | 'digest' | 'signature', code: ReasonCode): XmlClaimResult => ({
    ok: false,
    step,
    code,
    ...known,
  });

  const [signedInfo, signatureValue, ...others] = elementsOf(signature, ['SignedInfo', 'SignatureValue']);
  if (signedInfo === undefined || signatureValue === undefined) throw malformed();
  // Objects, XAdES properties among them, would be unsigned or need further references.
  if (others.some(({ localName }) => localName !== 'KeyInfo') || others.length > 1) {
    return refuse('structure', 'SIGNATURE_CONTENT_UNEXPECTED');
  }
  const value = decodeBase64(Buffer.from(textOf(signatureValue), 'utf8'));
  const certificate = certificateOf(others[0]);
  if (certificate === null) return refuse('structure', 'SIGNATURE_CERTIFICATE_MISSING');
  known.certificate = certificate;

  const info = readSignedInfo(signedInfo);
  if (info === null || signature.parentNode?.nodeType !== ELEMENT) {
    return refuse('structure', 'SIGNATURE_CONTENT_UNEXPECTED');
  }
  const method = signatureMethod(info.signatureUri);
  const digest = digestMethod(info.digestUri);
  if (method === null || digest === null) return refuse('signature', 'SIGNATURE_ALGORITHM_FORBIDDEN');
  const choice = chooseScheme(certificate.publicKey, method, digest.algorithm);
  if (!choice.ok) return refuse('signature', choice.code);
  const { scheme } = choice;
  known.scheme = scheme;

  const covered = canonicalise(text, signature);
  if (covered === null) return refuse('digest', 'SIGNATURE_CONTENT_MISMATCH');
  return {
    ok: true,
    claim: {
      certificate,
      scheme,
      content: covered.content,
      signature: value,
      verifySignature: () => scheme.verify(covered.signedInfo, value),
    },
  };
}

interface SignedInfo {
  readonly signatureUri: string;
  readonly digestUri: string;
}

/** `null` when the signature covers something else than the document as a whole, or in a way that is not allowed. */
function readSignedInfo(element: XmlNode): SignedInfo | null {
  const [canonical, method, reference, ...more] = elementsOf(element, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ]);
  if (canonical === undefined || method === undefined || reference === undefined) throw malformed();
  const [transforms, digestMethodElement, digestValue, ...rest] = elementsOf(reference, [
    'Transforms',
    'DigestMethod',
    'DigestValue',
  ]);
  if (transforms === undefined || digestMethodElement === undefined || digestValue === undefined)
    throw malformed();
  // Refuses what is no base64; the value itself is compared where the digest is computed.
  decodeBase64(Buffer.from(textOf(digestValue), 'utf8'));
  const steps = elementsOf(transforms, []).map((transform) =>
    transform.localName === 'Transform' ? algorithmOf(transform) : '',
  );
  const [first, ...forms] = steps;
  const wholeDocument = attributeOf(reference, 'URI') === '' && attributeOf(reference, 'Type') === null;
  const allowed =
    CANONICAL_FORMS.includes(algorithmOf(canonical)) &&
    first === ENVELOPED &&
    forms.length <= 2 &&
    forms.every((form) => CANONICAL_FORMS.includes(form));
  if (more.length > 0 || rest.length > 0 || !wholeDocument || !allowed) return null;
  return { signatureUri: algorithmOf(method), digestUri: algorithmOf(digestMethodElement) };
}

/** The certificate the signer enclosed, whoever that is: one certificate, so that there is nothing to choose. */
function certificateOf(keyInfo: XmlNode | undefined): Certificate | null {
  if (keyInfo === undefined) return null;
  const certificates = elementsOf(keyInfo, [])
    .filter(({ localName }) => localName === 'X509Data')
    .flatMap((data) => elementsOf(data, []).filter(({ localName }) => localName === 'X509Certificate'));
  const [first] = certificates;
  return first === undefined ? null : parseCertificate(decodeBase64(Buffer.from(textOf(first), 'utf8')));
}

const ELEMENT = 1;
const TEXT = 3;

/** The child elements, all of XMLDSig's namespace, the first of them with the given names; between them only white space. */
function elementsOf(parent: XmlNode, names: readonly string[]): readonly XmlNode[] {
  const elements: XmlNode[] = [];
  for (const child of Array.from(parent.childNodes)) {
    if (child.nodeType === ELEMENT && child.namespaceURI === XMLDSIG) elements.push(child);
    else if (child.nodeType !== TEXT || /\S/.test(child.data ?? '')) throw malformed();
  }
  if (names.some((name, index) => elements[index]?.localName !== name)) throw malformed();
  return elements;
}

/** The text of an element that holds nothing else: a comment inside a value could hide a part of it from one reader. */
function textOf(element: XmlNode): string {
  const children = Array.from(element.childNodes);
  if (children.length === 0 || children.some(({ nodeType }) => nodeType !== TEXT)) throw malformed();
  return children.map(({ data }) => data ?? '').join('');
}

/** The Algorithm of an element that has no parameters: an HMAC length or an XSLT sheet would stand inside it. */
function algorithmOf(element: XmlNode): string {
  if (elementsOf(element, []).length > 0) return '';
  return attributeOf(element, 'Algorithm') ?? '';
}

function attributeOf(element: XmlNode, name: string): string | null {
  return Array.from(element.attributes ?? []).find((attribute) => attribute.name === name)?.value ?? null;
}

function malformed(): EdsError {
  return new EdsError('XML_MALFORMED', 'the signature element is not as XMLDSig writes it');
}
