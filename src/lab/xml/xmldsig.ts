import { type LabKey } from '../lab-key.js';
import { type KeyAlgorithm } from '../private-key.js';
import { canonicalDocument, canonicalElement } from './canonical.js';
import { elementsNamed, parseXml } from './document.js';

/** Defects of an XML signature. */
export interface XmlSignatureOptions {
  /** RSA only: SHA-1 with the two non-standard URIs old НУЦ РК software wrote. */
  readonly sha1?: boolean;
  /** The digest is of this document instead. */
  readonly digestOf?: string;
  readonly spoilSignature?: boolean;
  readonly withoutCertificate?: boolean;
  /** Reference URI; НУЦ РК's is empty, meaning the whole document. */
  readonly uri?: string;
}

const XMLDSIG_MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const PKIGOVKZ = 'urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

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
 * Signs a document as NCALayer does: an enveloped signature as the last child of the document element, base64 broken by `&#13;` and LF. Signing
 * a signed document covers the first signature too.
 */
export function signXml(key: LabKey, xml: string, options: XmlSignatureOptions = {}): string {
  const sha1 = options.sha1 === true && key.algorithm === 'rsa-2048';
  const methods = sha1 ? SHA1_METHODS : METHODS[key.algorithm];
  const scheme = sha1 ? 'sha1' : undefined;
  const covered = canonicalDocument(parseXml(options.digestOf ?? xml), true);
  const digest = key.privateKey.digest(utf8(covered), scheme);
  const signedInfo = [
    '<ds:SignedInfo>',
    `<ds:CanonicalizationMethod Algorithm="${C14N}"/>`,
    `<ds:SignatureMethod Algorithm="${methods.signature}"/>`,
    `<ds:Reference URI="${options.uri ?? ''}">`,
    '<ds:Transforms>',
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>',
    `<ds:Transform Algorithm="${C14N}#WithComments"/>`,
    '</ds:Transforms>',
    `<ds:DigestMethod Algorithm="${methods.digest}"/>`,
    `<ds:DigestValue>${base64(digest)}</ds:DigestValue>`,
    '</ds:Reference>',
    '</ds:SignedInfo>',
  ].join('\n');
  // SignedInfo inherits the namespaces around it, so it is canonicalised where it will stand
  const placed = parseXml(enveloped(xml, signature(signedInfo, '', null)));
  const own = elementsNamed(placed, 'SignedInfo').at(-1);
  if (!own) throw new Error('the signature was not placed');
  const value = key.privateKey.sign(utf8(canonicalElement(placed, own)), scheme);
  if (options.spoilSignature) value[0] = (value[0] ?? 0) ^ 1;
  const certificate = options.withoutCertificate ? null : key.certificate;
  return enveloped(xml, signature(signedInfo, base64(value), certificate));
}

function signature(signedInfo: string, value: string, certificate: Uint8Array | null): string {
  const keyInfo = certificate
    ? [
        '<ds:KeyInfo>',
        '<ds:X509Data>',
        '<ds:X509Certificate>',
        base64(certificate),
        '</ds:X509Certificate>',
        '</ds:X509Data>',
        '</ds:KeyInfo>',
      ]
    : [];
  return [
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
    signedInfo,
    '<ds:SignatureValue>',
    value,
    '</ds:SignatureValue>',
    ...keyInfo,
    '</ds:Signature>',
  ].join('\n');
}

/** The document with `addition` as last child of its document element. */
function enveloped(xml: string, addition: string): string {
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
