import { type PasswordChanges } from '../../me/password-change.js';
import { type PasswordRules } from '../../passwords/rules/rules.js';
import { BODY_LIMITS } from '../kernel/body-limits.js';
import { noSession } from '../kernel/caller.js';
import { sessionCookie } from '../kernel/cookie.js';
import { type Operation, operation } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { passwordChangeRequest, passwordRulesReply, passwordStateReply } from './schema.js';

export interface PasswordParts {
  readonly passwordChanges: PasswordChanges;
  readonly passwordRules: PasswordRules;
}

const BODY = BODY_LIMITS.octets.management;
/** What `/v1/step-up/challenge` is asked for. */
const OWN_PASSWORD = { method: 'POST', path: '/v1/me/password' } as const;

/** A person's own password, and the rules a new one is held to. */
export function passwordOperations({ passwordChanges, passwordRules }: PasswordParts): Operation[] {
  return [
    operation({
      id: 'passwordRules',
      method: 'get',
      path: '/v1/password-rules',
      summary: 'What a new password must be',
      tag: 'me',
      access: 'open',
      limit: null,
      replies: { 200: { description: 'The rules in force', schema: passwordRulesReply } },
      problems: [],
      handle: () => Promise.resolve({ status: 200, body: rulesBody(passwordRules) }),
    }),
    operation({
      id: 'myPassword',
      method: 'get',
      path: '/v1/me/password',
      summary: 'Whether I have a password, and how old it is',
      tag: 'me',
      access: 'session',
      limit: null,
      replies: { 200: { description: 'The state of the password', schema: passwordStateReply } },
      problems: [],
      async handle({ presence }) {
        const state = await passwordChanges.stateOf(presence);
        const { set, changedAt, expiresAt, expired, temporaryUntil } = state;
        return {
          status: 200,
          body: {
            set,
            changedAt: changedAt?.toISOString() ?? null,
            expiresAt: expiresAt?.toISOString() ?? null,
            expired,
            temporaryUntil: temporaryUntil?.toISOString() ?? null,
          },
        };
      },
    }),
    operation({
      id: 'setMyPassword',
      method: 'post',
      path: '/v1/me/password',
      signable: 'password.set',
      summary: 'Set my password: with the current one, or with the EDS',
      tag: 'me',
      access: 'session',
      limit: 'passwordChange',
      body: { schema: passwordChangeRequest, limit: BODY },
      replies: {
        204: {
          description: 'Changed. My other sessions have ended, and this one has a new cookie',
        },
      },
      problems: [
        'PASSWORD_CURRENT_WRONG',
        'PASSWORD_BLOCKED',
        'PASSWORD_LAPSED',
        'PASSWORD_RULES_BROKEN',
        'EDS_SESSION_REQUIRED',
        'STEP_UP_REQUIRED',
      ],
      async handle({ presence, visitor, body: { current, password } }) {
        const result = await passwordChanges.change(
          { presence, current: current ?? null, password },
          visitor,
        );
        if (result.outcome === 'changed') return { status: 204, cookies: [sessionCookie(result.token)] };
        if (result.code === 'SESSION_NONE') throw noSession(visitor);
        throw new Problem(result.code, {
          extensions: {
            ...(result.broken === undefined ? {} : { broken: result.broken }),
            ...(result.code === 'STEP_UP_REQUIRED' ? { operation: 'password.set', sign: OWN_PASSWORD } : {}),
          },
        });
      },
    }),
  ];
}

function rulesBody({ maxAgeMs, ...rules }: PasswordRules): object {
  return { ...rules, maxAgeDays: maxAgeMs === 0 ? null : maxAgeMs / (24 * 60 * 60_000) };
}
