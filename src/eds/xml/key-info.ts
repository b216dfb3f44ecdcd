import { type Certificate, parseCertificate } from '../certificate/certificate.js';
import { EdsError, isFormatCode } from '../error.js';
import { childElements, notSupported, notXmlDsig, octetsOf, signatureParts, textOf } from './elements.js';
import { type ElementFinder } from './identifiers.js';
import { tooLarge, XML_LIMITS } from './limits.js';
import { attributeOf, elementsWithin, isSignaturePart, type XmlElement } from './tree.js';

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const X509_V3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
const BASE64 =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

/** What a signer encloses about the key (XMLDSig §4.5, WS-Security X.509 token profile §3.2). None of it is signed. */
export interface KeyInfo {
  /** Without repetitions, in the order of the document. */
  readonly certificates: readonly Certificate[];
  /** Serial numbers of X509IssuerSerial, in decimal. */
  readonly serials: ReadonlySet<string>;
  /** Modulus and exponent of the RSAKeyValue elements. */
  readonly rsaKeys: readonly { readonly modulus: Uint8Array; readonly exponent: Uint8Array }[];
  /** Certificates that cannot be read. */
  readonly unreadable: readonly EdsError[];
}

interface Findings {
  readonly certificates: Map<string, Certificate>;
  readonly serials: Set<string>;
  readonly rsaKeys: { readonly modulus: Uint8Array; readonly exponent: Uint8Array }[];
  readonly unreadable: EdsError[];
}

/**
 * Reads a KeyInfo of known parts. It is not signed, so that anything else in it would go with a good signature unseen: an element
 * or an attribute that is not on the list makes the signature one that is not judged.
 *
 * @param find finds the security token a reference is to
 * @throws EdsError `FORMAT_NOT_SUPPORTED`, `XML_MALFORMED`, `FORMAT_TOO_LARGE`
 */
export function readKeyInfo(keyInfo: XmlElement | null, find: ElementFinder): KeyInfo {
  const findings: Findings = { certificates: new Map(), serials: new Set(), rsaKeys: [], unreadable: [] };
  for (const element of keyInfo === null ? [] : childElements(keyInfo)) {
    if (isSignaturePart(element, 'X509Data')) readX509Data(element, findings);
    else if (isSignaturePart(element, 'KeyValue')) readKeyValue(element, findings);
    else if (isSignaturePart(element, 'KeyName')) textOf(element);
    else if (isToken(element, 'SecurityTokenReference')) readTokenReference(element, find, findings);
    else throw unknownPart();
  }
  return { ...findings, certificates: [...findings.certificates.values()] };
}

function readX509Data(data: XmlElement, findings: Findings): void {
  for (const element of signatureParts(data, [])) {
    switch (element.local) {
      case 'X509Certificate':
        addCertificate(element, findings);
        break;
      case 'X509IssuerSerial':
        findings.serials.add(readSerial(element));
        break;
      case 'X509SubjectName':
        textOf(element);
        break;
      case 'X509SKI':
      case 'X509CRL':
        octetsOf(element);
        break;
      default:
        throw unknownPart();
    }
  }
}

function readSerial(element: XmlElement): string {
  const [issuer, serial, ...others] = signatureParts(element, ['X509IssuerName', 'X509SerialNumber']);
  if (issuer === undefined || serial === undefined || others.length > 0) throw notXmlDsig();
  textOf(issuer);
  const number = textOf(serial).trim();
  if (!/^-?[0-9]{1,64}$/.test(number)) throw notXmlDsig();
  return BigInt(number).toString();
}

function readKeyValue(element: XmlElement, findings: Findings): void {
  const [key, ...others] = childElements(element);
  if (key === undefined || others.length > 0) throw notXmlDsig();
  if (!isSignaturePart(key, 'RSAKeyValue')) throw unknownPart();
  const [modulus, exponent, ...more] = signatureParts(key, ['Modulus', 'Exponent']);
  if (modulus === undefined || exponent === undefined || more.length > 0) throw notXmlDsig();
  findings.rsaKeys.push({ modulus: octetsOf(modulus), exponent: octetsOf(exponent) });
}

/** A certificate that is enclosed, one among the security tokens of the message, or merely a name for one. */
function readTokenReference(reference: XmlElement, find: ElementFinder, findings: Findings): void {
  const [element, ...others] = childElements(reference);
  if (element === undefined || others.length > 0) throw unknownPart();
  if (isSignaturePart(element, 'X509Data')) readX509Data(element, findings);
  else if (isToken(element, 'KeyIdentifier')) {
    if (attributeOf(element, 'ValueType') === X509_V3) readToken(element, findings);
    else octetsOf(element);
  } else if (isToken(element, 'Reference') && element.children.length === 0) {
    const token = find(attributeOf(element, 'URI') ?? '');
    if (!isToken(token, 'BinarySecurityToken')) throw unknownPart();
    readToken(token, findings);
  } else throw unknownPart();
}

function readToken(token: XmlElement, findings: Findings): void {
  const encoding = attributeOf(token, 'EncodingType') ?? BASE64;
  if (attributeOf(token, 'ValueType') !== X509_V3 || encoding !== BASE64) {
    throw notSupported('the security token is not a certificate in base64');
  }
  addCertificate(token, findings);
}

/** Only the certificate of the signer need be readable. */
function addCertificate(element: XmlElement, { certificates, unreadable }: Findings): void {
  if (certificates.size + unreadable.length >= XML_LIMITS.certificates) {
    throw tooLarge('the signature encloses more certificates than are looked at');
  }
  // What stands inside a certificate and is none of it does not go aside with it.
  textOf(element);
  try {
    const certificate = parseCertificate(octetsOf(element));
    certificates.set(certificate.sha256, certificate);
  } catch (error) {
    if (!(error instanceof EdsError) || !isFormatCode(error.code)) throw error;
    unreadable.push(error);
  }
}

const ATTRIBUTES: ReadonlySet<string> = new Set([
  'Id',
  'URI',
  'ValueType',
  'EncodingType',
  'Usage',
  'TokenType',
]);

/**
 * Looks for attributes that no one would see although they stand in a good signature: SignedInfo is signed, everything else is not.
 *
 * @throws EdsError `FORMAT_NOT_SUPPORTED`
 */
export function checkUnsignedAttributes(signature: XmlElement, signedInfo: XmlElement): void {
  const parts = [signature, ...signature.children];
  for (const part of parts) {
    if (part.kind !== 'element' || part === signedInfo) continue;
    for (const { attributes } of part === signature ? [part] : elementsWithin(part)) {
      if (attributes.some(({ local }) => !ATTRIBUTES.has(local)))
        throw notSupported('the signature has an attribute that is not known');
    }
  }
}

function isToken(element: XmlElement, local: string): boolean {
  return element.namespace === WSSE && element.local === local;
}

function unknownPart(): EdsError {
  return notSupported('the key information has a part that is not known');
}
