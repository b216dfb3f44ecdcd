/** Bounds of one reading of ASN.1. Whatever the input claims, memory and time stay within them. */
export interface Asn1Limits {
  /** Levels of nesting below the outermost element. */
  readonly maxDepth: number;
  /** Octets of the whole input. */
  readonly maxLength: number;
  /** Elements created in the whole reading. */
  readonly maxElements: number;
}

/**
 * How large a message, a certificate, a time-stamp and a statement about revocation may be. What goes beyond is `ASN1_TOO_DEEP`, `ASN1_TOO_LARGE` or
 * `FORMAT_TOO_LARGE`: not a broken signature, one that is not judged.
 */
export const LIMITS = Object.freeze({
  /** What is handed in, before it is known what it is. */
  input: Object.freeze({
    /** Of a file or text; half as much again as the largest DER. */
    maxOctets: 192 * 1024 * 1024,
    /** Blocks of one PEM text. */
    maxBlocks: 1000,
    /** Base64 and PEM inside each other. */
    maxEncodings: 3,
    /** Quotes, arrays and data URIs around them. */
    maxWrappings: 6,
    /** Octets of a JSON that is read as such; above it only one array and one pair of quotes are taken off. */
    maxJson: 1024 * 1024,
  }),
  /** A CMS message, and whatever has no bounds of its own. */
  asn1: Object.freeze({
    maxDepth: 32,
    maxLength: 128 * 1024 * 1024,
    maxElements: 250_000,
  }) satisfies Asn1Limits,
  /** НУЦ РК's certificates have one to two kilobytes. */
  certificate: Object.freeze({
    maxDepth: 16,
    maxLength: 64 * 1024,
    maxElements: 2000,
  }) satisfies Asn1Limits,
  /** A token with its whole chain of certificates has about ten kilobytes. */
  timestamp: Object.freeze({
    maxDepth: 32,
    maxLength: 1024 * 1024,
    maxElements: 20_000,
  }) satisfies Asn1Limits,
  /** An answer of a responder; one about one certificate has two to five kilobytes. */
  ocsp: Object.freeze({
    maxDepth: 24,
    maxLength: 256 * 1024,
    maxElements: 20_000,
    /** A responder has one; a few more may come along. Each would cost a signature to verify. */
    maxCertificates: 8,
    /** Certificates one answer speaks of. */
    maxResponses: 64,
  }) satisfies Asn1Limits & Readonly<Record<string, number>>,
  /** A list of revoked certificates, read as a stream. */
  crl: Object.freeze({
    /** Octets of one element; none but the list itself is larger. */
    maxElement: 64 * 1024,
    /** Positions that fit beside 32 bits of a serial number in a double. */
    maxEntries: 2 ** 21,
  }),
  /** One message. Signed documents in circulation have up to a dozen signers and certificates. */
  cms: Object.freeze({
    maxSigners: 64,
    /** Different ones; a certificate that stands several times counts once. */
    maxCertificates: 128,
    /** Of one signer, signed and unsigned each. */
    maxAttributes: 64,
    /** ASN.1 elements in the signed attributes of one signer. */
    maxAttributeElements: 4096,
    /** Time-stamps of one signature: each costs a signature to verify. */
    maxTimestamps: 8,
    /** Zero octets after the message, as a PDF leaves them in `/Contents`. */
    maxPadding: 1024 * 1024,
  }),
});
