import { type AccountDirectory } from '../../accounts/directory.js';
import { parseIin } from '../../accounts/national-number.js';
import { type Admission } from '../../sign-in/admission.js';
import { type EdsSignIn } from '../../sign-in/eds-sign-in.js';
import { type PasswordSignIn } from '../../sign-in/password-sign-in.js';
import { type Refusal } from '../../sign-in/refusal.js';
import { type SignInMetrics } from '../../sign-in/metrics.js';
import { problemOf } from '../kernel/answer.js';
import { sessionCookie } from '../kernel/cookie.js';
import { type Operation, operation, type Reply } from '../kernel/operation.js';
import { type PasswordLimits } from '../kernel/password-limits.js';
import { Problem, type ProblemCode } from '../kernel/problem.js';
import { challengeIssued, EDS_PROBLEMS, SIGNATURE_BODY, SMALL_BODY } from '../shapes/eds.js';
import { sessionBody } from '../shapes/session-body.js';
import { challengeReply, signedInReply } from '../shapes/session-schema.js';
import { challengeRequest, edsLoginRequest, passwordLoginRequest } from './schema.js';

export interface LoginParts {
  readonly edsLogin: EdsSignIn;
  readonly passwordLogin: PasswordSignIn;
  readonly passwordLimits: PasswordLimits;
  readonly storage: { readonly accounts: Pick<AccountDirectory, 'referenceOf'> };
  readonly challengeLifetimeMs: number;
  readonly metrics: SignInMetrics;
}

export function loginOperations({
  edsLogin,
  passwordLogin,
  passwordLimits,
  storage,
  challengeLifetimeMs,
  metrics,
}: LoginParts): Operation[] {
  const judged = async (
    method: 'eds' | 'password',
    attempt: () => Promise<Admission | Refusal>,
  ): Promise<Reply> => {
    const began = performance.now();
    const finished = (outcome: 'admitted' | 'refused', code: string): void => {
      metrics.loginFinished({ method, outcome, code, seconds: (performance.now() - began) / 1000 });
    };
    let result: Admission | Refusal;
    try {
      result = await attempt();
    } catch (error) {
      finished('refused', problemOf(error).code);
      throw error;
    }
    finished(result.outcome, result.outcome === 'refused' ? result.code : 'none');
    if (result.outcome === 'refused') {
      throw new Problem(
        result.code,
        result.choices === undefined ? {} : { extensions: { choices: result.choices } },
      );
    }
    return { status: 200, body: sessionBody(result), cookies: [sessionCookie(result.token)] };
  };

  return [
    operation({
      id: 'issueChallenge',
      method: 'post',
      path: '/v1/login/eds/challenge',
      summary: 'Ask for a challenge to sign',
      tag: 'sign-in',
      access: 'browser',
      limit: 'challenge',
      body: { schema: challengeRequest, limit: SMALL_BODY },
      replies: {
        201: {
          description: 'A challenge for this browser; the pre-login cookie is set',
          schema: challengeReply,
        },
      },
      problems: [],
      async handle({ visitor }) {
        return challengeIssued(await edsLogin.begin(visitor), challengeLifetimeMs);
      },
    }),
    operation({
      id: 'signInWithEds',
      method: 'post',
      path: '/v1/login/eds',
      summary: 'Sign in with the signed challenge',
      tag: 'sign-in',
      access: 'browser',
      limit: 'login',
      body: { schema: edsLoginRequest, limit: SIGNATURE_BODY },
      replies: { 200: { description: 'Signed in; the session cookie is set', schema: signedInReply } },
      problems: [
        ...EDS_PROBLEMS,
        ...ACCOUNT_PROBLEMS,
        'ACCOUNT_PERSONAL_KEY',
        'ACCOUNT_CERTIFICATE_PENDING',
        'ACCOUNT_CERTIFICATE_REVOKED',
      ],
      handle: ({ body: { challengeId, signature, organisation }, visitor }) =>
        judged('eds', () =>
          edsLogin.complete({ challengeId, signature, organisationId: organisation ?? null }, visitor),
        ),
    }),
    operation({
      id: 'signInWithPassword',
      method: 'post',
      path: '/v1/login/password',
      summary: 'Sign in with IIN and password',
      tag: 'sign-in',
      access: 'browser',
      limit: 'password',
      body: { schema: passwordLoginRequest, limit: SMALL_BODY },
      replies: { 200: { description: 'Signed in; the session cookie is set', schema: signedInReply } },
      problems: [
        'PASSWORD_WRONG',
        'PASSWORD_BLOCKED',
        'PASSWORD_LAPSED',
        'ACCOUNT_PASSWORD_NOT_ALLOWED',
        ...ACCOUNT_PROBLEMS,
      ],
      async handle({ body: { iin, password, organisation }, visitor }) {
        const number = parseIin(iin);
        if (number === null) throw new Problem('REQUEST_INVALID');
        const address = visitor.act.address ?? 'unknown';
        const account = storage.accounts.referenceOf(number);
        await passwordLimits.requireRoom(address, account);
        return judged('password', async () => {
          const attempt = { iin: number, password, organisationId: organisation ?? null };
          const result = await passwordLogin.complete(attempt, visitor);
          if (result.outcome === 'refused' && SPRAYED.has(result.code)) {
            await passwordLimits.failed(address, account);
          }
          return result;
        });
      },
    }),
  ];
}

/** What trying passwords on people is answered with, whether they exist or not. */
const SPRAYED: ReadonlySet<string> = new Set(['PASSWORD_WRONG', 'PASSWORD_BLOCKED']);

const ACCOUNT_PROBLEMS = [
  'ACCOUNT_NONE',
  'ACCOUNT_BLOCKED',
  'ACCOUNT_SUSPENDED',
  'ACCOUNT_INVITED',
  'ACCOUNT_REQUESTED',
  'ACCOUNT_CHOICE_REQUIRED',
] as const satisfies ProblemCode[];
