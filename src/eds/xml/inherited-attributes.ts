import { type CanonicalForm } from './canonical-form.js';
import { tooLarge, XML_LIMITS } from './limits.js';
import { XML_NAMESPACE, type XmlAttribute, type XmlElement } from './tree.js';
import { joinUriReferences } from './xml-base.js';

/**
 * The attributes an element has when it is canonicalised without its ancestors: the inclusive forms let it inherit xml:lang and its
 * like from them (Canonical XML 1.0 §2.4; 1.1 §2.4, where xml:id stays behind and xml:base is joined).
 *
 * @param ancestors the document element first
 */
export function inheritedAttributes(
  apex: XmlElement,
  ancestors: readonly XmlElement[],
  family: CanonicalForm['family'],
): readonly XmlAttribute[] {
  if (family === 'exclusive') return apex.attributes;
  const attributes = new Map<string, XmlAttribute>();
  for (const attribute of ancestors.flatMap(xmlAttributesOf)) {
    if (family === 'inclusive' || attribute.local === 'lang' || attribute.local === 'space') {
      attributes.set(attribute.local, attribute);
    }
  }
  for (const { local } of xmlAttributesOf(apex)) attributes.delete(local);
  const inherited = [...apex.attributes, ...attributes.values()];
  return family === 'inclusive' ? inherited : withJoinedBase(inherited, apex, ancestors);
}

function withJoinedBase(
  attributes: readonly XmlAttribute[],
  apex: XmlElement,
  ancestors: readonly XmlElement[],
): readonly XmlAttribute[] {
  const above = ancestors.flatMap(xmlAttributesOf).filter(isBase);
  const bases = [...above, ...xmlAttributesOf(apex).filter(isBase)];
  const [nearest] = bases.slice(-1);
  if (above.length === 0 || nearest === undefined) return attributes;
  const length = bases.reduce((sum, base) => sum + base.value.length, 0);
  if (length > XML_LIMITS.baseLength) throw tooLarge('the values of xml:base are longer than is judged');
  const value = bases.map((base) => base.value).reduceRight((below, base) => joinUriReferences(base, below));
  const others = attributes.filter((attribute) => !isBase(attribute));
  return value === '' ? others : [...others, { ...nearest, value }];
}

function isBase({ namespace, local }: XmlAttribute): boolean {
  return namespace === XML_NAMESPACE && local === 'base';
}

function xmlAttributesOf({ attributes }: XmlElement): readonly XmlAttribute[] {
  return attributes.filter(({ namespace }) => namespace === XML_NAMESPACE);
}
