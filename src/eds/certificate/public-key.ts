import { fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { type Element, TAG } from '../asn1/reader.js';
import { readBitOctets, sameOctets } from '../asn1/values.js';

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2) with its parameters kept as the exact DER, `null` when absent. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: Uint8Array | null;
}

/** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export interface SubjectPublicKeyInfo {
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** The content of the BIT STRING, without its unused-bits octet. */
  readonly keyBits: Uint8Array;
}

/** Reads an AlgorithmIdentifier. Throws `ASN1_UNEXPECTED`. */
export function readAlgorithm(element: Element): AlgorithmIdentifier {
  const fields = fieldsOf(element);
  const oid = readOid(fields.any());
  const parameters = fields.peek() === null ? null : fields.any().bytes;
  fields.end();
  return { oid, parameters };
}

/**
 * Whether two identifiers name the same algorithm. Absent parameters and NULL say the same (RFC 4055 §2.1): НУЦ РК writes one
 * inside what it signs and the other beside it.
 */
export function sameAlgorithm(a: AlgorithmIdentifier, b: AlgorithmIdentifier): boolean {
  if (a.oid !== b.oid) return false;
  if (hasNoParameters(a) || hasNoParameters(b)) return hasNoParameters(a) && hasNoParameters(b);
  return a.parameters !== null && b.parameters !== null && sameOctets(a.parameters, b.parameters);
}

/** Parameters that say nothing: absent, or the explicit NULL that НУЦ РК writes nearly everywhere. */
export function hasNoParameters({ parameters }: AlgorithmIdentifier): boolean {
  return (
    parameters === null || (parameters.length === 2 && parameters[0] === TAG.null && parameters[1] === 0)
  );
}

/** Reads a SubjectPublicKeyInfo. Throws `ASN1_UNEXPECTED`. */
export function readPublicKey(element: Element): SubjectPublicKeyInfo {
  const fields = fieldsOf(element);
  const algorithm = readAlgorithm(fields.any());
  const keyBits = readBitOctets(fields.any());
  fields.end();
  return { der: element.bytes, algorithm, keyBits };
}
