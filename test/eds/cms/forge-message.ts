import { encodeCertificate, encodeName, extendedKeyUsage, keyUsage } from '../../../src/lab/certificate.js';
import {
  context,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  time,
  unsignedInteger,
} from '../../../src/lab/der.js';
import { type Laboratory } from '../../../src/lab/index.js';
import { OID } from '../../../src/lab/oid.js';
import { generatePrivateKey, type PrivateKey } from '../../../src/lab/private-key.js';

/** A key with a certificate that need not be readable. */
export interface ForgedKey {
  readonly privateKey: PrivateKey;
  readonly certificate: Uint8Array;
  /** Name and INTEGER, DER. */
  readonly issuer: Uint8Array;
  readonly serialNumber: Uint8Array;
}

export interface ForgedCertificate {
  /** Name, DER. */
  readonly subject?: Uint8Array;
  /** Besides keyUsage and extendedKeyUsage of a person. */
  readonly extensions?: readonly Uint8Array[];
  readonly serialNumber?: number;
  /** The key of a certificate made before. */
  readonly key?: ForgedKey;
}

let issued = 0;

const PERSON: readonly (readonly [string, string])[] = [
  [OID.commonName, 'СЕРІКОВ АРМАН'],
  [OID.surname, 'СЕРІКОВ'],
  [OID.serialNumber, 'IIN900101307778'],
  [OID.country, 'KZ'],
];

/** A certificate by the issuing authority of the laboratory, with any octets as its subject and extensions. */
export async function forgeCertificate(lab: Laboratory, parts: ForgedCertificate = {}): Promise<ForgedKey> {
  const { issuing } = lab.hierarchy('gost2015-512');
  const privateKey = parts.key?.privateKey ?? (await generatePrivateKey('gost2015-512'));
  issued += 1;
  const serialNumber = unsignedInteger(Uint8Array.of(0x10, parts.serialNumber ?? issued));
  const certificate = encodeCertificate(
    {
      serialNumber: serialNumber.subarray(2),
      issuer: issuing.facts.subject,
      subject: parts.subject ?? encodeName(PERSON),
      notBefore: new Date(lab.now().getTime() - 86_400_000),
      notAfter: new Date(lab.now().getTime() + 86_400_000),
      publicKeyInfo: privateKey.publicKeyInfo,
      extensions: [
        keyUsage(['digitalSignature', 'nonRepudiation']),
        extendedKeyUsage([OID.emailProtection, OID.individual]),
        ...(parts.extensions ?? []),
      ],
    },
    issuing.privateKey,
  );
  return { privateKey, certificate, issuer: issuing.facts.subject, serialNumber };
}

/** Attribute (RFC 5652 §5.3). */
export const attribute = (type: string, ...values: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(type), setOf(...values));

/** What may be written otherwise than the standard says, piece by piece. */
export interface MessagePieces {
  readonly contentInfoType?: string;
  readonly version?: Uint8Array;
  readonly digestAlgorithms?: Uint8Array;
  /** EncapsulatedContentInfo; `null` for a detached signature. */
  readonly encapsulated?: Uint8Array | null;
  readonly certificates?: readonly Uint8Array[];
  readonly signerVersion?: Uint8Array;
  readonly identifier?: Uint8Array;
  /** Besides contentType and messageDigest. */
  readonly attributes?: readonly Uint8Array[];
  /** The `[0]` that is sent, made of the attributes in DER order. */
  readonly sent?: (sorted: readonly Uint8Array[]) => Uint8Array;
  /** What the signature is over; default the DER. */
  readonly signedOver?: (sorted: readonly Uint8Array[]) => Uint8Array;
  /** The whole `[1]`; a function is given the signature. */
  readonly unsigned?: Uint8Array | ((signature: Uint8Array) => Uint8Array);
  /** How often the SignerInfo stands in the message. */
  readonly copies?: number;
}

export function signingTime(at: Date): Uint8Array {
  return attribute(OID.signingTime, time(at));
}

/** ContentInfo with SignedData by one signer. */
export function forgeMessage(key: ForgedKey, content: Uint8Array, pieces: MessagePieces = {}): Uint8Array {
  const { digest, signature: algorithm } = key.privateKey.identifiers();
  const sorted = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octetString(key.privateKey.digest(content))),
    ...(pieces.attributes ?? []),
  ].sort((one, other) => Buffer.compare(one, other));
  const covered = pieces.signedOver?.(sorted) ?? setOf(...sorted);
  const signature = key.privateKey.sign(covered);
  const { unsigned } = pieces;
  const signer = sequence(
    pieces.signerVersion ?? integer(1),
    pieces.identifier ?? sequence(key.issuer, key.serialNumber),
    digest,
    pieces.sent?.(sorted) ?? context(0, ...sorted),
    algorithm,
    octetString(signature),
    ...(unsigned === undefined ? [] : [typeof unsigned === 'function' ? unsigned(signature) : unsigned]),
  );
  const enclosed = pieces.encapsulated ?? sequence(oid(OID.data), context(0, octetString(content)));
  const signedData = sequence(
    pieces.version ?? integer(1),
    pieces.digestAlgorithms ?? setOf(digest),
    pieces.encapsulated === null ? sequence(oid(OID.data)) : enclosed,
    context(0, ...(pieces.certificates ?? [key.certificate])),
    setOf(...new Array<Uint8Array>(pieces.copies ?? 1).fill(signer)),
  );
  return sequence(oid(pieces.contentInfoType ?? OID.signedData), context(0, signedData));
}
