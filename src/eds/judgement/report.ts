import { digestTitle } from '../algorithms/digest.js';
import { type SignatureScheme } from '../algorithms/scheme.js';
import { type Certificate } from '../certificate/certificate.js';
import { formatName } from '../certificate/name.js';
import { type VerdictCode, type WarningCode } from '../error.js';
import { type Identity } from '../identity.js';
import { type RevocationFinding } from './revocation.js';
import {
  type CertificateReport,
  type ReportKind,
  type RevocationReport,
  type SignatureReport,
  type SignedContent,
  type SignerReport,
  type Step,
  type StepName,
  type TimestampReport,
  type VerificationReport,
} from './verdict.js';
import { PASSED, type Verdict, worstOf } from './verdict-rules.js';

/** A time-stamp with its last word. */
interface ReportedTimestamp {
  readonly code: VerdictCode | null;
  readonly genTime: Date | null;
  readonly certificate: Certificate | null;
}

/** What came to light about one signature by the time the verdict fell. */
export interface SignatureFacts {
  readonly format: string;
  readonly certificate: Certificate | null;
  readonly scheme: SignatureScheme | null;
  readonly claimedSigningTime: Date | null;
  readonly bestSignatureTime: Date | null;
  readonly contentVerified: boolean;
  readonly signedContent: SignedContent | null;
  /** Only once the signature is proved to be by the holder of a certificate with a proved path. */
  readonly identity: Identity | null;
  readonly path: readonly Certificate[];
  readonly revocation: readonly { readonly certificate: Certificate; readonly finding: RevocationFinding }[];
  readonly timestamps: readonly ReportedTimestamp[];
  readonly warnings: readonly WarningCode[];
}

export const NO_FACTS: SignatureFacts = Object.freeze({
  format: 'CMS',
  certificate: null,
  scheme: null,
  claimedSigningTime: null,
  bestSignatureTime: null,
  contentVerified: false,
  signedContent: null,
  identity: null,
  path: [],
  revocation: [],
  timestamps: [],
  warnings: [],
});

const STEP_NAMES: readonly StepName[] = [
  'structure',
  'digest',
  'signature',
  'path',
  'revocation',
  'timestamp',
  'policy',
  'identity',
];

/** Collects what became of each step; a step never recorded was not run. */
export interface StepLog {
  readonly record: (name: StepName, verdict: Verdict) => void;
  /** Every step in the order of the public contract. */
  readonly steps: () => readonly Step[];
}

export function createStepLog(passed: readonly StepName[]): StepLog {
  const verdicts = new Map<StepName, Verdict>(passed.map((name) => [name, PASSED]));
  return {
    record: (name, verdict) => verdicts.set(name, verdict),
    steps: () => STEP_NAMES.map((name) => stepOf(name, verdicts.get(name))),
  };
}

function stepOf(name: StepName, verdict: Verdict | undefined): Step {
  if (verdict === undefined) return { name, result: 'not-run', code: null };
  const results = { TOTAL_PASSED: 'passed', INDETERMINATE: 'indeterminate', TOTAL_FAILED: 'failed' } as const;
  return { name, result: results[verdict.indication], code: verdict.code };
}

/** The public report on one signature. */
export function reportSignature(
  facts: SignatureFacts,
  steps: readonly Step[],
  verdict: Verdict,
): SignatureReport {
  const { scheme, identity, certificate } = facts;
  return {
    ...verdict,
    format: facts.format,
    algorithm:
      scheme === null
        ? null
        : { key: scheme.key, digest: digestTitle(scheme.digest), signatureOid: scheme.signatureOid },
    claimedSigningTime: facts.claimedSigningTime?.toISOString() ?? null,
    bestSignatureTime: facts.bestSignatureTime?.toISOString() ?? null,
    contentVerified: facts.contentVerified,
    signedContent: facts.signedContent,
    signer: identity === null ? null : reportSigner(identity),
    certificate: certificate === null ? null : reportCertificate(certificate),
    path: facts.path.map(({ sha256 }) => sha256),
    revocation: facts.revocation.map(({ certificate: asked, finding }) => reportRevocation(asked, finding)),
    timestamps: facts.timestamps.map(reportTimestamp),
    steps,
    warnings: facts.warnings,
  };
}

/** What every report says of how it came about. */
interface ReportContext {
  readonly trustVersion: string;
  readonly policy: string;
  readonly at: Date;
  /** Default `signature`. */
  readonly kind?: ReportKind;
}

/** The public report on all signatures of one input: the worst of them decides. */
export function reportAll(
  signatures: readonly SignatureReport[],
  context: ReportContext,
): VerificationReport {
  return conclude(signatures, worstOf(signatures), context);
}

/** The public report on input that holds no signature to judge. */
export function reportNothing(verdict: Verdict, context: ReportContext): VerificationReport {
  return conclude([], verdict, context);
}

function conclude(
  signatures: readonly SignatureReport[],
  { indication, subIndication, code }: Verdict,
  context: ReportContext,
): VerificationReport {
  return {
    kind: context.kind ?? 'signature',
    indication,
    subIndication,
    code,
    validatedAt: context.at.toISOString(),
    trust: { version: context.trustVersion },
    policy: context.policy,
    signatures,
  };
}

function reportSigner(identity: Identity): SignerReport {
  const { kind, name, iin, bin, organisation, roles, email } = identity;
  return { kind, name, iin, bin, organisation, roles, email };
}

function reportCertificate(certificate: Certificate): CertificateReport {
  return {
    serialNumber: certificate.serialNumber,
    issuer: formatName(certificate.issuer),
    subject: formatName(certificate.subject),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    sha256: certificate.sha256,
  };
}

function reportRevocation({ sha256 }: Certificate, finding: RevocationFinding): RevocationReport {
  return {
    certificate: sha256,
    source: finding.source,
    status: finding.status,
    revokedAt: 'revokedAt' in finding ? finding.revokedAt.toISOString() : null,
    producedAt: 'producedAt' in finding ? finding.producedAt.toISOString() : null,
  };
}

function reportTimestamp({ code, genTime, certificate }: ReportedTimestamp): TimestampReport {
  return {
    valid: code === null,
    time: genTime?.toISOString() ?? null,
    tsa: certificate === null ? null : formatName(certificate.subject),
    code,
  };
}
