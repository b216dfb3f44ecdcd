import { EdsError } from '../error.js';

/**
 * How much signed XML is judged. Beyond any of these the answer is "larger than the limit" (`FORMAT_TOO_LARGE`), never "broken".
 * Within them time and memory grow with the number of octets and nodes, and with nothing else.
 */
export const XML_LIMITS = Object.freeze({
  /** Octets of the document as it was given: the default body limit of the API. */
  octets: 16 * 1024 * 1024,
  /** Elements, attributes, namespace declarations, texts, comments and processing instructions together. */
  nodes: 1_000_000,
  /** Elements within each other. */
  depth: 256,
  /** Attributes and namespace declarations of one element. */
  attributes: 1_024,
  /** Namespace declarations in scope at one element. */
  namespaces: 256,
  /** UTF-16 code units of one name, its prefix included. */
  nameLength: 1_024,
  /** UTF-16 code units of all xml:base above one signed element, where Canonical XML 1.1 joins them. */
  baseLength: 65_536,
  /** `ds:Signature` elements in one document. */
  signatures: 16,
  /** Certificates in one KeyInfo. */
  certificates: 16,
  /** Octets brought into canonical form or digested for one document: several signatures over a large document are many passes. */
  work: 256 * 1024 * 1024,
});

/** The error for a document beyond one of the limits. */
export function tooLarge(message: string): EdsError {
  return new EdsError('FORMAT_TOO_LARGE', message);
}
