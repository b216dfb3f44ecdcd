import { type DigestName } from '../algorithms/digest.js';
import { type AlgorithmIdentifier } from '../certificate/certificate.js';
import { EdsError, isFormatCode } from '../error.js';
import { unreadable, type Verdict, verdictFor } from '../judgement/verdict-rules.js';
import { digestMethod, signatureMethod } from './algorithms.js';
import { notSupported } from './elements.js';
import { decodeXml } from './encoding.js';
import { type ElementFinder, elementFinder } from './identifiers.js';
import { checkUnsignedAttributes, type KeyInfo, readKeyInfo } from './key-info.js';
import { tooLarge, XML_LIMITS } from './limits.js';
import { scanXml } from './scanner.js';
import { readXmlSignature, type UnverifiedXmlSignature } from './signature.js';
import { resolveTarget, type Target } from './target.js';
import { contains, elementsWithin, isSignaturePart, type XmlDocument, type XmlElement } from './tree.js';

/** A signature read to where its digest can be computed. */
export interface XmlReading {
  readonly signature: UnverifiedXmlSignature;
  readonly keyInfo: KeyInfo;
  readonly target: Target;
  /** `null` where one of the two is not on the allow-list. */
  readonly algorithms: XmlAlgorithms | null;
}

/** The algorithms a signature names, all of them allowed. */
export interface XmlAlgorithms {
  readonly signature: AlgorithmIdentifier;
  readonly digest: AlgorithmIdentifier;
  readonly digestName: DigestName;
}

export interface SignedDocument {
  /** In document order; none lies within another. */
  readonly signatures: readonly XmlElement[];
  /** One for each of them, or why it is not read further. */
  readonly readings: readonly (XmlReading | Verdict)[];
}

/**
 * Reads a document with its signatures.
 *
 * @returns the verdict on a document in which no signature can be looked at
 */
export function readSignedDocument(xml: Uint8Array): SignedDocument | Verdict {
  return attempt(() => {
    const document = scanXml(decodeXml(xml));
    const signatures = signaturesOf(document);
    if (signatures.length === 0) return verdictFor('SIGNATURE_NONE');
    const find = elementFinder(document);
    return {
      signatures,
      readings: signatures.map((element) => attempt(() => read(element, document, find))),
    };
  });
}

function signaturesOf({ root }: XmlDocument): readonly XmlElement[] {
  const signatures: XmlElement[] = [];
  let last: XmlElement | null = null;
  for (const element of elementsWithin(root)) {
    if (!isSignaturePart(element, 'Signature')) continue;
    if (last !== null && contains(last, element)) throw notSupported('a signature lies within another');
    if (signatures.length === XML_LIMITS.signatures)
      throw tooLarge('there are more signatures than are judged');
    signatures.push(element);
    last = element;
  }
  return signatures;
}

function read(element: XmlElement, document: XmlDocument, find: ElementFinder): XmlReading {
  const signature = readXmlSignature(element);
  checkUnsignedAttributes(element, signature.signedInfo);
  if (element === document.root) throw notSupported('the signature is not in the document it covers');
  return {
    signature,
    target: resolveTarget(signature.reference, element, document, find),
    keyInfo: readKeyInfo(signature.keyInfo, find),
    algorithms: algorithmsOf(signature),
  };
}

function algorithmsOf({ method, reference }: UnverifiedXmlSignature): XmlAlgorithms | null {
  const signature = signatureMethod(method);
  const digest = digestMethod(reference.digestMethod);
  return signature === null || digest === null
    ? null
    : { signature, digest: digest.algorithm, digestName: digest.name };
}

/** What cannot be read becomes a verdict; everything else that is thrown is ours. */
export function attempt<T extends object>(compute: () => T): T | Verdict {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EdsError && isFormatCode(error.code)) return unreadable(error.code);
    throw error;
  }
}
