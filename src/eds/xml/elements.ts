import { decodeBase64 } from '../asn1/base64.js';
import { EdsError } from '../error.js';
import { isSignaturePart, type XmlElement } from './tree.js';

/**
 * The child elements of an element that holds nothing else. Comments between them say nothing; a processing instruction could.
 *
 * @throws EdsError `XML_MALFORMED`, `FORMAT_NOT_SUPPORTED`
 */
export function childElements(parent: XmlElement): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  for (const child of parent.children) {
    if (child.kind === 'element') elements.push(child);
    else if (child.kind === 'instruction') throw notSupported('there is an instruction within the signature');
    else if (child.kind === 'text' && /[^ \t\r\n]/.test(child.text)) throw notXmlDsig();
  }
  return elements;
}

/** The same where all are of XMLDSig's namespace, the first of them with the given names. */
export function signatureParts(parent: XmlElement, names: readonly string[]): readonly XmlElement[] {
  const elements = childElements(parent);
  if (!elements.every((element) => isSignaturePart(element, element.local))) throw notXmlDsig();
  if (names.some((name, index) => elements[index]?.local !== name)) throw notXmlDsig();
  return elements;
}

/** The text of an element that holds nothing else: a comment inside a value could hide a part of it from one reader. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const child of element.children) {
    if (child.kind === 'element') throw notXmlDsig();
    if (child.kind !== 'text') throw notSupported('there is a comment or an instruction within a value');
    text += child.text;
  }
  if (text === '') throw notXmlDsig();
  return text;
}

/** The octets an element holds in base64. */
export function octetsOf(element: XmlElement): Uint8Array {
  try {
    return decodeBase64(Buffer.from(textOf(element), 'utf8'));
  } catch (cause) {
    if (cause instanceof EdsError && cause.code === 'PEM_MALFORMED') {
      throw new EdsError('XML_MALFORMED', 'a value within the signature is not base64', { cause });
    }
    throw cause;
  }
}

/** The error for a signature element that XMLDSig does not allow. */
export function notXmlDsig(): EdsError {
  return new EdsError('XML_MALFORMED', 'the signature element is not as XMLDSig writes it');
}

/** The error for what may be in order and is not judged. */
export function notSupported(message: string): EdsError {
  return new EdsError('FORMAT_NOT_SUPPORTED', message);
}
