import { type OperationName } from './operation-name.js';

/** A request somebody signed: who, for which organisation, and what exactly. */
export interface SignedRequest {
  readonly id: string;
  readonly personId: string;
  readonly membershipId: string;
  readonly organisationId: string;
  readonly operation: OperationName;
  readonly digest: string;
  readonly certificateSha256: string;
  readonly signedAt: Date;
  /** When it was used for what it was signed for; `null` while it was not, and for ever if it never was. */
  readonly usedAt: Date | null;
}

/** What proves it to somebody else. */
export interface SignedRequestEvidence extends SignedRequest {
  /** The exact text that was signed. */
  readonly text: string;
  /** CMS SignedData, DER. */
  readonly signature: Uint8Array;
}

/** Signatures of step-ups, kept for as long as the person is, sealed under their key. */
export interface StepUpSignatures {
  keep(evidence: SignedRequestEvidence): Promise<void>;
  /** Uses one up: once, however many ask at the same moment and on however many instances. False when it was used already. */
  use(id: string, now: Date): Promise<boolean>;
  /** `null` for an unknown one, and for one of a person erased. */
  get(id: string): Promise<SignedRequestEvidence | null>;
}
