import { type CanonicalForm, canonicalFormOf, DEFAULT_FORM, EXCLUSIVE_C14N } from './canonical-form.js';
import { childElements, notSupported, notXmlDsig, octetsOf, signatureParts } from './elements.js';
import { attributeOf, isSignaturePart, type XmlElement, XMLDSIG } from './tree.js';

const ENVELOPED = `${XMLDSIG}enveloped-signature`;

/** What one signature says it covers (XMLDSig §4.4.3), its transforms read. */
export interface XmlReference {
  /** `null` where the application is supposed to know. */
  readonly uri: string | null;
  /** Whether the signature that contains the reference is left out of what it covers. */
  readonly enveloped: boolean;
  /** Canonical forms, one after the other; at least one. */
  readonly forms: readonly CanonicalForm[];
  /** The URI of the digest. */
  readonly digestMethod: string;
  readonly digest: Uint8Array;
}

/** One `ds:Signature` as read: nothing looked up, computed or trusted. */
export interface UnverifiedXmlSignature {
  readonly element: XmlElement;
  readonly signedInfo: XmlElement;
  /** The form of `signedInfo` that is signed. */
  readonly form: CanonicalForm;
  /** The URI of the signature algorithm; empty for one with parameters. */
  readonly method: string;
  readonly reference: XmlReference;
  readonly value: Uint8Array;
  readonly keyInfo: XmlElement | null;
}

/**
 * Reads a `ds:Signature` (XMLDSig §4): exactly one reference, and nothing in the signature that is neither signed nor needed.
 *
 * @throws EdsError `XML_MALFORMED` for what XMLDSig does not allow, `FORMAT_NOT_SUPPORTED` for what it allows and is not judged
 *   here: objects, XAdES properties among them, several references, other transforms
 */
export function readXmlSignature(element: XmlElement): UnverifiedXmlSignature {
  const [signedInfo, signatureValue, ...others] = signatureParts(element, ['SignedInfo', 'SignatureValue']);
  if (signedInfo === undefined || signatureValue === undefined) throw notXmlDsig();
  const keyInfo = others[0]?.local === 'KeyInfo' ? others[0] : null;
  const objects = keyInfo === null ? others : others.slice(1);
  if (objects.some(({ local }) => local !== 'Object')) throw notXmlDsig();
  // Unsigned, or covered by a further reference.
  if (objects.length > 0) throw notSupported('the signature has objects of its own');
  const [canonical, method, reference, ...more] = signatureParts(signedInfo, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ]);
  if (canonical === undefined || method === undefined || reference === undefined) throw notXmlDsig();
  if (!more.every(({ local }) => local === 'Reference')) throw notXmlDsig();
  if (more.length > 0) throw notSupported('the signature has several references');
  return {
    element,
    signedInfo,
    form: readForm(canonical),
    method: algorithmOf(method),
    reference: readReference(reference),
    value: octetsOf(signatureValue),
    keyInfo,
  };
}

function readReference(element: XmlElement): XmlReference {
  const parts = signatureParts(element, []);
  const transforms = parts[0]?.local === 'Transforms' ? parts[0] : null;
  const [method, value, ...others] = transforms === null ? parts : parts.slice(1);
  if (method?.local !== 'DigestMethod' || value?.local !== 'DigestValue' || others.length > 0)
    throw notXmlDsig();
  // A manifest has references of its own.
  if (attributeOf(element, 'Type') !== null)
    throw notSupported('the reference is to a part of the signature');
  const steps = transforms === null ? [] : signatureParts(transforms, ['Transform']);
  const [first] = steps;
  const enveloped = first !== undefined && attributeOf(first, 'Algorithm') === ENVELOPED;
  if (enveloped && childElements(first).length > 0) throw notSupported('a transform has parameters');
  const forms = steps.slice(enveloped ? 1 : 0).map(readForm);
  if (forms.length > MAX_FORMS) throw notSupported('the reference has more transforms than signers write');
  return {
    uri: attributeOf(element, 'URI'),
    enveloped,
    forms: forms.length === 0 ? [DEFAULT_FORM] : forms,
    digestMethod: algorithmOf(method),
    digest: octetsOf(value),
  };
}

const MAX_FORMS = 2;

/** The canonical form a `Transform` or `CanonicalizationMethod` names, with its `InclusiveNamespaces`. */
function readForm(element: XmlElement): CanonicalForm {
  if (!isSignaturePart(element, 'Transform') && !isSignaturePart(element, 'CanonicalizationMethod'))
    throw notXmlDsig();
  const [list, ...others] = childElements(element);
  const form = canonicalFormOf(
    attributeOf(element, 'Algorithm') ?? '',
    list === undefined ? [] : readPrefixes(list),
  );
  if (form === null) throw notSupported('a transform is not one of the canonical forms');
  if (others.length > 0 || (list !== undefined && form.family !== 'exclusive')) {
    throw notSupported('a canonical form has parameters that are not read');
  }
  return form;
}

function readPrefixes(list: XmlElement): readonly string[] {
  const known = list.namespace === EXCLUSIVE_C14N && list.local === 'InclusiveNamespaces';
  if (!known || list.children.length > 0) throw notSupported('a transform has parameters that are not read');
  const prefixes = (attributeOf(list, 'PrefixList') ?? '')
    .split(/[ \t\r\n]+/)
    .filter((prefix) => prefix !== '');
  return prefixes.map((prefix) => (prefix === '#default' ? '' : prefix));
}

/** The Algorithm of an element that has no parameters; the length of an HMAC would stand inside it. */
function algorithmOf(element: XmlElement): string {
  return childElements(element).length > 0 ? '' : (attributeOf(element, 'Algorithm') ?? '');
}
