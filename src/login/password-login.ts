/** Sign-in with IIN and password, the way in for those without a token today. */
import { type Iin } from '../accounts/national-number.js';
import { admit, type Admission, forgetFailures, recordRefusal } from './admission.js';
import { type Refusal } from './refusal.js';
import { type LoginStorage } from './stores.js';
import { orUnavailable } from './unit.js';
import { type Visitor } from './visitor.js';

export interface PasswordAttempt {
  readonly iin: Iin;
  readonly password: string;
  /** The organisation chosen after `ACCOUNT_CHOICE_REQUIRED`. */
  readonly organisationId: string | null;
}

export interface PasswordLogin {
  /**
   * Judges an attempt. An unknown IIN and a wrong password are one answer after the same work, and are blocked alike.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nobody is let in
   */
  complete(attempt: PasswordAttempt, visitor: Visitor): Promise<Admission | Refusal>;
}

export function createPasswordLogin(parts: {
  readonly storage: LoginStorage;
  readonly clock: () => Date;
}): PasswordLogin {
  const { storage, clock } = parts;
  return {
    complete: ({ iin, password, organisationId }, visitor) =>
      orUnavailable(async () => {
        const now = clock();
        const check = await storage.passwords.check(iin, password, now);
        if (check.outcome === 'right') {
          return storage.atomically(async (stores) => {
            const { confinedTo } = check;
            const claimant = { iin, bin: null, method: 'password', organisationId, confinedTo } as const;
            const result = await admit(stores, { claimant, certificate: null, visitor, now, details: {} });
            // The password was right: what keeps the person out is no reason to count it as an attempt.
            if (result.outcome === 'refused') await forgetFailures(stores, iin, confinedTo);
            return result;
          });
        }
        const code = check.outcome === 'blocked' ? 'PASSWORD_BLOCKED' : 'PASSWORD_WRONG';
        const { personId } = check;
        await storage.atomically(async (stores) => {
          await recordRefusal(stores, { method: 'password', code, visitor, now, personId, details: {} });
          if (check.outcome === 'wrong' && check.blockedNow) {
            await stores.audit.append({
              type: 'password.blocked',
              at: now,
              actor: { kind: 'gateway', id: null },
              subject: personId === null ? null : { kind: 'person', id: personId },
              requestId: visitor.requestId,
              address: visitor.address,
            });
          }
        });
        return { outcome: 'refused', code };
      }),
  };
}
