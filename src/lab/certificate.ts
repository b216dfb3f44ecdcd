import { createHash } from 'node:crypto';
import * as pkijs from 'pkijs';
import {
  bitString,
  bmpString,
  boolean,
  children,
  concat,
  context,
  contextPrimitive,
  extension,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  printableString,
  readTlv,
  sequence,
  time,
  tlv,
  toHex,
  unsignedInteger,
  utf8String,
  withFalseWritten,
} from './der.js';
import { OID } from './oid.js';
import { type PrivateKey, type RsaScheme } from './private-key.js';
import { type CertificateWriting, writtenAlgorithms } from './writing.js';

/** How the value of a name attribute is written; `utf8-in-printable` is a PrintableString with octets it may not have. */
export type NameString = 'utf8' | 'printable' | 'ia5' | 'bmp' | 'utf8-in-printable';

/**
 * One attribute of a name; two with one type make the doubled fields that must be refused. Without a kind of string it is as
 * НУЦ РК writes it.
 */
export type NameAttribute = readonly [type: string, value: string, as?: NameString];

/** Name of RFC 5280 §4.1.2.4: one attribute per RDN, UTF8String except for serialNumber and C, as НУЦ РК writes it. */
export function encodeName(attributes: readonly NameAttribute[]): Uint8Array {
  const printable: readonly string[] = [OID.serialNumber, OID.country];
  return sequence(
    ...attributes.map(([type, value, as = printable.includes(type) ? 'printable' : 'utf8']) =>
      tlv(0x31, sequence(oid(type), NAME_STRINGS[as](value))),
    ),
  );
}

const NAME_STRINGS: Readonly<Record<NameString, (value: string) => Uint8Array>> = {
  utf8: utf8String,
  printable: printableString,
  ia5: ia5String,
  bmp: bmpString,
  'utf8-in-printable': (value) => tlv(0x13, new Uint8Array(Buffer.from(value, 'utf8'))),
};

export interface CertificateContent {
  readonly serialNumber: Uint8Array;
  /** Name, DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKeyInfo: Uint8Array;
  /** Extension values, DER, in order. */
  readonly extensions: readonly Uint8Array[];
  readonly writing?: CertificateWriting;
}

/** Certificate of RFC 5280 §4.1, version 3, signed with `signer`. */
export function encodeCertificate(
  content: CertificateContent,
  signer: PrivateKey,
  scheme?: RsaScheme,
): Uint8Array {
  const { parameters, times, falseWritten = false, negativeSerial = false } = content.writing ?? {};
  const { inner, outer } = writtenAlgorithms(signer.identifiers(scheme).signature, parameters);
  const written = times === 'generalized' ? generalizedTime : time;
  const tbs = sequence(
    context(0, integer(2)),
    negativeSerial ? negativeInteger(content.serialNumber) : unsignedInteger(content.serialNumber),
    inner,
    content.issuer,
    sequence(written(content.notBefore), written(content.notAfter)),
    content.subject,
    content.publicKeyInfo,
    context(3, sequence(...(falseWritten ? content.extensions.map(withFalseWritten) : content.extensions))),
  );
  return sequence(tbs, outer, bitString(signer.sign(tbs, scheme)));
}

/** The octets as an INTEGER below zero, in its shortest form. */
function negativeInteger([first = 0, ...rest]: Uint8Array): Uint8Array {
  return tlv(0x02, Uint8Array.of((first & 0x3f) | 0x80, ...rest));
}

export type KeyUsageBit =
  'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'keyAgreement' | 'keyCertSign' | 'cRLSign';

const KEY_USAGE_BITS: Readonly<Record<KeyUsageBit, number>> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
};

export function keyUsage(bits: readonly KeyUsageBit[], critical = true): Uint8Array {
  const octet = bits.reduce((value, bit) => value | (0x80 >> KEY_USAGE_BITS[bit]), 0);
  // DER: trailing zero bits of a named bit list are not encoded
  const unused = octet === 0 ? 0 : Math.log2(octet & -octet);
  return extension(OID.keyUsage, bitString(Uint8Array.of(octet), unused), critical);
}

export const extendedKeyUsage = (purposes: readonly string[], critical = false): Uint8Array =>
  extension(OID.extendedKeyUsage, sequence(...purposes.map(oid)), critical);

export function basicConstraints(ca: boolean, pathLength?: number, critical = true): Uint8Array {
  const content = [
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  ];
  return extension(OID.basicConstraints, sequence(...content), critical);
}

export const subjectKeyIdentifier = (identifier: Uint8Array): Uint8Array =>
  extension(OID.subjectKeyIdentifier, octetString(identifier));

