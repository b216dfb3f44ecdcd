/** Sign-in with an EDS: challenge, signature, path, revocation, identity, account, session, in that order. */
import { parseBin, parseIin } from '../accounts/national-number.js';
import { type AuditEvent } from '../audit/event.js';
import { issueChallenge, type IssuedChallenge, takeChallenge } from '../challenge/challenge.js';
import { EdsError, isFormatCode, type VerdictCode } from '../eds/error.js';
import { readSignatureInput } from '../eds/asn1/pem.js';
import { type VerificationPolicy } from '../eds/policy.js';
import { type PathMemo } from '../eds/path/memo.js';
import { type RevocationSource } from '../eds/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type SignatureReport, type VerificationReport } from '../eds/verdict.js';
import { verifyCms } from '../eds/verifier.js';
import { admit, type Admission, recordRefusal, type UsedCertificate } from './admission.js';
import { type Refusal, type RefusalCode } from './refusal.js';
import { type LoginStorage } from './stores.js';
import { orUnavailable } from './unit.js';
import { type Visitor } from './visitor.js';

export interface EdsLoginParts {
  readonly storage: LoginStorage;
  /** The trust in force; asked once per attempt. */
  readonly trust: { current(): TrustSet };
  readonly revocation: RevocationSource;
  /** Links of certification paths already proved. */
  readonly memo: PathMemo;
  readonly clock: () => Date;
  /** Serialised origin, which stands in every challenge. */
  readonly origin: string;
  readonly challengeLifetimeMs: number;
  readonly checksums: VerificationPolicy['checksums'];
}

export interface EdsAttempt {
  readonly challengeId: string;
  /** What NCALayer returned: PEM or base64 of a CMS SignedData, attached or detached. */
  readonly signature: string;
  /** The organisation chosen after `ACCOUNT_CHOICE_REQUIRED`. */
  readonly organisationId: string | null;
}

export interface EdsLogin {
  /** @throws LoginUnavailable when the challenge cannot be kept */
  begin(visitor: Visitor): Promise<IssuedChallenge>;
  /**
   * Judges an answer. The challenge is used up whatever comes out, and every outcome is in the audit log before it is told.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nobody is let in
   */
  complete(attempt: EdsAttempt, visitor: Visitor): Promise<Admission | Refusal>;
}

export function createEdsLogin(parts: EdsLoginParts): EdsLogin {
  const { storage, trust, revocation, memo, clock, origin } = parts;

  const verdictOn = async (
    signature: string,
    challenge: { readonly bytes: Uint8Array; readonly issuedAt: Date },
    trustSet: TrustSet,
  ): Promise<VerificationReport | VerdictCode> => {
    try {
      const policy: VerificationPolicy = {
        name: 'login',
        challenge: challenge.bytes,
        challengeIssuedAt: challenge.issuedAt,
        revocation: 'required',
        checksums: parts.checksums,
      };
      const cms = readSignatureInput(signature);
      return await verifyCms({ cms }, trustSet, revocation, policy, clock(), memo);
    } catch (error) {
      if (error instanceof EdsError && isFormatCode(error.code)) return error.code;
      throw error;
    }
  };

  return {
    begin: (visitor) =>
      orUnavailable(() =>
        issueChallenge(storage.challenges, {
          origin,
          purpose: 'login',
          now: clock(),
          lifetimeMs: parts.challengeLifetimeMs,
          browserToken: visitor.browserToken,
        }),
      ),

    async complete(attempt, visitor) {
      const refuse = async (
        code: RefusalCode,
        details: NonNullable<AuditEvent['details']>,
      ): Promise<Refusal> => {
        await orUnavailable(() =>
          recordRefusal(storage, { method: 'eds', code, visitor, now: clock(), details }),
        );
        return { outcome: 'refused', code };
      };

      const taking = await orUnavailable(() =>
        takeChallenge(storage.challenges, attempt.challengeId, visitor.browserToken, clock()),
      );
      if (taking.outcome !== 'taken') return refuse(CHALLENGE_CODES[taking.outcome], {});
      // A challenge of another origin or purpose in the same store answers as if it did not exist.
      const { challenge } = taking;
      if (challenge.origin !== origin) return refuse('CHALLENGE_UNKNOWN', {});

      const trustSet = trust.current();
      const verdict = await verdictOn(attempt.signature, challenge, trustSet);
      if (typeof verdict === 'string') return refuse(verdict, { trust: trustSet.version });
      const [signature, ...others] = verdict.signatures;
      const details = factsOf(verdict, signature);
      if (verdict.indication !== 'TOTAL_PASSED' || signature === undefined || others.length > 0) {
        return refuse(verdict.code ?? 'SIGNATURE_NONE', details);
      }

      const { signer, certificate } = signature;
      const iin = signer?.iin == null ? null : parseIin(signer.iin);
      const bin = signer?.bin == null ? null : parseBin(signer.bin);
      if (signer?.kind === 'information-system') return refuse('IDENTITY_NOT_A_PERSON', details);
      if (iin === null || certificate === null) return refuse('IDENTITY_IIN_MISSING', details);
      // A BIN that cannot be read must not turn an employee's key into a personal one.
      if (bin === null && signer?.bin != null) return refuse('IDENTITY_BIN_MALFORMED', details);
      const used: UsedCertificate = {
        sha256: certificate.sha256,
        serialNumber: certificate.serialNumber,
        notAfter: new Date(certificate.notAfter),
      };
      return orUnavailable(() =>
        storage.atomically((stores) =>
          admit(stores, {
            claimant: { iin, bin, method: 'eds', organisationId: attempt.organisationId },
            certificate: used,
            visitor,
            now: clock(),
            details,
          }),
        ),
      );
    },
  };
}

const CHALLENGE_CODES = {
  unknown: 'CHALLENGE_UNKNOWN',
  expired: 'CHALLENGE_EXPIRED',
  used: 'CHALLENGE_USED',
  'other-browser': 'CHALLENGE_OTHER_BROWSER',
} as const satisfies Record<string, RefusalCode>;

/** What the audit log keeps of a verdict: enough to explain it later, nothing that names a person. */
function factsOf(
  report: VerificationReport,
  signature: SignatureReport | undefined,
): NonNullable<AuditEvent['details']> {
  return {
    trust: report.trust.version,
    subIndication: report.subIndication,
    certificateSha256: signature?.certificate?.sha256 ?? null,
    key: signature?.algorithm?.key ?? null,
    revocation: signature?.revocation.map(({ source, status }) => `${source}:${status}`).join(' ') ?? null,
  };
}
