import { authorityKeyIdentifier, keyIdentifier } from './certificate.js';
import {
  bitString,
  concat,
  context,
  enumerated,
  extension,
  integer,
  sequence,
  time,
  tlv,
  unsignedInteger,
} from './der.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';

/** One revoked certificate. Reason codes: RFC 5280 §5.3.1; 8 is removeFromCRL in a delta. */
export interface CrlEntry {
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Date;
  readonly reasonCode?: number;
}

export interface CrlContent {
  readonly issuer: LabKey;
  readonly thisUpdate: Date;
  /** null leaves the field out. */
  readonly nextUpdate: Date | null;
  /** CRLNumber; null leaves the extension out. */
  readonly number: number | null;
  /** A delta CRL: the BaseCRLNumber of its critical deltaCRLIndicator. */
  readonly base?: number;
  readonly entries: Iterable<CrlEntry>;
  readonly spoilSignature?: boolean;
  /** Further extensions of the list, encoded. */
  readonly extensions?: readonly Uint8Array[];
}

/** CertificateList of RFC 5280 §5.1, version 2, DER. Long lists are best signed with RSA: Streebog here takes seconds for 20 MB. */
export function encodeCrl(content: CrlContent): Uint8Array {
  const { privateKey, facts } = content.issuer;
  const algorithm = privateKey.identifiers().signature;
  const entries = Array.from(content.entries, encodeEntry);
  const extensions = [
    authorityKeyIdentifier(keyIdentifier(privateKey)),
    ...(content.number === null ? [] : [extension(OID.crlNumber, integer(content.number))]),
    ...(content.base === undefined ? [] : [extension(OID.deltaCrlIndicator, integer(content.base), true)]),
    ...(content.extensions ?? []),
  ];
  const tbs = sequence(
    integer(1),
    algorithm,
    facts.subject,
    time(content.thisUpdate),
    ...(content.nextUpdate ? [time(content.nextUpdate)] : []),
    // RFC 5280 §5.1.2.6: absent when nothing is revoked
    ...(entries.length > 0 ? [tlv(0x30, concat(entries))] : []),
    context(0, sequence(...extensions)),
  );
  const signature = privateKey.sign(tbs);
  if (content.spoilSignature) signature[0] = (signature[0] ?? 0) ^ 1;
  return sequence(tbs, algorithm, bitString(signature));
}

function encodeEntry({ serialNumber, revokedAt, reasonCode }: CrlEntry): Uint8Array {
  const reason = reasonCode === undefined ? undefined : REASONS[reasonCode];
  return sequence(unsignedInteger(serialNumber), time(revokedAt), ...(reason ? [reason] : []));
}

/** crlEntryExtensions with each reason code, encoded once: lists have hundreds of thousands of entries. */
const REASONS = Array.from({ length: 11 }, (_, code) =>
  sequence(extension(OID.reasonCode, enumerated(code))),
);
