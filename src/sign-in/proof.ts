/** From a signed challenge to a person proved by a certificate: challenge, signature, path, revocation, identity, in that order. */
import { type Bin, type Iin, parseBin, parseIin } from '../accounts/national-number.js';
import { type VerdictFacts } from '../audit/event.js';
import { type Challenge, takeChallenge } from '../challenge/challenge.js';
import { type ChallengeStore } from '../challenge/store.js';
import { type ChallengePurpose } from '../challenge/text.js';
import { readSignatureInput } from '../eds/asn1/signature-input.js';
import { type SignatureReport, type VerificationReport } from '../eds/judgement/verdict.js';
import { type Terms, termsOf } from '../personal-data/terms.js';
import { type JudgeLogin, type Verdicts } from '../verdicts/verdicts.js';
import { type RefusalCode } from './refusal.js';
import { orUnavailable } from './unit.js';
import { type Visitor } from './visitor.js';

export interface ProofParts {
  readonly storage: { readonly challenges: ChallengeStore };
  readonly verdicts: Pick<Verdicts, 'withPlace'>;
  readonly clock: () => Date;
  /** Serialised origin, which stands in every challenge. */
  readonly origin: string;
  /** Where terms are signed. */
  readonly terms?: Terms;
}

export interface ProofAttempt {
  readonly challengeId: string;
  /** What NCALayer returned: PEM or base64 of a CMS SignedData, attached or detached. */
  readonly signature: string;
  /** What the challenge must have been issued for. */
  readonly purpose: ChallengePurpose;
}

/** The certificate that answered the challenge. */
export interface ProvedCertificate {
  readonly sha256: string;
  readonly serialNumber: string;
  readonly notAfter: Date;
  readonly der: Uint8Array;
  /** SHA-256 of the certificate of its issuer, lower-case hex. */
  readonly issuerSha256: string;
}

/** A person proved by their own key, now, for one purpose. Everything here comes from the verified certificate. */
export interface Proof {
  readonly outcome: 'proved';
  readonly iin: Iin;
  /** `null` for a personal certificate. */
  readonly bin: Bin | null;
  readonly name: string;
  readonly organisationName: string | null;
  /** Names of the template OIDs: `head`, `signing-right`, `finance`, `hr`, `employee`, … */
  readonly roles: readonly string[];
  readonly certificate: ProvedCertificate;
  /** The challenge that was answered, used up by now. */
  readonly challenge: Challenge;
  /** The signature as DER: evidence. */
  readonly cms: Uint8Array;
  /** What the audit log keeps of the verdict. */
  readonly details: VerdictFacts;
}

/** Whom a signature that proves nothing would be of. */
export interface ClaimedIdentity {
  readonly iin: Iin | null;
  readonly certificateSha256: string | null;
}

/** No proof. The caller records it under its own event. */
export interface Unproved {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  /** Whom the certificate names, proved or not: an attempt on them is in the log under their name. */
  readonly claimed: ClaimedIdentity;
  readonly details: VerdictFacts;
}

/**
 * Judges the answer to a challenge. The challenge is used up first, exactly once, whatever comes out; one issued for another purpose or
 * by another origin answers `CHALLENGE_UNKNOWN`, as if it did not exist.
 *
 * @throws LoginUnavailable when the challenges cannot be asked; VerdictUnavailable when nobody can judge now: with `VERIFIER_BUSY`
 *   the challenge is still good
 */
export function proveChallenge(
  parts: ProofParts,
  attempt: ProofAttempt,
  visitor: Pick<Visitor, 'browserToken'>,
): Promise<Proof | Unproved> {
  return parts.verdicts.withPlace(attempt.signature.length, (judge) => prove(parts, attempt, visitor, judge));
}

async function prove(
  parts: ProofParts,
  attempt: ProofAttempt,
  visitor: Pick<Visitor, 'browserToken'>,
  judge: JudgeLogin,
): Promise<Proof | Unproved> {
  const refuse = (
    code: RefusalCode,
    details: VerdictFacts = {},
    claimed: ClaimedIdentity = { iin: null, certificateSha256: null },
  ): Unproved => ({ outcome: 'refused', code, claimed, details });
  const { origin, terms } = parts;
  const taking = await orUnavailable(() =>
    takeChallenge(
      parts.storage.challenges,
      { id: attempt.challengeId, browserToken: visitor.browserToken },
      { origin, termsOf: (id) => (terms === undefined ? null : termsOf(terms, id)) },
      parts.clock(),
    ),
  );
  if (taking.outcome !== 'taken') return refuse(CHALLENGE_CODES[taking.outcome]);
  const { challenge } = taking;
  if (challenge.purpose !== attempt.purpose) return refuse('CHALLENGE_UNKNOWN');

  const { report, certificate: der } = await judge({
    signature: attempt.signature,
    challenge: challenge.bytes,
    challengeIssuedAt: challenge.issuedAt,
  });
  const [signature, ...others] = report.signatures;
  const details = factsOf(report, signature);
  const iin = signature?.signer?.iin == null ? null : parseIin(signature.signer.iin);
  const claimed = { iin, certificateSha256: signature?.certificate?.sha256 ?? null };
  if (report.indication !== 'TOTAL_PASSED' || signature === undefined || others.length > 0) {
    return refuse(report.code ?? 'SIGNATURE_NONE', details, claimed);
  }

  const { signer } = signature;
  const bin = signer?.bin == null ? null : parseBin(signer.bin);
  if (signer?.kind === 'information-system') return refuse('IDENTITY_NOT_A_PERSON', details, claimed);
  if (signer === null || iin === null) return refuse('IDENTITY_IIN_MISSING', details, claimed);
  // A BIN that cannot be read must not turn an employee's key into a personal one.
  if (bin === null && signer.bin !== null) return refuse('IDENTITY_BIN_MALFORMED', details, claimed);
  const certificate = certificateOf(signature, der);
  if (certificate === null) return refuse('SIGNATURE_CERTIFICATE_MISSING', details, claimed);
  const { name, organisation: organisationName, roles } = signer;
  return {
    outcome: 'proved',
    iin,
    bin,
    name,
    organisationName,
    roles,
    certificate,
    challenge,
    // Read only by those who keep it.
    get cms() {
      return readSignatureInput(attempt.signature);
    },
    details,
  };
}

/** The certificate the verdict is about. */
function certificateOf(
  { certificate, path }: SignatureReport,
  der: Uint8Array | null,
): ProvedCertificate | null {
  const issuerSha256 = path[1];
  if (certificate === null || issuerSha256 === undefined || der === null) return null;
  const { sha256, serialNumber } = certificate;
  return { sha256, serialNumber, notAfter: new Date(certificate.notAfter), der, issuerSha256 };
}

const CHALLENGE_CODES = {
  unknown: 'CHALLENGE_UNKNOWN',
  expired: 'CHALLENGE_EXPIRED',
  used: 'CHALLENGE_USED',
  'other-browser': 'CHALLENGE_OTHER_BROWSER',
} as const satisfies Record<string, RefusalCode>;

/** What the audit log keeps of a verdict: enough to explain it later, nothing that names a person. */
function factsOf(report: VerificationReport, signature: SignatureReport | undefined): VerdictFacts {
  return {
    trust: report.trust.version,
    subIndication: report.subIndication,
    certificateSha256: signature?.certificate?.sha256 ?? null,
    key: signature?.algorithm?.key ?? null,
    revocation: signature?.revocation.map(({ source, status }) => `${source}:${status}`).join(' ') ?? null,
  };
}
