import { EdsError } from '../error.js';
import { type Element, TAG } from './reader.js';

/** Walks the components of a SEQUENCE in order, as its ASN.1 definition lists them. */
export interface Fields {
  /** The next component, which must have this identifier octet. */
  readonly required: (tag: number) => Element;
  /** The next component if it has this identifier octet, otherwise `null` and nothing is consumed. */
  readonly optional: (tag: number) => Element | null;
  /** The next component whatever it is, for CHOICE and ANY. */
  readonly any: () => Element;
  /** The identifier octet of the next component, `null` at the end. */
  readonly peek: () => number | null;
  /** Asserts that every component has been consumed. */
  readonly end: () => void;
}

/**
 * @param element a constructed element
 * @param tag the identifier octet it must have; SEQUENCE unless said otherwise
 * @throws EdsError `ASN1_UNEXPECTED` from here and from every method, and framing errors of the reader
 */
export function fieldsOf(element: Element, tag: number = TAG.sequence): Fields {
  const components = childrenOf(element, tag);
  let position = 0;
  const any = (): Element => {
    const component = components[position];
    if (component === undefined) throw new EdsError('ASN1_UNEXPECTED', 'a component is missing');
    position += 1;
    return component;
  };
  return {
    any,
    required: (expected) => expectTag(any(), expected),
    optional: (expected) => (components[position]?.tag === expected ? any() : null),
    peek: () => components[position]?.tag ?? null,
    end: () => {
      if (position < components.length) throw new EdsError('ASN1_UNEXPECTED', 'there is an extra component');
    },
  };
}

/** The elements inside one with the given identifier octet (SEQUENCE OF, SET OF). */
export function childrenOf(element: Element, tag: number): readonly Element[] {
  return expectTag(element, tag).children();
}

/** The single element inside an `[n] EXPLICIT` wrapper. */
export function onlyChild(element: Element): Element {
  const [child, extra] = element.children();
  if (child === undefined || extra !== undefined) {
    throw new EdsError('ASN1_UNEXPECTED', 'a wrapper does not hold exactly one element');
  }
  return child;
}

export function expectTag(element: Element, tag: number): Element {
  if (element.tag !== tag) throw new EdsError('ASN1_UNEXPECTED', 'an element is of another type');
  return element;
}
