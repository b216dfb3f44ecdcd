import { type LabKey } from '../lab-key.js';
import { type KeyAlgorithm } from '../private-key.js';
import { canonicalDocument, canonicalElement, type XmlForm } from './canonical.js';
import { elementsNamed, elementWithId, parseXml } from './document.js';

/** Ways of signing XML other than НУЦ РК's, and defects. */
export interface XmlSignatureOptions {
  /** RSA only: SHA-1 with the two non-standard URIs old НУЦ РК software wrote. */
  readonly sha1?: boolean;
  /** The digest is of this document instead. */
  readonly digestOf?: string;
  readonly spoilSignature?: boolean;
  readonly withoutCertificate?: boolean;
  /** Reference URI: empty for the whole document, `#…` for the element with this identifier. */
  readonly uri?: string;
  /** The form of SignedInfo; НУЦ РК's is Canonical XML 1.0. */
  readonly signedInfoForm?: XmlForm;
  /** Transforms of the reference. */
  readonly transforms?: readonly ('enveloped' | XmlForm)[];
  /** The signature goes before this text instead of the end of the document element. */
  readonly before?: string;
  /** Certificates in DER, each list in an X509Data of its own; the signer's by default. */
  readonly certificates?: readonly (readonly Uint8Array[])[];
  /** The content of KeyInfo instead of certificates. */
  readonly keyInfo?: string;
}

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
const XMLDSIG_MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const PKIGOVKZ = 'urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const FORM_URIS: Readonly<Record<XmlForm['method'], readonly [plain: string, withComments: string]>> = {
  inclusive: [
    'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
    'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  ],
  'inclusive-1.1': [
    'http://www.w3.org/2006/12/xml-c14n11',
    'http://www.w3.org/2006/12/xml-c14n11#WithComments',
  ],
  exclusive: [EXCLUSIVE, `${EXCLUSIVE}WithComments`],
};

const METHODS: Readonly<Record<KeyAlgorithm, { readonly signature: string; readonly digest: string }>> = {
  'rsa-2048': { signature: `${XMLDSIG_MORE}rsa-sha256`, digest: 'http://www.w3.org/2001/04/xmlenc#sha256' },
  'gost2004-256': {
    signature: `${XMLDSIG_MORE}gost34310-gost34311`,
    digest: `${XMLDSIG_MORE}gost34311`,
  },
  'gost2015-256': {
    signature: `${PKIGOVKZ}gostr34102015-gostr34112015-256`,
    digest: `${PKIGOVKZ}gostr34112015-256`,
  },
  'gost2015-512': {
    signature: `${PKIGOVKZ}gostr34102015-gostr34112015-512`,
    digest: `${PKIGOVKZ}gostr34112015-512`,
  },
};
const SHA1_METHODS = { signature: `${XMLDSIG_MORE}rsa-sha1`, digest: `${XMLDSIG_MORE}sha1` };

/**
 * Signs a document, as NCALayer does unless told otherwise: an enveloped signature as the last child of the document element, base64
 * broken by `&#13;` and LF. Signing a signed document covers the first signature too. Comments are never covered: a reference to
 * the same document is to nodes without them (XMLDSig §4.4.3.3), whatever the transforms are called.
 */
