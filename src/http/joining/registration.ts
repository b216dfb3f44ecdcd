import { createHash } from 'node:crypto';
import { parseIin } from '../../accounts/national-number.js';
import { type InvitationAcceptance } from '../../joining/invitation-acceptance.js';
import { type Registration } from '../../joining/registration.js';
import { PasswordRulesBroken } from '../../passwords/preparing.js';
import { sessionCookie } from '../kernel/cookie.js';
import { given } from '../kernel/given.js';
import { type Limits } from '../kernel/limits.js';
import { type Operation, operation } from '../kernel/operation.js';
import { languageOf } from '../kernel/page-language.js';
import { Problem, type ProblemCode } from '../kernel/problem.js';
import { challengeIssued, EDS_PROBLEMS, SIGNATURE_BODY, SMALL_BODY } from '../shapes/eds.js';
import { sessionBody } from '../shapes/session-body.js';
import { signedInReply } from '../shapes/session-schema.js';
import {
  invitationAcceptRequest,
  invitationLookReply,
  invitationLookRequest,
  registeredReply,
  registrationChallengeReply,
  registrationChallengeRequest,
  registrationRequest,
  requestedReply,
} from './schema.js';

export interface RegistrationOperationParts {
  readonly registration: Registration;
  readonly invitations: InvitationAcceptance;
  readonly challengeLifetimeMs: number;
  readonly limits: Limits;
}

const INVITATION_PROBLEMS = [
  'INVITATION_UNKNOWN',
  'INVITATION_USED',
  'INVITATION_REVOKED',
  'INVITATION_EXPIRED',
] as const satisfies ProblemCode[];

const ACCOUNT_PROBLEMS = [
  'ACCOUNT_BLOCKED',
  'ACCOUNT_SUSPENDED',
  'ACCOUNT_INVITED',
  'ACCOUNT_REQUESTED',
  'ACCOUNT_PERSONAL_KEY',
  'ACCOUNT_CERTIFICATE_PENDING',
  'ACCOUNT_CERTIFICATE_REVOKED',
] as const satisfies ProblemCode[];

/** Registration by EDS, and the taking of invitations. */
export function registrationOperations({
  registration,
  invitations,
  challengeLifetimeMs,
  limits,
}: RegistrationOperationParts): Operation[] {
  return [
    operation({
      id: 'issueRegistrationChallenge',
      method: 'post',
      path: '/v1/registration/challenge',
      summary: 'Ask for the terms to sign, word for word, to register',
      tag: 'registration',
      access: 'browser',
      limit: 'registration',
      body: { schema: registrationChallengeRequest, limit: SMALL_BODY },
      replies: {
        201: {
          description: 'A challenge for this browser that holds the terms; the pre-login cookie is set',
          schema: registrationChallengeReply,
        },
      },
      problems: ['REGISTRATION_CLOSED', ...INVITATION_PROBLEMS],
      async handle({ request, body, visitor }) {
        const language = languageOf(request, body.language);
        const offer = await registration.begin({ invitation: body.invitation ?? null, language }, visitor);
        if (offer.outcome === 'refused') throw new Problem(offer.code);
        const { challenge, termsVersion, organisation } = offer;
        const offered = { terms: { version: termsVersion }, organisation };
        return challengeIssued(challenge, challengeLifetimeMs, offered);
      },
    }),
    operation({
      id: 'register',
      method: 'post',
      path: '/v1/registration',
      summary: 'Register with the signed terms; the certificate decides where',
      tag: 'registration',
      access: 'browser',
      limit: 'registration',
      body: { schema: registrationRequest, limit: SIGNATURE_BODY },
      replies: {
        201: { description: 'A member from now on; the session cookie is set', schema: registeredReply },
        202: { description: 'The manager of the organisation has to decide', schema: requestedReply },
      },
      problems: [
        'REGISTRATION_CLOSED',
        'REGISTRATION_LIMIT',
        'REGISTRATION_HEAD_REQUIRED',
        'REGISTRATION_KIND_REQUIRED',
        'REGISTRATION_KIND_MISMATCH',
        'REGISTRATION_ALREADY_MEMBER',
        'REGISTRATION_OTHER_ORGANISATION',
        'REGISTRATION_NAME_UNUSABLE',
        'CONTACT_MALFORMED',
        'INVITATION_OTHER_PERSON',
        ...INVITATION_PROBLEMS,
        ...ACCOUNT_PROBLEMS,
        ...EDS_PROBLEMS,
      ],
      async handle({ body: { challengeId, signature, invitation, kind, email, phone }, visitor }) {
        const result = await registration.complete(
          {
            challengeId,
            signature,
            invitation: invitation ?? null,
            practice: kind ?? null,
            contacts: given({ email, phone }),
          },
          visitor,
        );
        if (result.outcome === 'refused') throw new Problem(result.code);
        if (result.outcome === 'requested') {
          const { name } = result.account.organisation;
          return { status: 202, body: { status: 'requested', organisation: { name } } };
        }
        return {
          status: 201,
          body: { ...sessionBody(result), registered: result.as },
          cookies: [sessionCookie(result.token)],
        };
      },
    }),
    operation({
      id: 'lookAtInvitation',
      method: 'post',
      path: '/v1/invitations/look',
      summary: 'Who invites, and until when, for whoever holds the link',
      tag: 'registration',
      access: 'browser',
      limit: 'invitation',
      body: { schema: invitationLookRequest, limit: SMALL_BODY },
      replies: { 200: { description: 'The invitation can be taken', schema: invitationLookReply } },
      problems: INVITATION_PROBLEMS,
      async handle({ body: { token } }) {
        const look = await invitations.look(token);
        if (look.outcome === 'refused') throw new Problem(look.code);
        const { organisation, expiresAt } = look;
        return { status: 200, body: { organisation, expiresAt: expiresAt.toISOString() } };
      },
    }),
    operation({
      id: 'acceptInvitation',
      method: 'post',
      path: '/v1/invitations/accept',
      summary: 'Take an invitation without a key at hand, by setting a first password',
      tag: 'registration',
      access: 'browser',
      limit: 'invitation',
      body: { schema: invitationAcceptRequest, limit: SMALL_BODY },
      replies: {
        201: { description: 'A member from now on; the session cookie is set', schema: signedInReply },
      },
      problems: [
        'INVITATION_OTHER_PERSON',
        'INVITATION_NEEDS_EDS',
        'PASSWORD_RULES_BROKEN',
        'ACCOUNT_PASSWORD_NOT_ALLOWED',
        'ACCOUNT_BLOCKED',
        'ACCOUNT_SUSPENDED',
        ...INVITATION_PROBLEMS,
      ],
      async handle({ body: { token, iin, password }, visitor }) {
        const number = parseIin(iin);
        if (number === null) throw new Problem('REQUEST_INVALID');
        // By link as well as by address: whoever has many addresses still has one link.
        await limits.consume('invitation', createHash('sha256').update(token).digest('hex'));
        const result = await accepted(() => invitations.accept({ token, iin: number, password }, visitor));
        if (result.outcome === 'refused') throw new Problem(result.code);
        return { status: 201, body: sessionBody(result), cookies: [sessionCookie(result.token)] };
      },
    }),
  ];
}

/** Which rules a password breaks is told by name, so that a page can explain them. */
async function accepted<T>(accept: () => Promise<T>): Promise<T> {
  try {
    return await accept();
  } catch (error) {
    if (error instanceof PasswordRulesBroken) {
      throw new Problem('PASSWORD_RULES_BROKEN', { extensions: { broken: error.broken }, cause: error });
    }
    throw error;
  }
}
