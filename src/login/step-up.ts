/** Signing one operation with the EDS within a session that is not enough for it. */
import { findMembership } from '../accounts/membership-finding.js';
import { issueChallenge, type IssuedChallenge } from '../challenge/challenge.js';
import { isOperationName, type OperationName } from '../sessions/operation-name.js';
import { type Session } from '../sessions/session.js';
import { codeOf } from './admission.js';
import { OPERATION_TEXTS } from './operation-text.js';
import { type Presence } from './presence.js';
import { type Proof, proveChallenge, type ProofParts } from './proof.js';
import { type Refusal, type RefusalCode } from './refusal.js';
import { type LoginStorage, type LoginStores } from './stores.js';
import { orUnavailable } from './unit.js';
import { type Visitor } from './visitor.js';

/** How long a signature stands for its operation: a form to be sent, not a working day. */
const STEP_UP_MS = 5 * 60_000;

export interface StepUpParts extends ProofParts {
  readonly storage: LoginStorage;
  readonly challengeLifetimeMs: number;
}

/** The operation is signed: the session goes on under this token and no other. */
export interface SteppedUp {
  readonly outcome: 'stepped-up';
  readonly token: string;
  readonly session: Session;
}

export interface StepUps {
  /** The text to sign for an operation. @throws LoginUnavailable when the challenge cannot be kept */
  begin(operation: OperationName, visitor: Visitor): Promise<IssuedChallenge>;
  /**
   * Judges the signature: the very person of the session, with a certificate their organisation would let in. The challenge is used
   * up whatever comes out, and the outcome is in the audit log before it is told. `null`: the session ended meanwhile.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nothing is allowed then
   */
  complete(
    attempt: { readonly challengeId: string; readonly signature: string },
    presence: Presence,
    visitor: Visitor,
  ): Promise<SteppedUp | Refusal | null>;
}

export function createStepUps(parts: StepUpParts): StepUps {
  const { storage, clock, origin } = parts;

  const record = (
    stores: Pick<LoginStores, 'audit'>,
    { session }: Presence,
    { requestId, address }: Visitor,
    outcome: { readonly code: RefusalCode | null; readonly details: Proof['details'] },
  ): Promise<void> =>
    stores.audit.append({
      type: outcome.code === null ? 'step-up.succeeded' : 'step-up.refused',
      at: clock(),
      actor: { kind: 'membership', id: session.membershipId },
      subject: { kind: 'session', id: session.id },
      organisationId: session.organisationId,
      reason: outcome.code,
      requestId,
      address,
      details: outcome.details,
    });

  return {
    begin: (operation, visitor) =>
      orUnavailable(() =>
        issueChallenge(storage.challenges, {
          origin,
          purpose: 'step-up',
          subject: { kind: 'operation', id: operation, ...OPERATION_TEXTS[operation] },
          now: clock(),
          lifetimeMs: parts.challengeLifetimeMs,
          browserToken: visitor.browserToken,
        }),
      ),

    async complete({ challengeId, signature }, presence, visitor) {
      const proof = await proveChallenge(parts, { challengeId, signature, purpose: 'step-up' }, visitor);
      const operation = proof.outcome === 'proved' ? (proof.challenge.subjectId ?? '') : '';
      const details = operation === '' ? proof.details : { ...proof.details, operation };
      const refuse = async (code: RefusalCode): Promise<Refusal> => {
        await orUnavailable(() => record(storage, presence, visitor, { code, details }));
        return { outcome: 'refused', code };
      };
      if (proof.outcome === 'refused') return refuse(proof.code);
      // A challenge of a program that knew other operations.
      if (!isOperationName(operation)) return refuse('CHALLENGE_UNKNOWN');

      return orUnavailable(() =>
        storage.atomically(async (stores) => {
          const code = await obstacle(stores, proof, presence, clock());
          if (code !== null) {
            await record(stores, presence, visitor, { code, details });
            return { outcome: 'refused', code };
          }
          const now = clock();
          const stepUp = { operation, until: new Date(now.getTime() + STEP_UP_MS) };
          const changed = await stores.sessions.stepUp(visitor.sessionToken ?? '', stepUp, now);
          if (changed === null) return null;
          await record(stores, presence, visitor, { code: null, details });
          return { outcome: 'stepped-up', ...changed };
        }),
      );
    },
  };
}

/** Why the person who signed may not act in this session: they are somebody else, or their certificate would not open it. */
async function obstacle(
  stores: LoginStores,
  { iin, bin, roles: templateRoles, certificate }: Proof,
  { account }: Presence,
  now: Date,
): Promise<RefusalCode | null> {
  if (iin !== account.person.iin) return 'STEP_UP_OTHER_PERSON';
  const claimant = { iin, bin, method: 'eds', organisationId: account.organisation.id } as const;
  const finding = await findMembership(stores.accounts, claimant);
  // The right person with the key of another employer: the signature is somebody else's as far as this session goes.
  if (finding.outcome === 'none') return 'STEP_UP_OTHER_PERSON';
  if (finding.outcome !== 'found') return codeOf(finding);
  const seen = { ...certificate, templateRoles };
  const { status } = await stores.accounts.bindCertificate(finding.account, seen, now);
  if (status === 'active') return null;
  return status === 'pending' ? 'ACCOUNT_CERTIFICATE_PENDING' : 'ACCOUNT_CERTIFICATE_REVOKED';
}
