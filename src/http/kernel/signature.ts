/** Requests that an EDS has to have signed: found, put into words, and held to what was signed. */
import { type Presence } from '../../me/presence.js';
import { requestDigest, type RequestInWords, type RequestToSign } from '../../me/signed-request.js';
import { type StepUpRule } from '../../me/step-up-rule.js';
import { type StepUps } from '../../me/step-up.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { type StepUp } from '../../sessions/session.js';
import { type OperationName } from '../../sessions/operation-name.js';
import { type Operation } from './operation.js';
import { Problem } from './problem.js';
import { type ReadRequest, requestWords, type WordsParts } from './request-words.js';

export interface SignatureRuleParts extends WordsParts {
  readonly stepUpRule: StepUpRule;
  readonly stepUps: Pick<StepUps, 'spend'>;
}

/** The kind of operation a request is, where it is one that may have to be signed. */
export function signedKind({ stepUp, signable }: Operation): OperationName | null {
  return stepUp ?? signable ?? null;
}

/** As it is signed: what its use case asks for itself keeps its secrets to itself. */
export function toSign({ operation, params, body }: ReadRequest, kind: OperationName): RequestToSign {
  return {
    operation: kind,
    name: operation.id,
    params,
    body: operation.signable === undefined ? body : null,
  };
}

/**
 * Lets a request through that need not be signed, or was: then its signature is used up, whatever comes of the request.
 *
 * @returns the signature it used up
 * @throws Problem `STEP_UP_REQUIRED`, which says what is to be signed, `EDS_SESSION_REQUIRED`
 */
export async function requireSignature(
  read: ReadRequest,
  { presence, visitor }: { readonly presence: Presence; readonly visitor: Visitor },
  parts: SignatureRuleParts,
): Promise<StepUp | null> {
  const { stepUp: kind, alwaysSigned = false } = read.operation;
  if (kind === undefined) return null;
  const digest = requestDigest(toSign(read, kind), presence);
  const asked = { operation: kind, digest, always: alwaysSigned };
  let judgement = parts.stepUpRule(presence, asked, parts.clock());
  if (judgement.outcome === 'signed') {
    const { stepUp } = judgement;
    if (await parts.stepUps.spend(stepUp, presence, visitor.act)) return stepUp;
    const { session } = presence;
    // It was used already; a sign-in that is fresh enough may still do.
    judgement = parts.stepUpRule(
      { ...presence, session: { ...session, stepUp: null } },
      asked,
      parts.clock(),
    );
  }
  if (judgement.outcome !== 'demanded') return null;
  if (judgement.demand !== 'STEP_UP_REQUIRED') throw new Problem(judgement.demand);
  const sign = describe(read, await requestWords(read, presence, parts), presence);
  throw new Problem('STEP_UP_REQUIRED', { extensions: { operation: kind, sign } });
}

/** What is to be signed, for whoever asks the person to. */
function describe(
  { operation: { method, path }, params }: ReadRequest,
  { kk, ru, targets, values }: RequestInWords,
  { account: { organisation } }: Presence,
): object {
  const named = params as Readonly<Record<string, string>>;
  return {
    method: method.toUpperCase(),
    path: path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => encodeURIComponent(named[name] ?? '')),
    organisation: { id: organisation.id, name: organisation.name },
    action: { kk, ru },
    targets,
    values,
  };
}
