/** Sign-in with an EDS: a proof of identity, then an account and a session for it. */
import { issueChallenge, type IssuedChallenge } from '../challenge/challenge.js';
import { admit, type Admission, personIdOf, recordRefusal, usedCertificate } from './admission.js';
import { type ProofParts, proveChallenge } from './proof.js';
import { type Refusal } from './refusal.js';
import { type SignInStorage } from './stores.js';
import { orUnavailable } from './unit.js';
import { asOf, type Visitor } from './visitor.js';

export interface EdsLoginParts extends ProofParts {
  readonly storage: SignInStorage;
  readonly challengeLifetimeMs: number;
}

export interface EdsAttempt {
  readonly challengeId: string;
  /** What NCALayer returned: PEM or base64 of a CMS SignedData, attached or detached. */
  readonly signature: string;
  /** The organisation chosen after `ACCOUNT_CHOICE_REQUIRED`. */
  readonly organisationId: string | null;
}

export interface EdsSignIn {
  /** @throws LoginUnavailable when the challenge cannot be kept */
  begin(visitor: Visitor): Promise<IssuedChallenge>;
  /**
   * Judges an answer. The challenge is used up whatever comes out, and every outcome is in the audit log before it is told.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nobody is let in
   */
  complete(attempt: EdsAttempt, visitor: Visitor): Promise<Admission | Refusal>;
}

export function createEdsSignIn(parts: EdsLoginParts): EdsSignIn {
  const { storage, clock, origin } = parts;
  return {
    begin: (visitor) =>
      orUnavailable(() =>
        issueChallenge(storage.challenges, {
          origin,
          purpose: 'login',
          holder: { kind: 'address', name: visitor.subscriber, networks: visitor.networks },
          now: visitor.act.at,
          lifetimeMs: parts.challengeLifetimeMs,
          browserToken: visitor.browserToken,
        }),
      ),

    async complete({ challengeId, signature, organisationId }, visitor) {
      const proof = await proveChallenge(parts, { challengeId, signature, purpose: 'login' }, visitor);
      return orUnavailable(async () => {
        const present = asOf(visitor, clock());
        if (proof.outcome === 'refused') {
          const { code, claimed, details } = proof;
          const personId = await personIdOf(storage, claimed);
          await recordRefusal(storage, present.act, { method: 'eds', code, personId, details });
          return { outcome: 'refused', code };
        }
        const { iin, bin, details } = proof;
        return storage.atomically((stores) =>
          admit(stores, {
            claimant: { iin, bin, method: 'eds', organisationId },
            certificate: usedCertificate(proof),
            visitor: present,
            details,
          }),
        );
      });
    },
  };
}
