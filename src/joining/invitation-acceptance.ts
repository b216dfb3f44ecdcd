/** Taking an invitation without a key at hand: the link, the invited person's IIN, and a first password. */
import { type Account, type Organisation } from '../accounts/account.js';
import { INVITATION_MAX_ATTEMPTS } from '../accounts/invitation-attempts.js';
import { type Invitation } from '../accounts/invitation.js';
import { type Iin } from '../accounts/national-number.js';
import { type Act, byMember } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { PasswordRulesBroken } from '../passwords/preparing.js';
import { type Admission, admit } from '../sign-in/admission.js';
import { type Refusal, type RefusalCode } from '../sign-in/refusal.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { asOf, type Visitor } from '../sign-in/visitor.js';
import { invitationObstacle } from './enrolment.js';

export interface InvitationAcceptance {
  /**
   * What the holder of a link may see before they prove who they are: who invites, and until when.
   *
   * @throws LoginUnavailable
   */
  look(
    token: string,
  ): Promise<{ readonly outcome: 'open'; readonly organisation: string; readonly expiresAt: Date } | Refusal>;
  /**
   * Sets a provisional password for the invited person and signs them in. Whoever made the link could have taken it, so what this makes
   * opens the inviting organisation alone, tells nothing of what is known of the person elsewhere, whatever that is, and ends with
   * their EDS sign-in (docs/decisions/0019). After five wrong IINs only an EDS takes the invitation.
   *
   * @throws PasswordRulesBroken
   * @throws LoginUnavailable
   */
  accept(
    attempt: { readonly token: string; readonly iin: Iin; readonly password: string },
    visitor: Visitor,
  ): Promise<Admission | Refusal>;
}

interface Found {
  readonly invitation: Invitation;
  readonly organisation: Organisation;
}

export function createInvitationAcceptance(parts: {
  readonly storage: SignInStorage;
  readonly clock: () => Date;
}): InvitationAcceptance {
  const { storage, clock } = parts;

  const refuse = async (
    stores: Pick<SignInStores, 'audit'>,
    code: RefusalCode,
    act: Act,
    found: Found | null,
  ): Promise<Refusal> => {
    await record(stores.audit, act, 'invitation.refused', {
      subject: found === null ? null : { kind: 'membership', id: found.invitation.membershipId },
      organisationId: found?.organisation.id ?? null,
      reason: code,
      details: found === null ? {} : { invitation: found.invitation.id },
    });
    return { outcome: 'refused', code };
  };

  /** The invited person as their organisation knows them, if link and IIN are right; counted before they are compared. */
  const examine = (token: string, iin: Iin, act: Act): Promise<Account | Refusal> =>
    storage.atomically(async (stores) => {
      const found = await stores.accounts.invitationOf(token);
      const obstacle = invitationObstacle(found, act.at);
      if (found === null || obstacle !== null) {
        return refuse(stores, obstacle ?? 'INVITATION_UNKNOWN', act, found);
      }
      const { invitation, organisation } = found;
      if (organisation.status !== 'active') return refuse(stores, 'ACCOUNT_SUSPENDED', act, found);
      if (!organisation.settings.allowPasswords) {
        return refuse(stores, 'ACCOUNT_PASSWORD_NOT_ALLOWED', act, found);
      }
      const attempts = await stores.invitationAttempts.count(invitation.id, act.at);
      if (attempts > INVITATION_MAX_ATTEMPTS) return refuse(stores, 'INVITATION_NEEDS_EDS', act, found);
      const { members } = stores.accounts.tenant(organisation.id);
      const invited = await members.get(invitation.membershipId);
      if (invited.person.iin !== iin) return refuse(stores, 'INVITATION_OTHER_PERSON', act, found);
      await stores.invitationAttempts.release(invitation.id);
      if (invited.person.status !== 'active') return refuse(stores, 'INVITATION_NEEDS_EDS', act, found);
      return invited;
    });

  return {
    look: (token) =>
      orUnavailable(async () => {
        const found = await storage.accounts.invitationOf(token);
        const obstacle = invitationObstacle(found, clock());
        if (found === null || obstacle !== null) {
          return { outcome: 'refused', code: obstacle ?? 'INVITATION_UNKNOWN' };
        }
        const { invitation, organisation } = found;
        return { outcome: 'open', organisation: organisation.name, expiresAt: invitation.expiresAt };
      }),

    async accept({ token, iin, password }, visitor) {
      const invited = await orUnavailable(() => examine(token, iin, visitor.act));
      if ('outcome' in invited) return invited;
      // Slow on purpose, and outside the unit. What was true before is asked again inside.
      const prepared = await storage.passwords
        .prepare(iin, password, invited)
        .catch(async (error: unknown) => {
          if (!(error instanceof PasswordRulesBroken)) throw error;
          // The link may have been taken meanwhile: then that is what is told.
          const overtaken = await orUnavailable(() => examine(token, iin, asOf(visitor, clock()).act));
          if (!('outcome' in overtaken)) throw error;
          return overtaken;
        });
      if (typeof prepared === 'object') return prepared;
      return orUnavailable(() =>
        storage.atomically(async (stores) => {
          const present = asOf(visitor, clock());
          const now = present.act.at;
          const found = await stores.accounts.invitationOf(token);
          const obstacle = invitationObstacle(found, now);
          if (found === null || obstacle !== null) {
            return refuse(stores, obstacle ?? 'INVITATION_UNKNOWN', present.act, found);
          }
          const taken = await stores.accounts.takeInvitation(token, iin, now, 'without-eds');
          const { organisation, membership, person } = taken;
          const reach = { membershipId: membership.id, organisationId: organisation.id };
          await stores.passwords.set(iin, prepared, now, reach);
          const act = byMember(present.act, reach);
          await record(stores.audit, act, 'invitation.taken', {
            subject: { kind: 'membership', id: membership.id },
            details: { invitation: found.invitation.id, method: 'password' },
          });
          await record(stores.audit, act, 'password.set', {
            subject: { kind: 'person', id: person.id },
            details: { invitation: found.invitation.id },
          });
          const confinedTo = [membership.id];
          const claimant = { iin, bin: null, method: 'password', confinedTo } as const;
          return admit(stores, { claimant, certificate: null, visitor: present, details: {} });
        }),
      );
    },
  };
}