export const authorityKeyIdentifier = (identifier: Uint8Array): Uint8Array =>
  extension(OID.authorityKeyIdentifier, sequence(contextPrimitive(0, identifier)));

export const certificatePolicy = (policy: string, cpsAddress: string): Uint8Array =>
  extension(
    OID.certificatePolicies,
    sequence(sequence(oid(policy), sequence(sequence(oid(OID.cps), ia5String(cpsAddress))))),
  );

export const authorityInfoAccess = (ocspAddress: string, issuerAddress: string): Uint8Array =>
  extension(
    OID.authorityInfoAccess,
    sequence(
      sequence(oid(OID.ocsp), address(ocspAddress)),
      sequence(oid(OID.caIssuers), address(issuerAddress)),
    ),
  );

/** authorityKeyIdentifier that names the issuer's own certificate as well, as the one of nca_gost_2022 does. */
export const authorityKeyIdentifierInFull = (
  identifier: Uint8Array,
  issuer: Uint8Array,
  serialNumber: Uint8Array,
): Uint8Array =>
  extension(
    OID.authorityKeyIdentifier,
    sequence(
      contextPrimitive(0, identifier),
      context(1, context(4, issuer)),
      contextPrimitive(2, readTlv(serialNumber).content),
    ),
  );

/** cRLDistributionPoints or freshestCRL. */
export const crlAddress = (type: string, url: string, critical = false): Uint8Array =>
  extension(type, sequence(sequence(context(0, context(0, address(url))))), critical);

export const emailAddress = (email: string): Uint8Array =>
  extension(OID.subjectAltName, sequence(contextPrimitive(1, latin(email))));

/** rfc822Name with what the applicant typed, though RFC 5280 §4.2.1.6 allows only ASCII there. */
export const emailAsTyped = (octets: Uint8Array): Uint8Array =>
  extension(OID.subjectAltName, sequence(contextPrimitive(1, octets)));

const address = (url: string): Uint8Array => contextPrimitive(6, latin(url));
const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** SHA-1 of the public key bits, RFC 5280 §4.2.1.2 (1). */
export const keyIdentifier = (key: PrivateKey): Uint8Array =>
  new Uint8Array(createHash('sha1').update(key.publicKeyBits).digest());

/** What the laboratory needs to know about a certificate, its own or one out of a key file. */
export interface CertificateFacts {
  /** Lower-case hex without leading zero octets. */
  readonly serialNumber: string;
  /** INTEGER, DER. */
  readonly encodedSerialNumber: Uint8Array;
  /** Names, DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly issuerAttributes: readonly NameAttribute[];
  readonly subjectAttributes: readonly NameAttribute[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKeyInfo: Uint8Array;
  /** Content of the subjectPublicKey bit string. */
  readonly publicKeyBits: Uint8Array;
  readonly keyUsages: readonly string[];
  readonly authorityKeyIdentifier: Uint8Array | null;
}

/** Reads a well-formed certificate. The laboratory trusts its input; this is no verifier. */
export function readCertificate(der: Uint8Array): CertificateFacts {
  const parsed = pkijs.Certificate.fromBER(der);
  const fields = children(children(der)[0] ?? new Uint8Array());
  const [encodedSerialNumber, , issuer, , subject, publicKeyInfo] = fields.slice(1);
  if (!encodedSerialNumber || !issuer || !subject || !publicKeyInfo)
    throw new Error('not an X.509 v3 certificate');
  const find = (id: string): Uint8Array | null => {
    const found = parsed.extensions?.find(({ extnID }) => extnID === id);
    return found ? new Uint8Array(found.extnValue.getValue()) : null;
  };
  const purposes = find(OID.extendedKeyUsage);
  const authority = find(OID.authorityKeyIdentifier);
  return {
    serialNumber: toHex(readTlv(encodedSerialNumber).content).replace(/^00/, ''),
    encodedSerialNumber,
    issuer,
    subject,
    issuerAttributes: attributesOf(parsed.issuer),
    subjectAttributes: attributesOf(parsed.subject),
    notBefore: parsed.notBefore.value,
    notAfter: parsed.notAfter.value,
    publicKeyInfo,
    publicKeyBits: readTlv(children(publicKeyInfo)[1] ?? new Uint8Array()).content.slice(1),
    keyUsages: purposes ? pkijs.ExtKeyUsage.fromBER(purposes).keyPurposes : [],
    authorityKeyIdentifier: authority ? readTlv(concat(children(authority).slice(0, 1))).content : null,
  };
}

function attributesOf(name: pkijs.RelativeDistinguishedNames): NameAttribute[] {
  return name.typesAndValues.map(({ type, value }) => [type, value.valueBlock.value]);
}
