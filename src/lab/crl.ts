import { authorityKeyIdentifier, keyIdentifier } from './certificate.js';
import {
  bitString,
  concat,
  context,
  enumerated,
  extension,
  generalizedTime,
  integer,
  sequence,
  time,
  tlv,
  unsignedInteger,
  withFalseWritten,
} from './der.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';
import { type ParameterWriting, writtenAlgorithms } from './writing.js';

/** One revoked certificate. Reason codes: RFC 5280 §5.3.1; 8 is removeFromCRL in a delta. */
export interface CrlEntry {
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Date;
  readonly reasonCode?: number;
  /** Further extensions of the entry, encoded. */
  readonly extensions?: readonly Uint8Array[];
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
  /** `nca-2026`: the inner AlgorithmIdentifier without parameters, the outer one with NULL. Default: NULL in both. */
  readonly dialect?: ParameterWriting;
  /** What stands where nothing is revoked: by RFC 5280 §5.1.2.6 nothing, from other authorities an empty SEQUENCE. */
  readonly emptyList?: 'absent' | 'sequence';
  /** GeneralizedTime also before 2050. */
  readonly times?: 'generalized';
  /** `critical FALSE` is written out in the extensions of the list. */
  readonly falseWritten?: boolean;
}

/** CertificateList of RFC 5280 §5.1, version 2, DER. Long lists are best signed with RSA: Streebog here takes seconds for 20 MB. */
export function encodeCrl(content: CrlContent): Uint8Array {
  const { privateKey, facts } = content.issuer;
  const { inner, outer } = writtenAlgorithms(privateKey.identifiers().signature, content.dialect);
  const written = content.times === 'generalized' ? generalizedTime : time;
  const entries = Array.from(content.entries, (entry) => encodeEntry(entry, written));
  const extensions = [
    authorityKeyIdentifier(keyIdentifier(privateKey)),
    ...(content.number === null ? [] : [extension(OID.crlNumber, integer(content.number))]),
    ...(content.base === undefined ? [] : [extension(OID.deltaCrlIndicator, integer(content.base), true)]),
    ...(content.extensions ?? []),
  ];
  const tbs = sequence(
    integer(1),
    inner,
    facts.subject,
    written(content.thisUpdate),
    ...(content.nextUpdate ? [written(content.nextUpdate)] : []),
    // RFC 5280 §5.1.2.6: absent when nothing is revoked
    ...(entries.length > 0 || content.emptyList === 'sequence' ? [tlv(0x30, concat(entries))] : []),
    context(0, sequence(...(content.falseWritten ? extensions.map(withFalseWritten) : extensions))),
  );
  const signature = privateKey.sign(tbs);
  if (content.spoilSignature) signature[0] = (signature[0] ?? 0) ^ 1;
  return sequence(tbs, outer, bitString(signature));
}

function encodeEntry(
  { serialNumber, revokedAt, reasonCode, extensions = [] }: CrlEntry,
  written: (at: Date) => Uint8Array,
): Uint8Array {
  const reason = reasonCode === undefined ? undefined : REASONS[reasonCode];
  const all = [...(reason ? [reason] : []), ...extensions];
  return sequence(
    unsignedInteger(serialNumber),
    written(revokedAt),
    ...(all.length > 0 ? [sequence(...all)] : []),
  );
}

/** The extension with each reason code, encoded once: lists have hundreds of thousands of entries. */
const REASONS = Array.from({ length: 11 }, (_, code) => extension(OID.reasonCode, enumerated(code)));
