import { createHash } from 'node:crypto';
import { fieldsOf, onlyChild } from '../asn1/fields.js';
import { constructedTag, primitiveTag, readDer, readingAs, TAG } from '../asn1/reader.js';
import { readTime } from '../asn1/time.js';
import { readBitOctets, readSerialNumber, readSmallInteger } from '../asn1/values.js';
import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { EXTENSION } from '../oid.js';
import {
  type BasicConstraints,
  type CertificateExtension,
  type KeyUsage,
  readAuthorityKeyId,
  readBasicConstraints,
  readEmails,
  readExtendedKeyUsage,
  readExtensions,
  readKeyUsage,
  readPolicies,
  readSubjectKeyId,
} from './extensions.js';
import { type DistinguishedName, readName } from './name.js';
import {
  type AlgorithmIdentifier,
  readAlgorithm,
  readPublicKey,
  sameAlgorithm,
  type SubjectPublicKeyInfo,
} from './public-key.js';

export { type CertificateExtension, type KeyUsage } from './extensions.js';
export { type DistinguishedName } from './name.js';
export { type AlgorithmIdentifier, type SubjectPublicKeyInfo } from './public-key.js';

/**
 * A certificate as read, nothing in it proved. Every field is a view over `der`; signatures are checked over `tbs` as it came.
 */
export interface Certificate {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  /** SHA-256 over `der`, lower-case hex. */
  readonly sha256: string;
  /** Lower-case hex without leading zero octets; after a `-` where it is negative. */
  readonly serialNumber: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: SubjectPublicKeyInfo;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly extensions: readonly CertificateExtension[];
  /** `null` where the extension is absent. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  readonly extendedKeyUsage: readonly string[] | null;
  readonly basicConstraints: BasicConstraints | null;
  readonly policies: readonly string[];
  readonly subjectKeyId: Uint8Array | null;
  readonly authorityKeyId: Uint8Array | null;
  /** rfc822Name of subjectAltName, if any. */
  readonly emails: readonly string[];
  /**
   * Identifiers of the name attributes and extensions that are not what their type says. Only such as decide nothing can
   * stand here: text, e-mail addresses, policies, key identifiers.
   */
  readonly unreadable: readonly string[];
}

/**
 * Reads one X.509 v3 certificate (RFC 5280 §4.1) and decodes the extensions the library acts on. Text that is not of its type
 * and extensions that decide nothing do not end the reading; see `unreadable`.
 *
 * @param der exactly one certificate in DER; the result holds views over it, so it must not be changed afterwards
 * @throws EdsError `CERTIFICATE_MALFORMED` or `ASN1_*`
 */
export function parseCertificate(der: Uint8Array): Certificate {
  return readingAs('CERTIFICATE_MALFORMED', 'the certificate', () => {
    const outer = fieldsOf(readDer(der, LIMITS.certificate));
    const tbs = outer.required(TAG.sequence);
    const signatureAlgorithm = readAlgorithm(outer.required(TAG.sequence));
    const signature = readBitOctets(outer.any());
    outer.end();

    const fields = fieldsOf(tbs);
    const version = fields.optional(constructedTag(0));
    // Version 1 has no extensions, so nothing could say whether such a certificate is a CA.
    if (version === null || readSmallInteger(onlyChild(version)) !== 2) {
      throw new EdsError('CERTIFICATE_MALFORMED', 'the certificate is not of version 3');
    }
    // RFC 5280 §4.1.2.2: positive, but users should be prepared for others; the sign keeps them apart.
    const serialNumber = readSerialNumber(fields.any());
    const innerAlgorithm = readAlgorithm(fields.required(TAG.sequence));
    // RFC 5280 §4.1.1.2: the algorithm under the signature and the one beside it must be the same.
    if (!sameAlgorithm(innerAlgorithm, signatureAlgorithm)) {
      throw new EdsError('CERTIFICATE_MALFORMED', 'the certificate names two signature algorithms');
    }
    const issuer = readName(fields.any());
    const validity = fieldsOf(fields.any());
    const notBefore = readTime(validity.any());
    const notAfter = readTime(validity.any());
    validity.end();
    const subject = readName(fields.any());
    const publicKey = readPublicKey(fields.any());
    fields.optional(primitiveTag(1));
    fields.optional(primitiveTag(2));
    const wrapper = fields.optional(constructedTag(3));
    fields.end();
    const extensions = wrapper === null ? [] : readExtensions(onlyChild(wrapper));

    return {
      der,
      tbs: tbs.bytes,
      sha256: createHash('sha256').update(der).digest('hex'),
      serialNumber,
      issuer,
      subject,
      notBefore,
      notAfter,
      publicKey,
      signatureAlgorithm,
      signature,
      extensions,
      ...decodeExtensions(extensions, [issuer, subject]),
    };
  });
}

type Decoded = Pick<
  Certificate,
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'basicConstraints'
  | 'policies'
  | 'subjectKeyId'
  | 'authorityKeyId'
  | 'emails'
  | 'unreadable'
>;

function decodeExtensions(
  extensions: readonly CertificateExtension[],
  names: readonly DistinguishedName[],
): Decoded {
  const unreadable = new Set(
    names.flatMap(({ attributes }) => attributes.filter(({ repaired }) => repaired).map(({ oid }) => oid)),
  );
  const decode = <T>(oid: string, read: (value: Uint8Array) => T): T | null => {
    const extension = extensions.find((candidate) => candidate.oid === oid);
    return extension === undefined ? null : read(extension.value);
  };
  /** RFC 5280 §4.2: what is critical must be processed, so it must be readable. */
  const decodeIfReadable = <T>(oid: string, read: (value: Uint8Array) => T): T | null => {
    try {
      return decode(oid, read);
    } catch (error) {
      const critical = extensions.some((extension) => extension.oid === oid && extension.critical);
      if (!(error instanceof EdsError) || critical) throw error;
      unreadable.add(oid);
      return null;
    }
  };
  const emails = decodeIfReadable(EXTENSION.subjectAltName, readEmails) ?? [];
  if (emails.includes(null)) unreadable.add(EXTENSION.subjectAltName);
  return {
    keyUsage: decode(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: decode(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    basicConstraints: decode(EXTENSION.basicConstraints, readBasicConstraints),
    policies: decodeIfReadable(EXTENSION.certificatePolicies, readPolicies) ?? [],
    subjectKeyId: decodeIfReadable(EXTENSION.subjectKeyIdentifier, readSubjectKeyId),
    authorityKeyId: decodeIfReadable(EXTENSION.authorityKeyIdentifier, readAuthorityKeyId),
    emails: emails.filter((email) => email !== null),
    unreadable: [...unreadable],
  };
}
