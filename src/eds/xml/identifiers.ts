import { EdsError } from '../error.js';
import { notSupported } from './elements.js';
import {
  elementsWithin,
  XML_NAMESPACE,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from './tree.js';

const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

/** Finds the element a reference `#name` is to. */
export type ElementFinder = (reference: string) => XmlElement;

/**
 * Elements by what is known to identify them without a schema: `Id` of XMLDSig and its like (`ID`, `id`), `wsu:Id`, `xml:id`.
 *
 * @returns a finder that throws EdsError `FORMAT_NOT_SUPPORTED` for what is found nowhere, which other attributes may identify, and
 *   `XML_MALFORMED` where several elements have the name: two readers could take different ones
 */
export function elementFinder({ root }: XmlDocument): ElementFinder {
  let index: ReadonlyMap<string, ReadonlySet<XmlElement>> | null = null;
  return (reference) => {
    if (!/^#[^()#]+$/.test(reference))
      throw notSupported('the reference is not to this document or an element of it');
    index ??= indexOf(root);
    const [element, ...others] = index.get(reference.slice(1)) ?? [];
    if (element === undefined) throw notSupported('the reference is to an element that is not found');
    if (others.length > 0)
      throw new EdsError('XML_MALFORMED', 'several elements have the identifier that is referred to');
    return element;
  };
}

function indexOf(root: XmlElement): ReadonlyMap<string, ReadonlySet<XmlElement>> {
  const index = new Map<string, Set<XmlElement>>();
  for (const element of elementsWithin(root)) {
    for (const attribute of element.attributes) {
      if (!isIdentifier(attribute)) continue;
      const named = index.get(attribute.value);
      if (named === undefined) index.set(attribute.value, new Set([element]));
      else named.add(element);
    }
  }
  return index;
}

function isIdentifier({ namespace, local }: XmlAttribute): boolean {
  if (namespace === '') return local === 'Id' || local === 'ID' || local === 'id';
  return (namespace === WSU && local === 'Id') || (namespace === XML_NAMESPACE && local === 'id');
}
