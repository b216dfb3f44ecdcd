import { AccountError } from './account-error.js';

/** What an organisation decides about how its members sign in. */
export interface OrganisationSettings {
  /** May a member sign in with a personal certificate (IIN without BIN)? */
  readonly allowPersonalKeys: boolean;
  /** May a member sign in with IIN and password? */
  readonly allowPasswords: boolean;
  /**
   * A certificate nobody saw before: let it in silently, let it in and put it before the manager, or keep it out until a
   * manager approves it. The first certificate of a membership is always let in: there is none to compare it with.
   */
  readonly certificates: 'accept' | 'notify' | 'approve';
  /** Limits of its sessions; `null` for those of the gateway. */
  readonly session: OrganisationSessionLimits | null;
  /** Operations for which its members sign again with their EDS, beyond those the gateway demands it for. */
  readonly stepUp: readonly string[];
}

/** Milliseconds, and how many live sessions one membership may have (`null`: any number). */
export interface OrganisationSessionLimits {
  readonly idleMs: number;
  readonly lifetimeMs: number;
  readonly maxConcurrent: number | null;
}

export type SettingsChange = Partial<OrganisationSettings>;

export const DEFAULT_ORGANISATION_SETTINGS: OrganisationSettings = {
  allowPersonalKeys: false,
  allowPasswords: true,
  certificates: 'accept',
  session: null,
  stepUp: [],
};

/** Shortest and longest an organisation may make its sessions, in milliseconds. */
const SESSION_LIMIT_BOUNDS = { minMs: 60_000, maxMs: 24 * 60 * 60_000, maxConcurrent: 100 } as const;

const POLICIES: readonly string[] = [
  'accept',
  'notify',
  'approve',
] satisfies OrganisationSettings['certificates'][];
const OPERATION = /^[a-z][a-z0-9.-]{0,59}$/;
const STEP_UP_MAX = 50;

/**
 * The settings after a change, held to their bounds.
 *
 * @throws AccountError `SETTINGS_MALFORMED`
 */
export function changedSettings(before: OrganisationSettings, change: SettingsChange): OrganisationSettings {
  const after = { ...before, ...change };
  const { session, stepUp } = after;
  const holds =
    typeof after.allowPersonalKeys === 'boolean' &&
    typeof after.allowPasswords === 'boolean' &&
    POLICIES.includes(after.certificates) &&
    (session === null || limitsHold(session)) &&
    stepUp.length <= STEP_UP_MAX &&
    stepUp.every((operation) => OPERATION.test(operation));
  if (!holds) throw new AccountError('SETTINGS_MALFORMED', 'a setting is outside its bounds');
  return { ...after, stepUp: [...new Set(stepUp)].sort() };
}

function limitsHold({ idleMs, lifetimeMs, maxConcurrent }: OrganisationSessionLimits): boolean {
  const { minMs, maxMs } = SESSION_LIMIT_BOUNDS;
  return (
    [idleMs, lifetimeMs].every((ms) => Number.isInteger(ms) && ms >= minMs && ms <= maxMs) &&
    idleMs <= lifetimeMs &&
    (maxConcurrent === null ||
      (Number.isInteger(maxConcurrent) &&
        maxConcurrent >= 1 &&
        maxConcurrent <= SESSION_LIMIT_BOUNDS.maxConcurrent))
  );
}
