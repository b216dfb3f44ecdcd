/**
 * What the verifier answers: plain JSON data in the shape of the public contract (docs/verdict.md), so that the CLI prints
 * it, HTTP returns it and a worker posts it unchanged. Times are RFC 3339 strings in UTC, fingerprints lower-case hex.
 */
import { type VerdictCode, type WarningCode } from '../error.js';

/** ETSI EN 319 102-1 §5.1.3 main indications. Only `TOTAL_PASSED` is a yes. */
export type Indication = 'TOTAL_PASSED' | 'INDETERMINATE' | 'TOTAL_FAILED';

/** ETSI EN 319 102-1 table 5 and 6, those this verifier can reach. */
export type SubIndication =
  // with TOTAL_FAILED
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  // with INDETERMINATE
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'SIGNED_DATA_NOT_FOUND'
  | 'REVOKED_NO_POE'
  | 'REVOKED_CA_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'OUT_OF_BOUNDS_NOT_REVOKED'
  | 'TRY_LATER';

export type StepName =
  'structure' | 'digest' | 'signature' | 'path' | 'revocation' | 'timestamp' | 'policy' | 'identity';

export interface Step {
  readonly name: StepName;
  readonly result: 'passed' | 'failed' | 'indeterminate' | 'not-run';
  readonly code: VerdictCode | null;
}

export interface SignerReport {
  /** `organisation`: the certificate tells a BIN and no person. */
  readonly kind: 'individual' | 'employee' | 'information-system' | 'organisation';
  readonly name: string;
  readonly iin: string | null;
  readonly bin: string | null;
  readonly organisation: string | null;
  /** Names of the template OIDs in the certificate: `head`, `signing-right`, `finance`, `hr`, `employee`, … */
  readonly roles: readonly string[];
  readonly email: string | null;
}

export interface CertificateReport {
  readonly serialNumber: string;
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
}

export interface RevocationReport {
  /** SHA-256 of the certificate that was asked about. */
  readonly certificate: string;
  readonly source: 'ocsp' | 'crl' | 'none';
  readonly status: 'good' | 'revoked' | 'on-hold' | 'unknown' | 'not-issued' | 'unavailable' | 'not-checked';
  readonly revokedAt: string | null;
  readonly producedAt: string | null;
}

export interface TimestampReport {
  readonly valid: boolean;
  readonly time: string | null;
  readonly tsa: string | null;
  readonly code: VerdictCode | null;
}

/** The octets a signature covers: what a reader has to look at to see what was signed. */
export interface SignedContent {
  /** SHA-256 over exactly these octets, lower-case hex; for XML over their canonical form. */
  readonly sha256: string;
  /** How many they are. */
  readonly octets: number;
  /** `part`: the rest of the document is not covered. */
  readonly scope: 'whole' | 'part';
  /** The covered element of an XML document as `{namespace}name`, where it is not the whole. */
  readonly element: string | null;
}

export interface SignatureReport {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  /** The first reason found; null only with `TOTAL_PASSED`. */
  readonly code: VerdictCode | null;
  readonly format: string;
  readonly algorithm: { readonly key: string; readonly digest: string; readonly signatureOid: string } | null;
  readonly claimedSigningTime: string | null;
  readonly bestSignatureTime: string | null;
  readonly contentVerified: boolean;
  /** Only once the signature is proved to cover them. */
  readonly signedContent: SignedContent | null;
  readonly signer: SignerReport | null;
  readonly certificate: CertificateReport | null;
  readonly path: readonly string[];
  readonly revocation: readonly RevocationReport[];
  readonly timestamps: readonly TimestampReport[];
  readonly steps: readonly Step[];
  /** Notes that do not change the verdict, for example an IIN whose checksum fails. */
  readonly warnings: readonly WarningCode[];
}

/** What was judged. Only a `signature` has a signer; the others are in order or not as what they are. */
export type ReportKind = 'signature' | 'certificate' | 'ocsp' | 'crl' | 'timestamp';

/** A CA that is known by its pin and whose certificate the installation does not have. */
export interface AbsentAuthority {
  readonly name: string;
  readonly subject: string;
  readonly sha256: string;
  /** The command that obtains it. */
  readonly obtain: string;
}

export interface VerificationReport {
  readonly kind: ReportKind;
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  /** The reason of the worst signature, or why there is none to speak of; null only with `TOTAL_PASSED`. */
  readonly code: VerdictCode | null;
  readonly validatedAt: string;
  readonly trust: {
    readonly version: string;
    /** Where a certificate is not trusted because that of its CA was never obtained. */
    readonly absent?: readonly AbsentAuthority[];
  };
  readonly policy: string;
  readonly signatures: readonly SignatureReport[];
}