export function signXml(key: LabKey, xml: string, options: XmlSignatureOptions = {}): string {
  const sha1 = options.sha1 === true && key.algorithm === 'rsa-2048';
  const methods = sha1 ? SHA1_METHODS : METHODS[key.algorithm];
  const scheme = sha1 ? 'sha1' : undefined;
  const form = options.signedInfoForm ?? { method: 'inclusive' };
  const transforms = options.transforms ?? ['enveloped', { method: 'inclusive', comments: true }];
  const uri = options.uri ?? '';
  const digest = key.privateKey.digest(utf8(covered(options.digestOf ?? xml, uri, transforms)), scheme);
  const signedInfo = [
    '<ds:SignedInfo>',
    formElement('CanonicalizationMethod', form),
    `<ds:SignatureMethod Algorithm="${methods.signature}"/>`,
    `<ds:Reference URI="${uri}">`,
    ...(transforms.length === 0
      ? []
      : [
          '<ds:Transforms>',
          ...transforms.map((transform) =>
            transform === 'enveloped'
              ? `<ds:Transform Algorithm="${XMLDSIG}enveloped-signature"/>`
              : formElement('Transform', transform),
          ),
          '</ds:Transforms>',
        ]),
    `<ds:DigestMethod Algorithm="${methods.digest}"/>`,
    `<ds:DigestValue>${base64(digest)}</ds:DigestValue>`,
    '</ds:Reference>',
    '</ds:SignedInfo>',
  ].join('\n');
  // SignedInfo inherits the namespaces around it, so it is canonicalised where it will stand
  const placed = parseXml(place(xml, signature(signedInfo, PLACEHOLDER, null), options.before));
  const own = elementsNamed(placed, 'Signature').find((element) =>
    elementsNamed([element], 'SignatureValue').some(({ children }) =>
      children.some((child) => child.kind === 'text' && child.text.trim() === PLACEHOLDER),
    ),
  );
  const [placedInfo] = own ? elementsNamed([own], 'SignedInfo') : [];
  if (!placedInfo) throw new Error('the signature was not placed');
  const value = key.privateKey.sign(utf8(canonicalElement(placed, placedInfo, form)), scheme);
  if (options.spoilSignature) value[0] = (value[0] ?? 0) ^ 1;
  const keyInfo = options.withoutCertificate
    ? null
    : (options.keyInfo ?? x509Data(options.certificates ?? [[key.certificate]]));
  return place(xml, signature(signedInfo, base64(value), keyInfo), options.before);
}

const PLACEHOLDER = '=';

/** What the reference covers: the document as it is before this signature is put into it. */
function covered(xml: string, uri: string, transforms: readonly ('enveloped' | XmlForm)[]): string {
  const [first, ...others] = transforms.filter((transform) => transform !== 'enveloped');
  const nodes = parseXml(xml);
  const form: XmlForm = { ...(first ?? { method: 'inclusive' }), comments: false };
  const element = uri === '' ? null : elementWithId(nodes, uri.slice(1));
  const text = element ? canonicalElement(nodes, element, form) : canonicalDocument(nodes, form);
  return others.reduce((octets, next) => canonicalDocument(parseXml(octets), next), text);
}

function formElement(name: string, { method, comments = false, prefixes }: XmlForm): string {
  const uri = FORM_URIS[method][comments ? 1 : 0];
  if (prefixes === undefined) return `<ds:${name} Algorithm="${uri}"/>`;
  const list = `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${prefixes.join(' ')}"/>`;
  return `<ds:${name} Algorithm="${uri}">${list}</ds:${name}>`;
}

function x509Data(certificates: readonly (readonly Uint8Array[])[]): string {
  return certificates
    .map((list) =>
      [
        '<ds:X509Data>',
        ...list.flatMap((der) => ['<ds:X509Certificate>', base64(der), '</ds:X509Certificate>']),
        '</ds:X509Data>',
      ].join('\n'),
    )
    .join('\n');
}

function signature(signedInfo: string, value: string, keyInfo: string | null): string {
  return [
    `<ds:Signature xmlns:ds="${XMLDSIG}">`,
    signedInfo,
    '<ds:SignatureValue>',
    value,
    '</ds:SignatureValue>',
    ...(keyInfo === null ? [] : ['<ds:KeyInfo>', keyInfo, '</ds:KeyInfo>']),
    '</ds:Signature>',
  ].join('\n');
}

/** The document with `addition` before the given text, or as last child of its document element. */
function place(xml: string, addition: string, before: string | undefined): string {
  if (before !== undefined) {
    const at = xml.indexOf(before);
    if (at === -1) throw new Error('the place of the signature is not in the document');
    return xml.slice(0, at) + addition + xml.slice(at);
  }
  const end = /<\/[^<>]+>(?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>)*$/.exec(xml);
  if (end) return xml.slice(0, end.index) + addition + xml.slice(end.index);
  const empty = /<([^\s/<>!?]+)([^<>]*)\/>\s*$/.exec(xml);
  if (!empty) throw new Error('no document element');
  const [, name = '', attributes = ''] = empty;
  return `${xml.slice(0, empty.index)}<${name}${attributes}>${addition}</${name}>`;
}

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
const base64 = (bytes: Uint8Array): string =>
  (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('&#13;\n');
