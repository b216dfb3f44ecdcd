import { fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { constructedTag, type Element, readBer, readDer, readingAs, TAG } from '../asn1/reader.js';
import { readTime } from '../asn1/time.js';
import { integerOctets, readBoolean, readOctets, readSmallInteger } from '../asn1/values.js';
import { type AlgorithmIdentifier, readAlgorithm } from '../certificate/public-key.js';
import { parseSignedData, type UnverifiedCms } from '../cms/signed-data.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { CONTENT } from '../oid.js';

/** A time-stamp token as read, nothing in it proved. */
export interface UnverifiedTimestamp {
  readonly cms: UnverifiedCms;
  readonly genTime: Date;
  readonly policy: string;
  readonly imprint: { readonly algorithm: AlgorithmIdentifier; readonly digest: Uint8Array };
}

/**
 * Reads a TimeStampToken (RFC 3161 §2.4.2). Serial number and nonce may be negative: НУЦ РК writes random octets there.
 *
 * @throws EdsError `TIMESTAMP_MALFORMED`, `CERTIFICATE_MALFORMED` or `ASN1_*`
 */
export function parseTimestampToken(bytes: Uint8Array): UnverifiedTimestamp {
  return readingAs('TIMESTAMP_MALFORMED', 'the time-stamp token', () => {
    const cms = parseSignedData(bytes, LIMITS.timestamp);
    if (cms.contentType !== CONTENT.timestampInfo || cms.content === null) {
      throw new EdsError('TIMESTAMP_MALFORMED', 'the signed data is not a time-stamp');
    }
    const fields = fieldsOf(readDer(cms.content, LIMITS.timestamp));
    if (readSmallInteger(fields.any()) !== 1) {
      throw new EdsError('TIMESTAMP_MALFORMED', 'the time-stamp is of an unknown version');
    }
    const policy = readOid(fields.any());
    const imprint = fieldsOf(fields.any());
    const algorithm = readAlgorithm(imprint.any());
    const digest = readOctets(imprint.any());
    imprint.end();
    integerOctets(fields.any());
    const genTime = readTime(fields.required(TAG.generalizedTime), { fraction: true });
    fields.optional(TAG.sequence);
    const ordering = fields.optional(TAG.boolean);
    if (ordering !== null) readBoolean(ordering);
    const nonce = fields.optional(TAG.integer);
    if (nonce !== null) integerOctets(nonce);
    fields.optional(constructedTag(0));
    const extensions = fields.optional(constructedTag(1));
    fields.end();
    assertNothingCritical(extensions?.children() ?? []);
    return { cms, genTime, policy, imprint: { algorithm, digest } };
  });
}

/** No extension of a TSTInfo is in use, so a critical one says something this library does not know. */
function assertNothingCritical(items: readonly Element[]): void {
  for (const item of items) {
    const fields = fieldsOf(item);
    readOid(fields.any());
    const critical = fields.optional(TAG.boolean);
    if (critical !== null && readBoolean(critical)) {
      throw new EdsError('TIMESTAMP_MALFORMED', 'the time-stamp has a critical extension');
    }
  }
}

/**
 * The token inside a TimeStampResp (RFC 3161 §2.4.2).
 *
 * @returns `null` where the authority refused to issue one
 * @throws EdsError `TIMESTAMP_MALFORMED` or `ASN1_*`
 */
export function readTimestampResponse(bytes: Uint8Array): Uint8Array | null {
  return readingAs('TIMESTAMP_MALFORMED', 'the time-stamp response', () => {
    const fields = fieldsOf(readBer(bytes, LIMITS.timestamp));
    const status = readSmallInteger(fieldsOf(fields.any()).any());
    const token = fields.optional(TAG.sequence);
    fields.end();
    const granted = status === 0 || status === 1;
    if (granted && token === null)
      throw new EdsError('TIMESTAMP_MALFORMED', 'a granted time-stamp is missing');
    return granted ? (token?.bytes ?? null) : null;
  });
}

/** The time a token names, unproved; `null` where it cannot be read. */
export function genTimeOf(token: Uint8Array): Date | null {
  try {
    return parseTimestampToken(token).genTime;
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}
