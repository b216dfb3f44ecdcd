/** Sign-in with IIN and password, the way in for those without a token today. */
import { randomUUID } from 'node:crypto';
import { type Iin } from '../accounts/national-number.js';
import { byGateway, gatewayAct } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type PasswordCheck } from '../passwords/checking.js';
import { type Admission, admit, forgetFailures, recordRefusal } from './admission.js';
import { type Refusal, type RefusalCode } from './refusal.js';
import { createSprayWatch, type PasswordAlarm, type SprayWatch } from './spraying.js';
import { type SignInStorage } from './stores.js';
import { orUnavailable } from './unit.js';
import { type Visitor } from './visitor.js';

export interface PasswordAttempt {
  readonly iin: Iin;
  readonly password: string;
  /** The organisation chosen after `ACCOUNT_CHOICE_REQUIRED`. */
  readonly organisationId: string | null;
}

const REFUSALS = {
  wrong: 'PASSWORD_WRONG',
  blocked: 'PASSWORD_BLOCKED',
  lapsed: 'PASSWORD_LAPSED',
} as const satisfies Record<Exclude<PasswordCheck['outcome'], 'right'>, RefusalCode>;

export interface PasswordSignIn {
  /**
   * Judges an attempt. An unknown IIN and a wrong password are one answer after the same work, and are blocked alike. A password that is
   * being tried on many people opens nothing: it is `PASSWORD_BLOCKED` for everybody, and counts as a wrong one.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nobody is let in
   */
  complete(attempt: PasswordAttempt, visitor: Visitor): Promise<Admission | Refusal>;
}

export function createPasswordSignIn(parts: {
  readonly storage: SignInStorage;
  readonly sprays?: SprayWatch;
  /** Told beside the audit log. */
  readonly onAlarm?: (alarm: PasswordAlarm) => void;
}): PasswordSignIn {
  const { storage, sprays = createSprayWatch(), onAlarm = () => undefined } = parts;
  const otherPassword = randomUUID();
  return {
    complete: ({ iin, password, organisationId }, visitor) =>
      orUnavailable(async () => {
        const { at: now, address } = visitor.act;
        const known = sprays.isSprayed(password, now);
        // Compared with another one, so that time, answer and count tell no sprayer whose password it is.
        const check = await storage.passwords.check(iin, known ? otherPassword : password, now);
        // Also where it was noticed meanwhile: many may be tried at the same moment.
        const sprayed = known || sprays.isSprayed(password, now);
        if (check.outcome === 'right' && !sprayed) {
          return storage.atomically(async (stores) => {
            const { confinedTo, breached } = check;
            const claimant = { iin, bin: null, method: 'password', organisationId, confinedTo } as const;
            const result = await admit(stores, {
              claimant,
              certificate: null,
              passwordBreached: breached,
              visitor,
              details: breached ? { passwordBreached: true } : {},
            });
            // The password was right: what keeps the person out is no reason to count it as an attempt.
            if (result.outcome === 'refused') await forgetFailures(stores, iin, confinedTo);
            return result;
          });
        }
        const code = sprayed || check.outcome === 'right' ? 'PASSWORD_BLOCKED' : REFUSALS[check.outcome];
        const { personId } = check;
        const person = storage.accounts.referenceOf(iin);
        const failure = { password, person, address: address ?? 'unknown', now };
        const alarms = check.outcome === 'lapsed' ? [] : sprays.failed(failure);
        for (const alarm of alarms) onAlarm(alarm);
        await storage.atomically(async (stores) => {
          const reason = sprayed ? 'password-sprayed' : null;
          const refused = { method: 'password', code, reason, personId, details: {} } as const;
          await recordRefusal(stores, visitor.act, refused);
          for (const alarm of alarms) await recordAlarm(stores, alarm, now);
          if (check.outcome === 'wrong' && check.blockedNow) {
            const subject = personId === null ? null : ({ kind: 'person', id: personId } as const);
            await record(stores.audit, byGateway(visitor.act), 'password.blocked', { subject });
          }
        });
        return { outcome: 'refused', code };
      }),
  };
}

/** Numbers alone: neither the password nor anything made of it is kept. */
function recordAlarm({ audit }: Pick<SignInStorage, 'audit'>, alarm: PasswordAlarm, at: Date): Promise<void> {
  if (alarm.kind === 'spraying') {
    const { people, networks } = alarm;
    return record(audit, gatewayAct(at), 'password.spray-noticed', { details: { people, networks } });
  }
  const { failures, usual } = alarm;
  return record(audit, gatewayAct(at), 'password.flood-noticed', { details: { failures, usual } });
}
