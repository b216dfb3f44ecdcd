import { type Presence } from '../../me/presence.js';
import { type StepUps } from '../../me/step-up.js';
import { MANAGEMENT_BODY } from '../kernel/acting.js';
import { noSession } from '../kernel/caller.js';
import { type Operation, operation } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { type ReadRequest, requestWords, type WordsParts } from '../kernel/request-words.js';
import { signedKind, toSign } from '../kernel/signature.js';
import { challengeIssued, EDS_PROBLEMS, SIGNATURE_BODY } from '../shapes/eds.js';
import { sessionRenewed } from '../shapes/session-body.js';
import { challengeReply, sessionReply } from '../shapes/session-schema.js';
import { stepUpChallengeRequest, stepUpRequest } from './schema.js';

export interface StepUpRouteParts extends WordsParts {
  readonly stepUps: StepUps;
  readonly challengeLifetimeMs: number;
}

/** A request that somebody is about to make. */
export interface IntendedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/**
 * @param readIntended reads a request as if it had come, for who asks now; `null` for none of ours.
 *   @throws Problem as the request itself would
 */
export function stepUpOperations(
  parts: StepUpRouteParts,
  readIntended: (intended: IntendedRequest, presence: Presence) => Promise<ReadRequest | null>,
): Operation[] {
  const { stepUps, challengeLifetimeMs } = parts;
  return [
    operation({
      id: 'issueStepUpChallenge',
      method: 'post',
      path: '/v1/step-up/challenge',
      summary: 'Ask for the text that confirms one request, exactly as it will be made',
      tag: 'session',
      access: 'member',
      limit: 'manage',
      body: { schema: stepUpChallengeRequest, limit: 2 * MANAGEMENT_BODY },
      replies: {
        201: {
          description: 'A challenge that names organisation, action, targets and values',
          schema: challengeReply,
        },
      },
      problems: [
        'PERMISSION_DENIED',
        'EDS_SESSION_REQUIRED',
        'RESOURCE_UNKNOWN',
        'CERTIFICATE_BINDING_STATUS',
      ],
      async handle({ body, presence, visitor }) {
        if (presence.session.provisional) throw new Problem('EDS_SESSION_REQUIRED');
        const read = await readIntended(body, presence);
        const kind = read === null ? null : signedKind(read.operation);
        if (read === null || kind === null) {
          const errors = [{ path: 'path', problem: 'names no request that is signed before it is made' }];
          throw new Problem('REQUEST_INVALID', { extensions: { errors } });
        }
        const words = await requestWords(read, presence, parts);
        const issued = await stepUps.begin(toSign(read, kind), words, presence, visitor);
        return challengeIssued(issued, challengeLifetimeMs);
      },
    }),
    operation({
      id: 'stepUp',
      method: 'post',
      path: '/v1/step-up',
      summary: 'Confirm a request with the signed text',
      tag: 'session',
      access: 'member',
      limit: 'manage',
      body: { schema: stepUpRequest, limit: SIGNATURE_BODY },
      replies: {
        200: {
          description:
            'This very request may be made, once, within minutes; the session goes on under a new cookie',
          schema: sessionReply,
        },
      },
      problems: [...EDS_PROBLEMS, 'STEP_UP_OTHER_PERSON'],
      async handle({ body, presence, visitor }) {
        const result = await stepUps.complete(body, presence, visitor);
        if (result === null) throw noSession(visitor);
        if (result.outcome === 'refused') throw new Problem(result.code);
        return sessionRenewed(presence, result);
      },
    }),
  ];
}
