/** The fields of a CertificateList (RFC 5280 §5.1) that are read as a whole, and what is known of a list while it is read. */
import { beginSignedStream, type SignedStream } from '../algorithms/signed-stream.js';
import { onlyChild } from '../asn1/fields.js';
import { constructedTag, type Element, TAG } from '../asn1/reader.js';
import { readTime } from '../asn1/time.js';
import { readBitOctets, readSmallInteger } from '../asn1/values.js';
import { type CertificateExtension, readExtensions } from '../certificate/extensions.js';
import { type DistinguishedName, readName } from '../certificate/name.js';
import { type AlgorithmIdentifier, readAlgorithm, sameAlgorithm } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { type Frame } from './frame.js';
import { type createRevokedSerials } from './revoked-serials.js';

/** The fields that are small enough to be read as a whole, in their order. */
export type Field =
  'version' | 'signature' | 'issuer' | 'thisUpdate' | 'nextUpdate' | 'extensions' | 'algorithm' | 'value';

/** What comes next. `revoked` is the header of the entries. */
type Stage = 'list' | 'tbs' | Field | 'revoked' | 'entries' | 'end';

/** A reading that is under way. */
export interface Scan {
  stage: Stage;
  /** Octets not consumed yet, and the position of the first of them in the whole list. */
  rest: Uint8Array;
  base: number;
  /** Where in `rest` to go on. */
  walkFrom: number;
  listEnd: number;
  tbsEnd: number;
  entriesEnd: number;
  digestedTo: number;
  stream: SignedStream | null;
  readonly serials: ReturnType<typeof createRevokedSerials>;
  entriesUnderstood: boolean;

  version: number;
  signatureAlgorithm: AlgorithmIdentifier | null;
  issuer: DistinguishedName | null;
  thisUpdate: Date | null;
  nextUpdate: Date | null;
  extensions: readonly CertificateExtension[];
  signature: Uint8Array;
}

/** Takes a field into the reading and says what comes next; `absent`: it is another one's turn already. */
type FieldReader = (scan: Scan, frame: Frame, element: Element) => 'absent' | undefined;

/** How each field is read. @throws EdsError */
export const READING: Readonly<Record<Field, FieldReader>> = {
  version(scan, frame, element) {
    scan.stage = 'signature';
    if (frame.tag !== TAG.integer) return 'absent';
    if (readSmallInteger(element) !== 1)
      throw new EdsError('ASN1_UNEXPECTED', 'a CRL has an unknown version');
    scan.version = 2;
    return undefined;
  },
  signature(scan, _frame, element) {
    scan.signatureAlgorithm = readAlgorithm(element);
    scan.stream = beginSignedStream(scan.signatureAlgorithm);
    scan.stage = 'issuer';
    return undefined;
  },
  issuer(scan, _frame, element) {
    scan.issuer = readName(element);
    scan.stage = 'thisUpdate';
    return undefined;
  },
  thisUpdate(scan, _frame, element) {
    scan.thisUpdate = readTime(element);
    scan.stage = 'nextUpdate';
    return undefined;
  },
  nextUpdate(scan, frame, element) {
    scan.stage = 'revoked';
    if (frame.tag !== TAG.utcTime && frame.tag !== TAG.generalizedTime) return 'absent';
    scan.nextUpdate = readTime(element);
    return undefined;
  },
  extensions(scan, frame, element) {
    expect(frame, constructedTag(0));
    if (scan.version !== 2) throw new EdsError('ASN1_UNEXPECTED', 'a CRL of version 1 has extensions');
    if (scan.base + frame.end !== scan.tbsEnd)
      throw new EdsError('ASN1_UNEXPECTED', 'there is an extra component');
    scan.extensions = readExtensions(onlyChild(element));
    scan.stage = 'algorithm';
    return undefined;
  },
  algorithm(scan, _frame, element) {
    const { signatureAlgorithm } = scan;
    // RFC 5280 §5.1.1.2: the same algorithm inside and outside of what is signed.
    if (signatureAlgorithm === null || !sameAlgorithm(readAlgorithm(element), signatureAlgorithm)) {
      throw new EdsError('ASN1_UNEXPECTED', 'a CRL names two signature algorithms');
    }
    scan.stage = 'value';
    return undefined;
  },
  value(scan, frame, element) {
    scan.signature = new Uint8Array(readBitOctets(element));
    if (scan.base + frame.end !== scan.listEnd)
      throw new EdsError('ASN1_UNEXPECTED', 'there is an extra component');
    scan.stage = 'end';
    return undefined;
  },
};

/** @throws EdsError where an element is of another type */
export function expect(frame: Frame, tag: number): void {
  if (frame.tag !== tag) throw new EdsError('ASN1_UNEXPECTED', 'an element is of another type');
}
