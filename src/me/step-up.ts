/** Signing one request with the EDS within a session that is not enough for it. */
import { randomUUID } from 'node:crypto';
import { type Organisation } from '../accounts/account.js';
import { findMembership } from '../accounts/membership-finding.js';
import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { issueChallenge, type IssuedChallenge } from '../challenge/challenge.js';
import { asLine } from '../challenge/subject.js';
import { isOperationName, type OperationName } from '../sessions/operation-name.js';
import { type Session, type StepUp } from '../sessions/session.js';
import { codeOf } from '../sign-in/admission.js';
import { type Presence } from './presence.js';
import { type Proof, proveChallenge, type ProofParts } from '../sign-in/proof.js';
import { type Refusal, type RefusalCode } from '../sign-in/refusal.js';
import { requestDigest, type RequestInWords, type RequestToSign } from './signed-request.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { asOf, type Visitor } from '../sign-in/visitor.js';

/** How long a signature waits for the request it is for: a form to be sent, not a working day. */
const STEP_UP_MS = 5 * 60_000;

export interface StepUpParts extends ProofParts {
  readonly storage: SignInStorage;
  readonly challengeLifetimeMs: number;
}

/** The request is signed: the session goes on under this token and no other. */
export interface SteppedUp {
  readonly outcome: 'stepped-up';
  readonly token: string;
  readonly session: Session;
}

export interface StepUps {
  /**
   * The text to sign for a request: it names the organisation, the action, its targets and values.
   *
   * @throws LoginUnavailable when the challenge cannot be kept
   */
  begin(
    request: RequestToSign,
    words: RequestInWords,
    presence: Presence,
    visitor: Visitor,
  ): Promise<IssuedChallenge>;
  /**
   * Judges the signature: the very person of the session, with a certificate their organisation would let in, in a session of the
   * organisation that the text names. The challenge is used up whatever comes out, the signature is kept as evidence, and the outcome is
   * in the audit log before it is told. `null`: the session ended meanwhile.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nothing is allowed then
   */
  complete(
    attempt: { readonly challengeId: string; readonly signature: string },
    presence: Presence,
    visitor: Visitor,
  ): Promise<SteppedUp | Refusal | null>;
  /**
   * Uses a signature up, which is done before what it allows: once, however many ask at the same moment. False: somebody was
   * quicker.
   *
   * @throws LoginUnavailable
   */
  spend(stepUp: StepUp, presence: Presence, act: Act): Promise<boolean>;
}

export function createStepUps(parts: StepUpParts): StepUps {
  const { storage, clock, origin } = parts;

  return {
    begin: (request, { kk, ru, targets, values }, presence, visitor) =>
      orUnavailable(() => {
        const { organisation, membership } = presence.account;
        const digest = requestDigest(request, presence);
        return issueChallenge(storage.challenges, {
          origin,
          purpose: 'step-up',
          subject: {
            kind: 'operation',
            id: `${request.operation}/${membership.id}.${digest}`,
            kk,
            ru,
            organisation: asLine(inWords(organisation)),
            targets: targets.map(asLine),
            values: values.map(asLine),
            digest,
          },
          holder: { kind: 'membership', name: membership.id },
          now: clock(),
          lifetimeMs: parts.challengeLifetimeMs,
          browserToken: visitor.browserToken,
        });
      }),

    async complete({ challengeId, signature }, presence, visitor) {
      const proof = await proveChallenge(parts, { challengeId, signature, purpose: 'step-up' }, visitor);
      const bound = proof.outcome === 'proved' ? boundTo(proof.challenge.subjectId) : null;
      const details =
        bound === null
          ? proof.details
          : { ...proof.details, operation: bound.operation, digest: bound.digest };
      const { act } = asOf(visitor, clock());
      const subject = { kind: 'session', id: presence.session.id } as const;
      const refuse = async ({ audit }: Pick<SignInStores, 'audit'>, code: RefusalCode): Promise<Refusal> => {
        await record(audit, act, 'step-up.refused', { subject, reason: code, details });
        return { outcome: 'refused', code };
      };
      if (proof.outcome === 'refused') return orUnavailable(() => refuse(storage, proof.code));
      // A challenge of a program that knew other operations, or one whose text names another organisation.
      if (bound?.membershipId !== presence.account.membership.id) {
        return orUnavailable(() => refuse(storage, 'CHALLENGE_UNKNOWN'));
      }
      const { operation, digest } = bound;

      return orUnavailable(() =>
        storage.atomically(async (stores) => {
          const { at: now } = act;
          const code = await obstacle(stores, proof, presence, now);
          if (code !== null) return refuse(stores, code);
          const evidence = randomUUID();
          const stepUp = { operation, digest, evidence, until: new Date(now.getTime() + STEP_UP_MS) };
          const changed = await stores.sessions.stepUp(visitor.sessionToken ?? '', stepUp, now);
          if (changed === null) return null;
          const { account } = presence;
          await stores.stepUpSignatures.keep({
            id: evidence,
            personId: account.person.id,
            membershipId: account.membership.id,
            organisationId: account.organisation.id,
            operation,
            digest,
            certificateSha256: proof.certificate.sha256,
            signedAt: now,
            usedAt: null,
            text: proof.challenge.text,
            signature: proof.cms,
          });
          const signed = { ...proof.details, operation, digest, evidence };
          await record(stores.audit, act, 'step-up.succeeded', { subject, details: signed });
          return { outcome: 'stepped-up', ...changed };
        }),
      );
    },

    spend: (stepUp, presence, act) =>
      orUnavailable(() => storage.atomically((stores) => spendSignature(stores, stepUp, presence, act))),
  };
}

/**
 * Uses a signature up within a unit of work and writes it down; what it was used for stands in the log under the same request. False: it
 * was used already.
 */
export async function spendSignature(
  stores: Pick<SignInStores, 'audit' | 'stepUpSignatures'>,
  { operation, digest, evidence }: StepUp,
  { session }: Presence,
  act: Act,
): Promise<boolean> {
  if (!(await stores.stepUpSignatures.use(evidence, act.at))) return false;
  await record(stores.audit, act, 'step-up.used', {
    subject: { kind: 'session', id: session.id },
    details: { operation, digest, evidence },
  });
  return true;
}

/** An organisation as its people know it. */
function inWords({ name, bin }: Organisation): string {
  return bin === null ? name : `${name} (БСН / БИН ${bin})`;
}

/** What the subject of a challenge binds a signature to. */
function boundTo(
  subjectId: string | null,
): { readonly operation: OperationName; readonly membershipId: string; readonly digest: string } | null {
  const [, operation = '', membershipId = '', digest = ''] =
    /^([^/]+)\/([^.]+)\.([0-9a-f]{64})$/.exec(subjectId ?? '') ?? [];
  return isOperationName(operation) ? { operation, membershipId, digest } : null;
}

/** Why the person who signed may not act in this session: they are somebody else, or their certificate would not open it. */
async function obstacle(
  stores: SignInStores,
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
