import { type OperationName } from '../sessions/operation-name.js';
import { type StepUp } from '../sessions/session.js';
import { type Presence } from './presence.js';

/** What stands in the way of an operation: it must be signed first, or the person must sign in with their EDS. */
export type StepUpDemand = 'STEP_UP_REQUIRED' | 'EDS_SESSION_REQUIRED';

export interface StepUpSettings {
  /** Operations that everybody signs. An organisation may add its own, and take none away. */
  readonly operations: readonly OperationName[];
  /** How long an EDS sign-in stands in for signing the operation, milliseconds. */
  readonly freshMs: number;
}

export interface AskedOperation {
  readonly operation: OperationName;
  /** Of the request: what was signed must be this and nothing else. */
  readonly digest: string;
  /** Signed by itself in any case: no sign-in, however fresh, stands in for it. */
  readonly always?: boolean;
}

/** Whether somebody may do it now. With `signed` the signature is used up by doing it. */
export type StepUpJudgement =
  | { readonly outcome: 'allowed' }
  | { readonly outcome: 'signed'; readonly stepUp: StepUp }
  | { readonly outcome: 'demanded'; readonly demand: StepUpDemand };

/** Judges whether somebody may do an operation now, as far as signing is concerned. */
export type StepUpRule = (presence: Presence, asked: AskedOperation, now: Date) => StepUpJudgement;

/**
 * The rule of decision 10 for sensitive changes. Work on the platform is done in an EDS session, whatever is configured. An operation
 * somebody asks a signature for may be done by who signed this very request within this session and not long ago, or has just signed in
 * with the EDS; a password, however fresh, stands in for nothing.
 */
export function createStepUpRule({ operations, freshMs }: StepUpSettings): StepUpRule {
  return ({ session, account }, { operation, digest, always = false }, now) => {
    if (operation === 'platform.change' && session.method !== 'eds') return demanded('EDS_SESSION_REQUIRED');
    const asked =
      always || operations.includes(operation) || account.organisation.settings.stepUp.includes(operation);
    const { stepUp, authenticatedAt } = session;
    if (stepUp?.operation === operation && stepUp.digest === digest && now < stepUp.until) {
      return { outcome: 'signed', stepUp };
    }
    if (!asked) return { outcome: 'allowed' };
    // Nobody has proved that it was the person who set this password: their EDS sign-in comes first.
    if (session.provisional) return demanded('EDS_SESSION_REQUIRED');
    const fresh = session.method === 'eds' && now.getTime() - authenticatedAt.getTime() < freshMs;
    return fresh && !always ? { outcome: 'allowed' } : demanded('STEP_UP_REQUIRED');
  };
}

function demanded(demand: StepUpDemand): StepUpJudgement {
  return { outcome: 'demanded', demand };
}
