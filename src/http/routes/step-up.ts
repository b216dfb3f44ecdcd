import { type Presences } from '../../login/presence.js';
import { type StepUps } from '../../login/step-up.js';
import { noSession } from '../caller.js';
import { type Operation, operation } from '../operation.js';
import { Problem } from '../problem.js';
import { challengeReply, sessionReply, stepUpChallengeRequest, stepUpRequest } from '../schema.js';
import { challengeIssued, EDS_PROBLEMS, SIGNATURE_BODY, SMALL_BODY } from './eds.js';
import { sessionRenewed } from './session.js';

export interface StepUpRouteParts {
  readonly stepUps: StepUps;
  readonly presences: Presences;
  readonly challengeLifetimeMs: number;
}

/** Signing one operation with the EDS. */
export function stepUpOperations({ stepUps, presences, challengeLifetimeMs }: StepUpRouteParts): Operation[] {
  return [
    operation({
      id: 'issueStepUpChallenge',
      method: 'post',
      path: '/v1/step-up/challenge',
      summary: 'Ask for the text that confirms an operation',
      tag: 'session',
      access: 'member',
      limit: 'challenge',
      body: { schema: stepUpChallengeRequest, limit: SMALL_BODY },
      replies: { 201: { description: 'A challenge that names the operation', schema: challengeReply } },
      problems: [],
      async handle({ body, visitor }) {
        return challengeIssued(await stepUps.begin(body.operation, visitor), challengeLifetimeMs);
      },
    }),
    operation({
      id: 'stepUp',
      method: 'post',
      path: '/v1/step-up',
      summary: 'Confirm an operation with the signed text',
      tag: 'session',
      access: 'member',
      limit: 'login',
      body: { schema: stepUpRequest, limit: SIGNATURE_BODY },
      replies: {
        200: {
          description: 'The operation may be done for a few minutes; the session goes on under a new cookie',
          schema: sessionReply,
        },
      },
      problems: [...EDS_PROBLEMS, 'STEP_UP_OTHER_PERSON'],
      async handle({ body, presence, visitor }) {
        const result = await stepUps.complete(body, presence, visitor);
        if (result === null) throw noSession(visitor);
        if (result.outcome === 'refused') throw new Problem(result.code);
        return sessionRenewed(presences, presence, result);
      },
    }),
  ];
}
