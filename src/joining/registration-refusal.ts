/** Writing down registrations that were refused, under the name of the person they concern as far as that is known. */
import { type Account, type Organisation } from '../accounts/account.js';
import { type Invitation } from '../accounts/invitation.js';
import { type Act } from '../audit/act.js';
import { type VerdictFacts } from '../audit/event.js';
import { record } from '../audit/recorder.js';
import { personIdOf } from '../sign-in/admission.js';
import { type ClaimedIdentity } from '../sign-in/proof.js';
import { type Refusal, type RefusalCode } from '../sign-in/refusal.js';
import { type SignInStores } from '../sign-in/stores.js';

export const UNCLAIMED: ClaimedIdentity = { iin: null, certificateSha256: null };

/** What is known of an attempt that was refused. */
export interface RefusedRegistration {
  readonly details?: VerdictFacts;
  readonly claimed?: ClaimedIdentity;
  /** Whose attempt it is, or on whose invitation. */
  readonly member?: Member | null;
}

interface Member {
  readonly membershipId: string;
  readonly organisationId: string;
}

export function memberOf({ membership, organisation }: Account): Member {
  return { membershipId: membership.id, organisationId: organisation.id };
}

export function invitedOf(found: {
  readonly invitation: Invitation;
  readonly organisation: Organisation;
}): Member {
  return { membershipId: found.invitation.membershipId, organisationId: found.organisation.id };
}

/** Writes down who was refused, as far as they are known. */
export async function recordRefusedRegistration(
  stores: Pick<SignInStores, 'accounts' | 'audit'>,
  act: Act,
  code: RefusalCode,
  { details = {}, claimed = UNCLAIMED, member = null }: RefusedRegistration = {},
): Promise<Refusal> {
  const personId = member === null ? await personIdOf(stores, claimed) : null;
  const person = personId === null ? null : ({ kind: 'person', id: personId } as const);
  const subject = member === null ? person : ({ kind: 'membership', id: member.membershipId } as const);
  const organisationId = member?.organisationId ?? null;
  await record(stores.audit, act, 'registration.refused', { subject, organisationId, reason: code, details });
  return { outcome: 'refused', code };
}
