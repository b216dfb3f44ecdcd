import { createHash } from 'node:crypto';
import { fieldsOf } from '../asn1/fields.js';
import { type Element, TAG } from '../asn1/reader.js';
import { readOctets, readSerialNumber, sameOctets } from '../asn1/values.js';
import { nullValue, octetString, oid, sequence, serialNumber } from '../asn1/writer.js';
import { type Certificate } from '../certificate/certificate.js';
import { readAlgorithm } from '../certificate/public-key.js';
import { DIGEST } from '../oid.js';
import { type CertIdHash } from './question.js';

/** How OCSP names a certificate: by its issuer's name and key, hashed, and its serial number (RFC 6960 §4.1.1). */
export interface CertId {
  readonly hashOid: string;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** As `Certificate.serialNumber`. */
  readonly serialNumber: string;
}

const HASH_OIDS: Readonly<Record<CertIdHash, string>> = { sha256: DIGEST.sha256, sha1: DIGEST.sha1 };

/** The CertID of a certificate under its issuer. */
export function certIdOf(
  certificate: Pick<Certificate, 'serialNumber'>,
  issuer: Certificate,
  hash: CertIdHash,
): CertId {
  const hashed = (octets: Uint8Array): Uint8Array => new Uint8Array(createHash(hash).update(octets).digest());
  return {
    hashOid: HASH_OIDS[hash],
    issuerNameHash: hashed(issuer.subject.der),
    issuerKeyHash: hashed(issuer.publicKey.keyBits),
    serialNumber: certificate.serialNumber,
  };
}

/** Reads a CertID. Throws `ASN1_UNEXPECTED`. */
export function readCertId(element: Element): CertId {
  const fields = fieldsOf(element);
  const algorithm = readAlgorithm(fields.required(TAG.sequence));
  const issuerNameHash = readOctets(fields.any());
  const issuerKeyHash = readOctets(fields.any());
  const serialNumber = readSerialNumber(fields.any());
  fields.end();
  return { hashOid: algorithm.oid, issuerNameHash, issuerKeyHash, serialNumber };
}

/** The CertID as DER. */
export function encodeCertId(id: CertId): Uint8Array {
  return sequence(
    sequence(oid(id.hashOid), nullValue()),
    octetString(id.issuerNameHash),
    octetString(id.issuerKeyHash),
    serialNumber(id.serialNumber),
  );
}

/** Whether two CertIDs name the same certificate in the same way. */
export function sameCertId(a: CertId, b: CertId): boolean {
  return (
    a.hashOid === b.hashOid &&
    a.serialNumber === b.serialNumber &&
    sameOctets(a.issuerNameHash, b.issuerNameHash) &&
    sameOctets(a.issuerKeyHash, b.issuerKeyHash)
  );
}
