import { EdsError, type FormatCode } from '../error.js';
import { type Asn1Limits, LIMITS } from '../limits.js';

export { type Asn1Limits } from '../limits.js';

export type TagClass = 'universal' | 'application' | 'context' | 'private';

/** One tag-length-value. `bytes` and `content` are views over the input, never copies. */
export interface Element {
  /** The identifier octet as it stands in the input: class, constructed bit and number. */
  readonly tag: number;
  readonly tagClass: TagClass;
  readonly constructed: boolean;
  readonly tagNumber: number;
  /** The whole element: identifier, length, content (and end-of-contents octets, where the length is indefinite). */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** The elements inside. Throws `ASN1_UNEXPECTED` for a primitive element. */
  readonly children: () => readonly Element[];
}

/** Identifier octets of the universal types in use (X.680 §8.6). */
export const TAG = Object.freeze({
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  constructedOctetString: 0x24,
  sequence: 0x30,
  set: 0x31,
});

/** Identifier octet of `[n] IMPLICIT` over a primitive type. */
export const primitiveTag = (n: number): number => 0x80 | n;

/** Identifier octet of `[n] EXPLICIT`, or of `[n] IMPLICIT` over a constructed type. */
export const constructedTag = (n: number): number => 0xa0 | n;

const CLASSES: readonly TagClass[] = ['universal', 'application', 'context', 'private'];
const INDEFINITE = -1;

interface Reading {
  readonly source: Uint8Array;
  readonly rules: 'der' | 'ber';
  readonly limits: Asn1Limits;
  elements: number;
}

/**
 * Reads exactly one DER element (X.690 §10): definite minimal lengths, primitive strings, nothing after it.
 * Only the outer level is looked at; `children()` goes one level further each time, under the same limits.
 *
 * @throws EdsError `ASN1_*`
 */
export function readDer(bytes: Uint8Array, limits: Asn1Limits = LIMITS.asn1): Element {
  return readWhole(bytes, 'der', limits);
}

/**
 * Reads exactly one BER element: as `readDer`, and also indefinite and non-minimal lengths and constructed OCTET STRINGs.
 * For the wrapper of a CMS message only; certificates and signed attributes inside it are read again as DER.
 *
 * @throws EdsError `ASN1_*`
 */
export function readBer(bytes: Uint8Array, limits: Asn1Limits = LIMITS.asn1): Element {
  return readWhole(bytes, 'ber', limits);
}

/**
 * Reads one BER element that may have nothing but zero octets after it, as the `/Contents` of a PDF has.
 *
 * @returns the element and the number of zero octets
 * @throws EdsError `ASN1_*`; `ASN1_TRAILING_BYTES` for any other octets and for more zeros than `LIMITS.cms.maxPadding`
 */
export function readPaddedBer(
  bytes: Uint8Array,
  limits: Asn1Limits = LIMITS.asn1,
): { readonly element: Element; readonly padding: number } {
  const element = readFirst(bytes, 'ber', limits);
  const rest = bytes.subarray(element.bytes.length);
  if (rest.length > LIMITS.cms.maxPadding || rest.some((octet) => octet !== 0)) {
    throw new EdsError('ASN1_TRAILING_BYTES', 'there are octets after the element');
  }
  return { element, padding: rest.length };
}

function readWhole(bytes: Uint8Array, rules: 'der' | 'ber', limits: Asn1Limits): Element {
  const element = readFirst(bytes, rules, limits);
  if (element.bytes.length !== bytes.length) {
    throw new EdsError('ASN1_TRAILING_BYTES', 'there are octets after the element');
  }
  return element;
}

function readFirst(bytes: Uint8Array, rules: 'der' | 'ber', limits: Asn1Limits): Element {
  if (bytes.length > limits.maxLength)
    throw new EdsError('ASN1_TOO_LARGE', 'the input is larger than allowed');
  // A Buffer's slice() does not copy: a plain view keeps every later copy of an element from being the caller's memory.
  const source = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return readElement({ source, rules, limits, elements: 0 }, 0, source.length, 0);
}

