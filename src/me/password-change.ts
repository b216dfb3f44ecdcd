/** A person's own password: set for the first time, changed, or set anew after it was forgotten. */
import { type Account } from '../accounts/account.js';
import { type Act, byGateway } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type PasswordCheck } from '../passwords/checking.js';
import { type HashedPassword } from '../passwords/hasher.js';
import { type PasswordState } from '../passwords/password.js';
import { PasswordRulesBroken } from '../passwords/preparing.js';
import { type BrokenRule } from '../passwords/rules/rules.js';
import { type PasswordScope } from '../passwords/scope.js';
import { type StepUp } from '../sessions/session.js';
import { type OpenedSession } from '../sessions/sessions.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { type Visitor } from '../sign-in/visitor.js';
import { type Presence } from './presence.js';
import { OWN_PASSWORD_REQUEST, requestDigest } from './signed-request.js';
import { type StepUpJudgement, type StepUpRule } from './step-up-rule.js';
import { spendSignature } from './step-up.js';

export type PasswordChangeCode =
  | 'PASSWORD_CURRENT_WRONG'
  | 'PASSWORD_BLOCKED'
  | 'PASSWORD_LAPSED'
  | 'PASSWORD_RULES_BROKEN'
  /** The session is there on the strength of a password, so the current one is asked for. */
  | 'EDS_SESSION_REQUIRED'
  /** The EDS sign-in is too long ago, or every change is to be signed. */
  | 'STEP_UP_REQUIRED'
  | 'SESSION_NONE';

export type PasswordChangeResult =
  | ({ readonly outcome: 'changed' } & OpenedSession)
  | {
      readonly outcome: 'refused';
      readonly code: PasswordChangeCode;
      /** With `PASSWORD_RULES_BROKEN`. */
      readonly broken?: readonly BrokenRule[];
    };

export interface PasswordChange {
  readonly presence: Presence;
  /** `null` where the EDS speaks for the person, which is the way to a first password and past a forgotten one. */
  readonly current: string | null;
  readonly password: string;
}

/**
 * `first`: there is none, and a fresh EDS sign-in allows one. `anew`: there is one, and the EDS speaks for the person. `change`: with
 * the current one. `sign-again`: there is none, and the EDS sign-in is too long ago.
 */
export type PasswordWay = 'first' | 'anew' | 'change' | 'sign-again';

export interface PasswordChanges {
  /**
   * Sets the person's password. A wrong current one counts towards the block like any failure, a right one leaves the count as it is;
   * without one the EDS speaks for the person, and lifts a block. Ends the person's other sessions and rotates this one.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nothing was changed
   */
  change(change: PasswordChange, visitor: Visitor): Promise<PasswordChangeResult>;
  /** @throws LoginUnavailable */
  stateOf(presence: Presence): Promise<PasswordState>;
  /** How somebody would go about it now. @throws LoginUnavailable */
  wayOf(presence: Presence): Promise<PasswordWay>;
}

const REFUSALS = {
  wrong: 'PASSWORD_CURRENT_WRONG',
  blocked: 'PASSWORD_BLOCKED',
  lapsed: 'PASSWORD_LAPSED',
} as const satisfies Record<Exclude<PasswordCheck['outcome'], 'right'>, PasswordChangeCode>;

/** What the change rests on. */
type Ground = ({ readonly by: 'current'; readonly since: Date } | { readonly by: 'eds' }) & {
  /** It was signed by itself, which the change uses up. */
  readonly stepUp?: StepUp;
};

