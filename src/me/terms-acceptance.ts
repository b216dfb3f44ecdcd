/** Accepting the terms in force, by signing them with one's own EDS within a session. */
import { record } from '../audit/recorder.js';
import { issueChallenge, type IssuedChallenge } from '../challenge/challenge.js';
import { type TermsLanguage } from '../personal-data/manifest.js';
import { type Terms, termsSubject } from '../personal-data/terms.js';
import { type OpenedSession } from '../sessions/sessions.js';
import { type Presence } from './presence.js';
import { type ProofParts, proveChallenge } from '../sign-in/proof.js';
import { type Refusal, type RefusalCode } from '../sign-in/refusal.js';
import { type SignInStorage } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { asOf, type Visitor } from '../sign-in/visitor.js';

export interface TermsAcceptanceParts extends ProofParts {
  readonly storage: SignInStorage;
  readonly terms: Terms;
  readonly challengeLifetimeMs: number;
}

export interface TermsAcceptance {
  /** @throws LoginUnavailable */
  begin(language: TermsLanguage, presence: Presence, visitor: Visitor): Promise<IssuedChallenge>;
  /**
   * Judges the signed terms. The session goes on under another token, without the obligation; `session` is null when it ended meanwhile,
   * and the acceptance stands all the same.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nothing is accepted
   */
  complete(
    attempt: { readonly challengeId: string; readonly signature: string },
    presence: Presence,
    visitor: Visitor,
  ): Promise<{ readonly outcome: 'accepted'; readonly opened: OpenedSession | null } | Refusal>;
}

export function createTermsAcceptance(parts: TermsAcceptanceParts): TermsAcceptance {
  const { storage, terms, clock, origin } = parts;
  return {
    begin: (language, { account }, visitor) =>
      orUnavailable(() => {
        const now = clock();
        return issueChallenge(storage.challenges, {
          origin,
          purpose: 'terms',
          subject: termsSubject(terms.at(now), language),
          holder: { kind: 'membership', name: account.membership.id },
          now,
          lifetimeMs: parts.challengeLifetimeMs,
          browserToken: visitor.browserToken,
        });
      }),

    async complete(attempt, { session, account }, visitor) {
      const { person } = account;
      const subject = { kind: 'person', id: person.id } as const;
      const proof = await proveChallenge(parts, { ...attempt, purpose: 'terms' }, visitor);
      return orUnavailable(async () => {
        const { act } = asOf(visitor, clock());
        const { details } = proof;
        const refuse = async (code: RefusalCode): Promise<Refusal> => {
          await record(storage.audit, act, 'terms.refused', { subject, reason: code, details });
          return { outcome: 'refused', code };
        };
        if (proof.outcome === 'refused') return refuse(proof.code);
        if (proof.iin !== person.iin) return refuse('TERMS_OTHER_PERSON');
        // What was in force when they began to read may not be what is in force now.
        if (proof.challenge.subjectId?.split('/')[0] !== terms.at(act.at).version)
          return refuse('TERMS_OUTDATED');
        return storage.atomically(async (stores) => {
          const { id, version, language, certificateSha256 } = await stores.terms.accept(
            person.id,
            proof,
            act.at,
          );
          const opened = await stores.sessions.fulfil(visitor.sessionToken ?? '', 'accept-terms', act.at);
          await record(stores.audit, act, 'terms.accepted', {
            subject,
            details: { acceptance: id, version, language, certificateSha256, session: session.id },
          });
          return { outcome: 'accepted', opened };
        });
      });
    },
  };
}
