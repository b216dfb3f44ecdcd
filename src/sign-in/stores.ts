import { type AccountDirectory } from '../accounts/directory.js';
import { type InvitationAttempts } from '../accounts/invitation-attempts.js';
import { type Passwords } from '../passwords/password.js';
import { type ProvisionalAccesses } from '../accounts/provisional.js';
import { type AuditLog } from '../audit/log.js';
import { type ChallengeStore } from '../challenge/store.js';
import { type TermsLedger } from '../personal-data/terms-ledger.js';
import { type Sessions } from '../sessions/sessions.js';
import { type StepUpSignatures } from '../sessions/step-up-evidence.js';

/** What a sign-in reads and writes. */
export interface SignInStores {
  readonly challenges: ChallengeStore;
  readonly accounts: AccountDirectory;
  readonly passwords: Passwords;
  readonly provisional: ProvisionalAccesses;
  readonly terms: TermsLedger;
  readonly invitationAttempts: InvitationAttempts;
  readonly stepUpSignatures: StepUpSignatures;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
}

/** The same stores with the promise that a unit of work is kept whole or not at all. */
export interface SignInStorage extends SignInStores {
  atomically<T>(work: (stores: SignInStores) => Promise<T>): Promise<T>;
}