function readElement(reading: Reading, offset: number, end: number, depth: number): Element {
  const { source, limits } = reading;
  if (depth > limits.maxDepth) throw new EdsError('ASN1_TOO_DEEP', 'elements are nested too deeply');
  reading.elements += 1;
  if (reading.elements > limits.maxElements)
    throw new EdsError('ASN1_TOO_LARGE', 'there are too many elements');

  const tag = octetAt(source, offset, end);
  const tagNumber = tag & 0x1f;
  const constructed = (tag & 0x20) !== 0;
  // No structure this library reads has a tag number of 31 or more.
  if (tagNumber === 0x1f) throw new EdsError('ASN1_UNEXPECTED', 'a tag number is too high');
  checkForm(reading.rules, tag, tagNumber, constructed);

  const { length, contentStart } = readLength(reading, offset + 1, end, constructed);
  if (length === INDEFINITE) return readIndefinite(reading, offset, contentStart, end, depth);
  if (length > end - contentStart)
    throw new EdsError('ASN1_TRUNCATED', 'an element is longer than what holds it');
  const contentEnd = contentStart + length;
  return {
    tag,
    tagClass: classOf(tag),
    constructed,
    tagNumber,
    bytes: source.subarray(offset, contentEnd),
    content: source.subarray(contentStart, contentEnd),
    children: () => {
      if (!constructed) throw new EdsError('ASN1_UNEXPECTED', 'a primitive element has no elements inside');
      const children: Element[] = [];
      for (let at = contentStart; at < contentEnd;) {
        const child = readElement(reading, at, contentEnd, depth + 1);
        children.push(child);
        at += child.bytes.length;
      }
      return children;
    },
  };
}

/** X.690 §8.1.3.6: the end is known only after reading everything inside, so the children are kept. */
function readIndefinite(
  reading: Reading,
  offset: number,
  contentStart: number,
  end: number,
  depth: number,
): Element {
  const { source } = reading;
  const children: Element[] = [];
  let at = contentStart;
  for (;;) {
    if (octetAt(source, at, end) === 0 && octetAt(source, at + 1, end) === 0) break;
    const child = readElement(reading, at, end, depth + 1);
    children.push(child);
    at += child.bytes.length;
  }
  const tag = octetAt(source, offset, end);
  return {
    tag,
    tagClass: classOf(tag),
    constructed: true,
    tagNumber: tag & 0x1f,
    bytes: source.subarray(offset, at + 2),
    content: source.subarray(contentStart, at),
    children: () => children,
  };
}

function readLength(
  reading: Reading,
  offset: number,
  end: number,
  constructed: boolean,
): { length: number; contentStart: number } {
  const { source, rules } = reading;
  const first = octetAt(source, offset, end);
  if (first < 0x80) return { length: first, contentStart: offset + 1 };
  if (first === 0x80) {
    if (rules === 'der' || !constructed)
      throw new EdsError('ASN1_NOT_MINIMAL', 'an indefinite length is not allowed');
    return { length: INDEFINITE, contentStart: offset + 1 };
  }
  const octets = first & 0x7f;
  if (octets > 4) throw new EdsError('ASN1_TOO_LARGE', 'a length is larger than any input');
  let length = 0;
  for (let i = 1; i <= octets; i += 1) length = length * 256 + octetAt(source, offset + i, end);
  if (rules === 'der' && (length < 0x80 || length < 256 ** (octets - 1))) {
    throw new EdsError('ASN1_NOT_MINIMAL', 'a length is not in its shortest form');
  }
  return { length, contentStart: offset + 1 + octets };
}

/** Universal types are primitive but for SEQUENCE and SET; BER may also cut an OCTET STRING into pieces (X.690 §8.7, §10.2). */
function checkForm(rules: 'der' | 'ber', tag: number, tagNumber: number, constructed: boolean): void {
  if (tag >= 0x40) return;
  const structured = tagNumber === 0x10 || tagNumber === 0x11;
  const pieces = rules === 'ber' && tag === TAG.constructedOctetString;
  if (tagNumber === 0 || (constructed !== structured && !pieces)) {
    throw new EdsError('ASN1_UNEXPECTED', 'an element has a form its type does not allow');
  }
}

function octetAt(source: Uint8Array, offset: number, end: number): number {
  const octet = offset < end ? source[offset] : undefined;
  if (octet === undefined) throw new EdsError('ASN1_TRUNCATED', 'the input ends inside an element');
  return octet;
}

function classOf(tag: number): TagClass {
  return CLASSES[tag >> 6] ?? 'universal';
}

/**
 * Runs a reader of one structure and gives its "this is not what the type says" errors the name of that structure.
 * Framing errors (truncated, trailing, too deep …) keep their own code.
 */
export function readingAs<T>(code: FormatCode, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EdsError && error.code === 'ASN1_UNEXPECTED') {
      throw new EdsError(code, `${what} does not have the structure its standard gives it`, { cause: error });
    }
    throw error;
  }
}
