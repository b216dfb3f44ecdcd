/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2) with its parameters kept as the exact DER, `null` when absent. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: Uint8Array | null;
}

/** One AttributeTypeAndValue of a name, its value decoded to text. */
export interface NameAttribute {
  readonly oid: string;
  readonly value: string;
}

/** A distinguished name: original DER for byte-wise chaining, attributes in their order for reading. */
export interface DistinguishedName {
  readonly der: Uint8Array;
  readonly attributes: readonly NameAttribute[];
}

/** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export interface SubjectPublicKeyInfo {
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** The content of the BIT STRING, without its unused-bits octet. */
  readonly keyBits: Uint8Array;
}

/** One extension, undecoded. */
export interface CertificateExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The content of extnValue: the DER of the extension's own type. */
  readonly value: Uint8Array;
}

/** RFC 5280 §4.2.1.3, the bits by name. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/**
 * A certificate as read, nothing in it proved. Every field is a view over `der`; signatures are checked over `tbs` as it came.
 */
export interface Certificate {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  /** SHA-256 over `der`, lower-case hex. */
  readonly sha256: string;
  /** Content octets of the INTEGER, lower-case hex without leading zero octets. */
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
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  readonly policies: readonly string[];
  readonly subjectKeyId: Uint8Array | null;
  readonly authorityKeyId: Uint8Array | null;
  /** rfc822Name of subjectAltName, if any. */
  readonly emails: readonly string[];
}
