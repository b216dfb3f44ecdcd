import { type OperationName } from '../sessions/operation-name.js';
import { type Presence } from './presence.js';

/** What stands in the way of an operation: it must be signed first, or the person must sign in with their EDS. */
export type StepUpDemand = 'STEP_UP_REQUIRED' | 'EDS_SESSION_REQUIRED';

export interface StepUpSettings {
  /** Operations that everybody signs. An organisation may add its own, and take none away. */
  readonly operations: readonly OperationName[];
  /** How long an EDS sign-in stands in for signing the operation, milliseconds. */
  readonly freshMs: number;
}

/** Judges whether somebody may do an operation now; `null`: they may, as far as signing is concerned. */
export type StepUpRule = (presence: Presence, operation: OperationName, now: Date) => StepUpDemand | null;

/**
 * The rule of decision 10 for sensitive changes. Work on the platform is done in an EDS session, whatever is configured. An operation
 * somebody asks a signature for may be done by who signed it within this session and not long ago, or has just signed in with the
 * EDS; a password, however fresh, stands in for nothing.
 */
export function createStepUpRule({ operations, freshMs }: StepUpSettings): StepUpRule {
  return ({ session, account }, operation, now) => {
    if (operation === 'platform.change' && session.method !== 'eds') return 'EDS_SESSION_REQUIRED';
    const asked = operations.includes(operation) || account.organisation.settings.stepUp.includes(operation);
    if (!asked) return null;
    // Nobody has proved that it was the person who set this password: their EDS sign-in comes first.
    if (session.provisional) return 'EDS_SESSION_REQUIRED';
    const { stepUp, authenticatedAt } = session;
    if (stepUp?.operation === operation && now < stepUp.until) return null;
    const fresh = session.method === 'eds' && now.getTime() - authenticatedAt.getTime() < freshMs;
    return fresh ? null : 'STEP_UP_REQUIRED';
  };
}
