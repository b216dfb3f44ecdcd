import { createSign } from 'node:crypto';
import {
  boolean,
  element,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  serialNumber as integerOfSerial,
} from '../../../src/eds/asn1/writer.js';
import { type Certificate } from '../../../src/eds/certificate/certificate.js';

/** Everything about a list that a test may want to choose or get wrong. */
export interface ListForgery {
  readonly issuer: { readonly certificate: Certificate; readonly privateKeyPem: string };
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly entries?: readonly ListedEntry[];
  /** The content of revokedCertificates in DER, instead of `entries`. */
  readonly listed?: Uint8Array;
  /** `null` leaves CRLNumber out. */
  readonly number?: number | null;
  readonly baseNumber?: number;
  readonly extensions?: readonly Uint8Array[];
  readonly version1?: boolean;
  /** Name of the issuer, where it is not the signer's. */
  readonly issuerName?: Uint8Array;
  readonly outerAlgorithm?: string;
  /** Which of the two algorithm identifiers goes without parameters instead of NULL. */
  readonly withoutParameters?: readonly ('inner' | 'outer')[];
}

export interface ListedEntry {
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason?: number;
  readonly extensions?: readonly Uint8Array[];
}

export const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  critical ? sequence(oid(id), boolean(true), octetString(value)) : sequence(oid(id), octetString(value));

/** UTCTime until 2049, as RFC 5280 §5.1.2.4 demands. */
function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/[-:T]|\.\d{3}/g, '');
  return date.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

function entry({ serialNumber, revokedAt, reason, extensions = [] }: ListedEntry): Uint8Array {
  const all = [
    ...(reason === undefined ? [] : [extension('2.5.29.21', element(0x0a, Uint8Array.of(reason)))]),
    ...extensions,
  ];
  return sequence(
    integerOfSerial(serialNumber),
    time(revokedAt),
    ...(all.length === 0 ? [] : [sequence(...all)]),
  );
}

/** Many entries with serial numbers of 20 octets, filled into a template: the writer would take seconds. */
export function listManyEntries(
  count: number,
  entryAt: (index: number) => { serialNumber: string; revokedAt: Date; reason: number | null },
): Uint8Array {
  const template = Buffer.from(
    `30330214${'00'.repeat(20)}170d${'00'.repeat(13)}300c300a0603551d1504030a0100`,
    'hex',
  );
  const plain = template.length - 14;
  const octets = Buffer.alloc(count * template.length);
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    const { serialNumber, revokedAt, reason } = entryAt(index);
    const length = reason === null ? plain : template.length;
    template.copy(octets, offset, 0, length);
    octets[offset + 1] = length - 2;
    octets.write(serialNumber, offset + 4, 'hex');
    octets.set(time(revokedAt), offset + 24);
    if (reason !== null) octets[offset + length - 1] = reason;
    offset += length;
  }
  return octets.subarray(0, offset);
}

/** Signs a CRL with RSA. */
export function forgeList(forgery: ListForgery): Uint8Array {
  const { issuer, entries = [], number = 1, baseNumber, version1 = false, withoutParameters = [] } = forgery;
  const algorithm = (place: 'inner' | 'outer', id = '1.2.840.113549.1.1.11'): Uint8Array =>
    withoutParameters.includes(place) ? sequence(oid(id)) : sequence(oid(id), nullValue());
  const extensions = [
    ...(number === null ? [] : [extension('2.5.29.20', integer(number))]),
    ...(baseNumber === undefined ? [] : [extension('2.5.29.27', integer(baseNumber), true)]),
    ...(forgery.extensions ?? []),
  ];
  const listed = forgery.listed ?? Buffer.concat(entries.map(entry));
  const tbs = sequence(
    ...(version1 ? [] : [integer(1)]),
    algorithm('inner'),
    forgery.issuerName ?? issuer.certificate.subject.der,
    time(forgery.thisUpdate),
    ...(forgery.nextUpdate === null ? [] : [time(forgery.nextUpdate)]),
    ...(listed.length === 0 ? [] : [element(0x30, listed)]),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
  );
  return sequence(
    tbs,
    algorithm('outer', forgery.outerAlgorithm),
    element(0x03, Uint8Array.of(0), createSign('sha256').update(tbs).sign(issuer.privateKeyPem)),
  );
}
