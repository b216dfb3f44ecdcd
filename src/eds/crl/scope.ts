import { fieldsOf, onlyChild } from '../asn1/fields.js';
import { constructedTag, type Element, primitiveTag, readDer } from '../asn1/reader.js';
import { hexOf } from '../asn1/values.js';
import { EdsError } from '../error.js';
import { EXTENSION } from '../oid.js';
import { type CertificateInQuestion } from '../judgement/revocation.js';

/** What an issuingDistributionPoint narrows a CRL to (RFC 5280 §5.2.5). */
export interface CrlScope {
  /** The extension as it came: a delta must have the same scope as its full list. */
  readonly der: Uint8Array;
  /** The distribution point by its names, each in hex of its DER; `null` where it is not narrowed to one. */
  readonly distributionPoint: readonly string[] | null;
  readonly only: 'users' | 'authorities' | null;
  /** False for what this library does not process: indirect, attribute certificates, some reasons only, relative names. */
  readonly supported: boolean;
}

/** Reads an issuingDistributionPoint. Throws `ASN1_UNEXPECTED`. */
export function readScope(der: Uint8Array): CrlScope {
  const fields = fieldsOf(readDer(der));
  const point = fields.optional(constructedTag(0));
  const onlyUsers = readFlag(fields.optional(primitiveTag(1)));
  const onlyAuthorities = readFlag(fields.optional(primitiveTag(2)));
  const someReasons = fields.optional(primitiveTag(3)) !== null;
  const indirect = readFlag(fields.optional(primitiveTag(4)));
  const onlyAttributes = readFlag(fields.optional(primitiveTag(5)));
  fields.end();
  const distributionPoint = point === null ? null : fullNames(point);
  return {
    der,
    distributionPoint,
    only: onlyUsers ? 'users' : onlyAuthorities ? 'authorities' : null,
    supported:
      !someReasons &&
      !indirect &&
      !onlyAttributes &&
      !(onlyUsers && onlyAuthorities) &&
      (point === null || distributionPoint !== null),
  };
}

/** Whether a CRL of that scope speaks about the certificate. Its names are compared, never followed. */
export function covers(scope: CrlScope | null, certificate: CertificateInQuestion): boolean {
  if (scope === null) return true;
  const isAuthority = certificate.basicConstraints?.ca === true;
  if (!scope.supported) return false;
  if (scope.only !== null && (scope.only === 'authorities') !== isAuthority) return false;
  return scope.distributionPoint === null || namesAPoint(certificate, scope.distributionPoint);
}

function namesAPoint(certificate: CertificateInQuestion, names: readonly string[]): boolean {
  const extension = certificate.extensions.find(({ oid }) => oid === EXTENSION.cRLDistributionPoints);
  if (extension === undefined) return false;
  try {
    return readDer(extension.value)
      .children()
      .map((point) => fieldsOf(point).optional(constructedTag(0)))
      .some((point) => point !== null && fullNames(point)?.some((name) => names.includes(name)) === true);
  } catch (error) {
    if (error instanceof EdsError) return false;
    throw error;
  }
}

/** The fullName of a DistributionPointName, `null` for a name relative to the issuer. */
function fullNames(point: Element): readonly string[] | null {
  const name = onlyChild(point);
  return name.tag === constructedTag(0) ? name.children().map(({ bytes }) => hexOf(bytes)) : null;
}

function readFlag(element: Element | null): boolean {
  if (element === null) return false;
  if (element.content.length !== 1 || (element.content[0] !== 0 && element.content[0] !== 0xff)) {
    throw new EdsError('ASN1_UNEXPECTED', 'a BOOLEAN is neither true nor false');
  }
  return element.content[0] === 0xff;
}
