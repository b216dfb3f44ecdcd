import { EdsError } from '../error.js';
import { type SignatureClaim, WHOLE } from '../judgement/judgement.js';
import { notSupported } from './elements.js';
import { type ElementFinder } from './identifiers.js';
import { type XmlReference } from './signature.js';
import {
  contains,
  elementsWithin,
  expandedName,
  isSignaturePart,
  type XmlDocument,
  type XmlElement,
} from './tree.js';

/** What a reference is to, before its transforms. */
export interface Target {
  readonly apex: XmlDocument | XmlElement;
  readonly coverage: SignatureClaim['coverage'];
}

const SOAP = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];

/**
 * Resolves the URI of a reference (XMLDSig §4.4.3.2, §4.4.3.3). The whole of a document is what `URI=""` names, or an identifier of
 * the document element where no instruction stands beside it; comments belong to neither. Everything else is a part, named so
 * exactly that no other element of the document could be meant.
 *
 * @param signature the `ds:Signature` that has the reference
 * @throws EdsError `FORMAT_NOT_SUPPORTED`, `XML_MALFORMED`
 */
export function resolveTarget(
  reference: XmlReference,
  signature: XmlElement,
  document: XmlDocument,
  find: ElementFinder,
): Target {
  if (reference.uri === null) throw notSupported('the reference does not say to what');
  if (reference.uri === '') return { apex: document, coverage: WHOLE };
  const apex = find(reference.uri);
  for (let element: XmlElement | null = apex; element !== null; element = element.parent) {
    if (isSignaturePart(element, 'Signature'))
      throw notSupported('the reference is to a part of a signature');
  }
  checkPlace(apex, document);
  if (apex === document.root && document.nodes.every(({ kind }) => kind !== 'instruction')) {
    return { apex, coverage: WHOLE };
  }
  // Without the enveloped signature transform it would have to contain its own digest.
  if (contains(apex, signature) && !reference.enveloped) {
    throw new EdsError('XML_MALFORMED', 'the signature is within what it covers');
  }
  return { apex, coverage: { scope: 'part', element: nameOf(apex, document) } };
}

/** A SOAP body that was moved elsewhere is not the body its receiver acts on. */
function checkPlace(apex: XmlElement, { root }: XmlDocument): void {
  if (apex.local !== 'Body' || !SOAP.includes(apex.namespace)) return;
  const enveloped = apex.parent === root && root.local === 'Envelope' && root.namespace === apex.namespace;
  if (!enveloped) throw new EdsError('XML_MALFORMED', 'the signed body is not the body of its envelope');
}

/** `{namespace}name`, or the way to the element where others have this name: `/{urn:a}list[1]/{urn:a}item[2]`. */
function nameOf(apex: XmlElement, { root }: XmlDocument): string {
  const name = expandedName(apex);
  let named = 0;
  for (const element of elementsWithin(root)) if (expandedName(element) === name) named += 1;
  if (named === 1) return name;
  const steps: string[] = [];
  for (let element: XmlElement | null = apex; element !== null; element = element.parent)
    steps.unshift(stepTo(element));
  return `/${steps.join('/')}`;
}

function stepTo(element: XmlElement): string {
  const name = expandedName(element);
  const siblings = (element.parent?.children ?? [element]).filter(
    (node): node is XmlElement => node.kind === 'element' && expandedName(node) === name,
  );
  return `${name}[${siblings.indexOf(element) + 1}]`;
}
