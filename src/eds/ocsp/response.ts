import { childrenOf, fieldsOf, onlyChild } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { constructedTag, type Element, primitiveTag, readDer, readingAs, TAG } from '../asn1/reader.js';
import { readGeneralizedTime } from '../asn1/time.js';
import { readBitOctets, readOctets, readSmallInteger } from '../asn1/values.js';
import { type CertificateExtension, readExtensions } from '../certificate/extensions.js';
import { type AlgorithmIdentifier, readAlgorithm } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { OCSP } from '../oid.js';
import { type CertId, readCertId } from './cert-id.js';

/** OCSPResponseStatus (RFC 6960 §4.2.1) by name. */
type OcspResponseStatus =
  'successful' | 'malformed-request' | 'internal-error' | 'try-later' | 'signature-required' | 'unauthorized';

/** Who says to have signed: a name in DER, or the SHA-1 of a key's bits. */
export type ResponderId =
  { readonly by: 'name'; readonly der: Uint8Array } | { readonly by: 'key'; readonly sha1: Uint8Array };

type CertStatus =
  | { readonly status: 'good' | 'unknown' }
  | { readonly status: 'revoked'; readonly revokedAt: Date; readonly reason: number | null };

export interface SingleResponse {
  readonly certId: CertId;
  readonly certStatus: CertStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly extensions: readonly CertificateExtension[];
}

/** A BasicOCSPResponse as read: nothing in it is proved. */
export interface UnverifiedBasicResponse {
  /** ResponseData as it came; the signature is over it. */
  readonly tbs: Uint8Array;
  readonly responderId: ResponderId;
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly extensions: readonly CertificateExtension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** DER of the certificates that came along, not looked at yet. */
  readonly certificates: readonly Uint8Array[];
}

export interface UnverifiedOcspResponse {
  readonly status: OcspResponseStatus;
  /** Present exactly with `successful`. */
  readonly basic: UnverifiedBasicResponse | null;
}

/** ENUMERATED values; 4 is not used by the standard. */
const STATUSES: readonly (OcspResponseStatus | null)[] = [
  'successful',
  'malformed-request',
  'internal-error',
  'try-later',
  null,
  'signature-required',
  'unauthorized',
];

/**
 * Reads an OCSPResponse in DER.
 *
 * @throws EdsError `ASN1_*` or `OCSP_MALFORMED`
 */
export function parseOcspResponse(der: Uint8Array): UnverifiedOcspResponse {
  return readingAs('OCSP_MALFORMED', 'an OCSP response', () => {
    const fields = fieldsOf(readDer(der, LIMITS.ocsp));
    const status = STATUSES[readSmallInteger(fields.any(), TAG.enumerated)] ?? null;
    const responseBytes = fields.optional(constructedTag(0));
    fields.end();
    if (status === null) throw new EdsError('ASN1_UNEXPECTED', 'a response status has no meaning');
    if ((status === 'successful') !== (responseBytes !== null)) {
      throw new EdsError('ASN1_UNEXPECTED', 'a response has bytes exactly when it is successful');
    }
    return { status, basic: responseBytes === null ? null : readResponseBytes(onlyChild(responseBytes)) };
  });
}

function readResponseBytes(element: Element): UnverifiedBasicResponse {
  const fields = fieldsOf(element);
  const type = readOid(fields.any());
  const response = readOctets(fields.any());
  fields.end();
  if (type !== OCSP.basicResponse) throw new EdsError('ASN1_UNEXPECTED', 'a response is of another type');
  return readBasicResponse(readDer(response, LIMITS.ocsp));
}

function readBasicResponse(element: Element): UnverifiedBasicResponse {
  const fields = fieldsOf(element);
  const tbs = fields.required(TAG.sequence);
  const signatureAlgorithm = readAlgorithm(fields.any());
  const signature = readBitOctets(fields.any());
  const wrapper = fields.optional(constructedTag(0));
  fields.end();
  const certificates = wrapper === null ? [] : childrenOf(onlyChild(wrapper), TAG.sequence);
  if (certificates.length > LIMITS.ocsp.maxCertificates) {
    throw new EdsError('ASN1_UNEXPECTED', 'too many certificates came along');
  }
  return {
    ...readResponseData(tbs),
    tbs: tbs.bytes,
    signatureAlgorithm,
    signature,
    certificates: certificates.map(({ bytes }) => bytes),
  };
}

function readResponseData(
  element: Element,
): Pick<UnverifiedBasicResponse, 'responderId' | 'producedAt' | 'responses' | 'extensions'> {
  const fields = fieldsOf(element);
  const version = fields.optional(constructedTag(0));
  if (version !== null && readSmallInteger(onlyChild(version)) !== 0) {
    throw new EdsError('ASN1_UNEXPECTED', 'a response has an unknown version');
  }
  const responderId = readResponderId(fields.any());
  const producedAt = readGeneralizedTime(fields.any());
  const responses = childrenOf(fields.any(), TAG.sequence);
  const extensions = readOptionalExtensions(fields.optional(constructedTag(1)));
  fields.end();
  if (responses.length === 0 || responses.length > LIMITS.ocsp.maxResponses) {
    throw new EdsError('ASN1_UNEXPECTED', 'a response answers nothing, or too much');
  }
  return { responderId, producedAt, responses: responses.map(readSingleResponse), extensions };
}

function readResponderId(element: Element): ResponderId {
  if (element.tag === constructedTag(1)) return { by: 'name', der: onlyChild(element).bytes };
  if (element.tag === constructedTag(2)) return { by: 'key', sha1: readOctets(onlyChild(element)) };
  throw new EdsError('ASN1_UNEXPECTED', 'a responder is named neither by name nor by key');
}

function readSingleResponse(element: Element): SingleResponse {
  const fields = fieldsOf(element);
  const certId = readCertId(fields.any());
  const certStatus = readCertStatus(fields.any());
  const thisUpdate = readGeneralizedTime(fields.any());
  const next = fields.optional(constructedTag(0));
  const extensions = readOptionalExtensions(fields.optional(constructedTag(1)));
  fields.end();
  return {
    certId,
    certStatus,
    thisUpdate,
    nextUpdate: next === null ? null : readGeneralizedTime(onlyChild(next)),
    extensions,
  };
}

function readCertStatus(element: Element): CertStatus {
  switch (element.tag) {
    case primitiveTag(0):
    case primitiveTag(2):
      if (element.content.length > 0) throw new EdsError('ASN1_UNEXPECTED', 'a NULL is not empty');
      return { status: element.tag === primitiveTag(0) ? 'good' : 'unknown' };
    case constructedTag(1): {
      const fields = fieldsOf(element, constructedTag(1));
      const revokedAt = readGeneralizedTime(fields.any());
      const reason = fields.optional(constructedTag(0));
      fields.end();
      return {
        status: 'revoked',
        revokedAt,
        reason: reason === null ? null : readSmallInteger(onlyChild(reason), TAG.enumerated),
      };
    }
    default:
      throw new EdsError('ASN1_UNEXPECTED', 'a certificate status has no meaning');
  }
}

function readOptionalExtensions(wrapper: Element | null): readonly CertificateExtension[] {
  return wrapper === null ? [] : readExtensions(onlyChild(wrapper));
}
