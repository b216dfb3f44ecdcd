/**
 * Every stable code of the gateway, once: its HTTP status, what it means, what a person is told in three languages, and who can do something
 * about it. The API, the pages, the command line, the OpenAPI document and docs/errors.md are made of it. It imports nothing but types of the
 * verifier, asks nothing and decides nothing; every other module may read it.
 */
import { access } from './access.js';
import { account } from './account.js';
import { certificate } from './certificate.js';
import { challenge } from './challenge.js';
import { format } from './format.js';
import { identity } from './identity.js';
import { invitation } from './invitation.js';
import { membership } from './membership.js';
import { organisation } from './organisation.js';
import { password } from './password.js';
import { registration } from './registration.js';
import { request } from './request.js';
import { revocation } from './revocation.js';
import { role } from './role.js';
import { service } from './service.js';
import { signature } from './signature.js';
import { terms } from './terms.js';
import { timestamp } from './timestamp.js';
import { type Reason } from './reason.js';
import { type ReasonNumbers, wordedReasons } from './wording.js';

/** The codes of one subject: a section of docs/errors.md. */
export interface Subject {
  readonly heading: string;
  readonly reasons: Readonly<Record<string, Reason>>;
}

/** In the order of docs/errors.md. */
export const SUBJECTS = {
  request: { heading: 'Requests', reasons: request },
  service: { heading: 'The service', reasons: service },
  access: { heading: 'Callers and what they may do', reasons: access },
  challenge: { heading: 'The challenge', reasons: challenge },
  format: { heading: 'What was sent as a signature', reasons: format },
  signature: { heading: 'The signature', reasons: signature },
  certificate: { heading: 'The certificate and its path', reasons: certificate },
  revocation: { heading: 'Revocation', reasons: revocation },
  timestamp: { heading: 'The time-stamp', reasons: timestamp },
  identity: { heading: 'The person in the certificate', reasons: identity },
  account: { heading: 'The account', reasons: account },
  password: { heading: 'Passwords', reasons: password },
  registration: { heading: 'Registration', reasons: registration },
  invitation: { heading: 'Invitations', reasons: invitation },
  terms: { heading: 'Terms and contacts', reasons: terms },
  membership: { heading: 'Members', reasons: membership },
  role: { heading: 'Roles', reasons: role },
  organisation: { heading: 'Organisations', reasons: organisation },
} satisfies Readonly<Record<string, Subject>>;

export type Kind = keyof typeof SUBJECTS;

/** The codes of some subjects. */
export type CodeOf<Some extends Kind> = { [kind in Some]: keyof (typeof SUBJECTS)[kind]['reasons'] }[Some];

/** Every stable code. */
export type Code = CodeOf<Kind>;

export type Reasons = Readonly<Record<Code, Reason>>;

/** The codes of these subjects, in their order. */
export function codesOf<Some extends Kind>(...kinds: readonly Some[]): readonly CodeOf<Some>[] {
  return kinds.flatMap((kind) => Object.keys(SUBJECTS[kind].reasons) as CodeOf<Some>[]);
}

/** Everything in one table, by code. Texts hold placeholders for numbers: see `reasonsWith`. */
export function catalogueOf(subjects: Readonly<Record<string, Subject>>): Readonly<Record<string, Reason>> {
  return Object.assign({}, ...Object.values(subjects).map(({ reasons }) => reasons)) as Readonly<
    Record<string, Reason>
  >;
}

export const CATALOGUE = catalogueOf(SUBJECTS) as Reasons;

/** The catalogue as one gateway tells it: with the numbers of its configuration. */
export function reasonsWith(numbers: ReasonNumbers): Reasons {
  return wordedReasons(CATALOGUE, numbers);
}