export function createPasswordChanges(parts: {
  readonly storage: SignInStorage;
  readonly clock: () => Date;
  /** Whether the operator or the organisation wants every change of a password signed. */
  readonly stepUpRule: StepUpRule;
  /** How long after an EDS sign-in a password may be set without another signature, milliseconds. */
  readonly freshMs: number;
}): PasswordChanges {
  const { storage, clock, stepUpRule, freshMs } = parts;

  /** Whether the EDS speaks for the person now: they signed this very operation, or have just signed in with it. */
  const isSigned = ({ session: { method, authenticatedAt } }: Presence, now: Date): boolean =>
    method === 'eds' && now.getTime() - authenticatedAt.getTime() < freshMs;

  const judge = (presence: Presence, now: Date): StepUpJudgement => {
    const digest = requestDigest(OWN_PASSWORD_REQUEST, presence);
    return stepUpRule(presence, { operation: 'password.set', digest }, now);
  };

  const groundFor = async (
    { presence, current }: PasswordChange,
    visitor: Visitor,
    now: Date,
  ): Promise<Ground | PasswordChangeCode> => {
    const { session, account } = presence;
    const judgement = judge(presence, now);
    if (judgement.outcome === 'demanded') return judgement.demand;
    const signed = judgement.outcome === 'signed' ? { stepUp: judgement.stepUp } : {};
    if (current === null) {
      if (judgement.outcome === 'signed') return { by: 'eds', ...signed };
      if (isSigned(presence, now)) return { by: 'eds' };
      return session.method === 'eds' ? 'STEP_UP_REQUIRED' : 'EDS_SESSION_REQUIRED';
    }
    const check = await storage.passwords.check(account.person.iin, current, now, scopeOf(presence));
    if (check.outcome === 'right') return { by: 'current', since: check.changedAt, ...signed };
    const code = REFUSALS[check.outcome];
    await storage.atomically((stores) => recordFailure(stores, visitor.act, { account, check, code }));
    return code;
  };

  return {
    wayOf: (presence) =>
      orUnavailable(async () => {
        const now = clock();
        const { set } = await storage.passwords.stateOf(...passwordOf(presence, now));
        const signed = isSigned(presence, now) || judge(presence, now).outcome === 'signed';
        if (signed) return set ? 'anew' : 'first';
        return set ? 'change' : 'sign-again';
      }),

    stateOf: (presence) => orUnavailable(() => storage.passwords.stateOf(...passwordOf(presence, clock()))),

    change: (change, visitor) =>
      orUnavailable(async () => {
        const { at: now } = visitor.act;
        const { session, account } = change.presence;
        const { sessionToken } = visitor;
        if (sessionToken === null) return { outcome: 'refused', code: 'SESSION_NONE' };
        const ground = await groundFor(change, visitor, now);
        if (typeof ground === 'string') return { outcome: 'refused', code: ground };
        // The rules come after the proof: what "reused" says about earlier passwords is for their owner alone.
        const prepared = await hashed(storage, change);
        if ('broken' in prepared) return { outcome: 'refused', code: 'PASSWORD_RULES_BROKEN', ...prepared };

        return storage.atomically(async (stores): Promise<PasswordChangeResult> => {
          const { iin, id: personId } = account.person;
          if ((await stores.sessions.find(sessionToken, now)) === null) {
            return { outcome: 'refused', code: 'SESSION_NONE' };
          }
          if (ground.stepUp !== undefined) {
            const { stepUp } = ground;
            if (!(await spendSignature(stores, stepUp, change.presence, visitor.act))) {
              return { outcome: 'refused', code: 'STEP_UP_REQUIRED' };
            }
          }
          const first = !(await stores.passwords.stateOf(...passwordOf(change.presence, now))).set;
          let lifted = false;
          if (ground.by === 'eds') {
            ({ lifted } = await stores.passwords.clearFailures(iin));
            await stores.passwords.set(iin, prepared.hash, now, 'everywhere');
          } else {
            const over = [ground.since, scopeOf(change.presence)] as const;
            if (!(await stores.passwords.replace(iin, prepared.hash, now, ...over))) {
              return { outcome: 'refused', code: 'PASSWORD_CURRENT_WRONG' };
            }
          }
          const subject = { kind: 'person', id: personId } as const;
          if (lifted) await record(stores.audit, visitor.act, 'password.unblocked', { subject });
          const theirs = session.provisional ? { membershipId: account.membership.id } : { personId };
          const sessionsEnded = await stores.sessions.endAllOf(theirs, session.id);
          const details = { by: ground.by, first, sessionsEnded };
          await record(stores.audit, visitor.act, 'password.changed', { subject, details });
          const opened = await stores.sessions.fulfil(sessionToken, 'change-password', now);
          if (opened === null) throw new Error('the session ended while its password was being changed');
          return { outcome: 'changed', ...opened };
        });
      }),
  };
}

/** The password a session is about: the provisional one that opened it, or the person's own. */
function scopeOf({ session, account }: Presence): PasswordScope {
  return session.provisional ? { membershipId: account.membership.id } : 'own';
}

/** The same, as its state is asked for. */
function passwordOf(
  { session, account }: Presence,
  now: Date,
): [personId: string, now: Date, membershipId: string | null] {
  return [account.person.id, now, session.provisional ? account.membership.id : null];
}

async function hashed(
  { passwords }: Pick<SignInStores, 'passwords'>,
  { presence: { session, account }, password }: PasswordChange,
): Promise<{ readonly hash: HashedPassword } | { readonly broken: readonly BrokenRule[] }> {
  try {
    const known = session.provisional ? ([account] as const) : ([] as const);
    return { hash: await passwords.prepare(account.person.iin, password, ...known) };
  } catch (error) {
    if (error instanceof PasswordRulesBroken) return { broken: error.broken };
    throw error;
  }
}

async function recordFailure(
  { audit }: Pick<SignInStores, 'audit'>,
  act: Act,
  failure: { readonly account: Account; readonly check: PasswordCheck; readonly code: PasswordChangeCode },
): Promise<void> {
  const { account, check, code: reason } = failure;
  const subject = { kind: 'person', id: account.person.id } as const;
  await record(audit, act, 'password.change-refused', { subject, reason });
  if (check.outcome === 'wrong' && check.blockedNow) {
    await record(audit, byGateway(act), 'password.blocked', { subject });
  }
}
