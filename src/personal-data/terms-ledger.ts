/** Who accepted which terms, when, with which key: kept for as long as the person is, with the signature itself. */
import { randomUUID } from 'node:crypto';
import { type Account } from '../accounts/account.js';
import { type Terms } from './terms.js';

export interface Acceptance {
  readonly id: string;
  readonly personId: string;
  /** Version of the terms. */
  readonly version: string;
  readonly language: string;
  readonly acceptedAt: Date;
  /** SHA-256 of the certificate that signed, lower-case hex. */
  readonly certificateSha256: string;
}

/** What proves an acceptance to somebody else. */
export interface AcceptanceEvidence extends Acceptance {
  /** The exact text that was signed: origin, purpose, version, hash and words of each document, nonce and times. */
  readonly signedText: string;
  /** CMS SignedData, DER. */
  readonly signature: Uint8Array;
}

export interface AcceptanceStore {
  /** Kept sealed under the key of the person, who must exist. */
  insert(evidence: AcceptanceEvidence): Promise<void>;
  has(personId: string, version: string): Promise<boolean>;
  /** Newest first. */
  listOf(personId: string): Promise<readonly Acceptance[]>;
  /** `null` for another person's acceptance too. */
  evidenceOf(personId: string, id: string): Promise<AcceptanceEvidence | null>;
}

export interface TermsPolicy {
  readonly terms: Terms;
  /** `ask`: at sign-in whoever has not accepted the version in force must do so before anything else. */
  readonly atSignIn: 'ask' | 'skip';
  /** How long somebody with a password may go on without: they may have no key at hand. */
  readonly passwordGraceMs: number;
}

/** What somebody signed who accepted terms, as it was proved. */
export interface SignedTerms {
  readonly challenge: { readonly subjectId: string | null; readonly text: string };
  readonly cms: Uint8Array;
  readonly certificate: { readonly sha256: string };
}

export interface TermsLedger {
  /**
   * Writes down what was signed.
   *
   * @throws RangeError when the challenge was not about terms
   */
  accept(personId: string, signed: SignedTerms, now: Date): Promise<Acceptance>;
  /** Whether somebody who signs in now has to accept first; with `provisional` nothing is asked about what the person accepted elsewhere. */
  owes(
    account: Pick<Account, 'person' | 'membership'>,
    method: 'eds' | 'password' | 'provisional',
    now: Date,
  ): Promise<boolean>;
  acceptancesOf(personId: string): Promise<readonly Acceptance[]>;
  evidenceOf(personId: string, acceptanceId: string): Promise<AcceptanceEvidence | null>;
}

/** @param policy `null` where nobody signs in, as in a command beside the gateway: nothing is asked there */
export function createTermsLedger(store: AcceptanceStore, policy: TermsPolicy | null): TermsLedger {
  return {
    async accept(personId, { challenge, cms, certificate }, now) {
      const [, version, language] = /^([^/]+)\/([a-z]{2})$/.exec(challenge.subjectId ?? '') ?? [];
      if (version === undefined || language === undefined) throw new RangeError('these are no terms');
      const acceptance: Acceptance = {
        id: randomUUID(),
        personId,
        version,
        language,
        acceptedAt: now,
        certificateSha256: certificate.sha256,
      };
      await store.insert({ ...acceptance, signedText: challenge.text, signature: cms });
      return acceptance;
    },

    async owes({ person, membership }, method, now) {
      if (policy === null || policy.atSignIn === 'skip') return false;
      const { version, effectiveFrom } = policy.terms.at(now);
      if (method !== 'provisional' && (await store.has(person.id, version))) return false;
      if (method === 'eds') return true;
      // Somebody admitted after the version began could not have accepted it before.
      const since = Math.max(effectiveFrom.getTime(), membership.since.getTime());
      return now.getTime() >= since + policy.passwordGraceMs;
    },

    acceptancesOf: (personId) => store.listOf(personId),
    evidenceOf: (personId, acceptanceId) => store.evidenceOf(personId, acceptanceId),
  };
}
