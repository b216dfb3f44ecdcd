/** An HTTP operation as data: what it takes and gives is written once and serves validation, routing and the OpenAPI document. */
import { type Request } from 'express';
import { type PlatformRole } from '../../accounts/platform-role.js';
import { type QaqpaPermission } from '../../accounts/role.js';
import { type AuditFacts } from '../../audit/event.js';
import { type SubjectOf } from '../../audit/recorder.js';
import { type ApiClient, type KnownClient } from '../../clients/api-client.js';
import { type z } from 'zod';
import { type Presence } from '../../me/presence.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { type OperationName } from '../../sessions/operation-name.js';
import { type StepUp } from '../../sessions/session.js';
import { type LimitName } from './limits.js';
import { type ProblemCode } from './problem.js';

/**
 * Who may call.
 *
 * - `open`: anybody.
 * - `browser`: anybody, on behalf of whoever holds the cookies.
 * - `session`: somebody signed in, whatever they still owe.
 * - `member`: somebody signed in who owes nothing (no terms to accept, no password to change).
 * - `client`: an API client with its credentials.
 *
 * What changes state (anything but GET) with cookies, that is every level but `open` and `client`, is let through from our own origin alone.
 */
export type Access = 'open' | 'browser' | 'session' | 'member' | 'client';

/** What the router proved about the caller before the handler runs. */
interface Callers {
  readonly open: object;
  readonly browser: object;
  readonly session: { readonly presence: Presence };
  readonly member: { readonly presence: Presence };
  readonly client: { readonly client: ApiClient };
}

/** One request, read and checked. */
export interface Exchange<Body, Params, Query> {
  readonly request: Request;
  /** Their act is that of the caller, of the moment at which the request had been read. */
  readonly visitor: Visitor;
  readonly body: Body;
  /** Identifiers in the path. */
  readonly params: Params;
  readonly query: Query;
  /** The signature that let it through and was used up by it; null where none was asked for. */
  readonly signature: StepUp | null;
}

/** What a reply tells of others, where it is not what the address names. */
export interface Looked {
  readonly subject?: SubjectOf<'records.read'> | null;
  readonly details?: AuditFacts;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; nothing with 204. */
  readonly body?: object;
  /** Instead of a body: what is sent as it is. */
  readonly text?: { readonly type: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  /** With `privilegedRead`: for the log. */
  readonly looked?: Looked;
  /** Told as this problem, once what was looked for is in the log. */
  readonly problem?: ProblemCode;
}

export interface ReplyShape {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** What it is sent as; JSON unless said otherwise. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Tag =
  | 'sign-in'
  | 'registration'
  | 'session'
  | 'me'
  | 'organisation'
  | 'members'
  | 'invitations'
  | 'roles'
  | 'administration'
  | 'signatures'
  | 'log'
  | 'health';

/** Everything of an operation but what depends on the types of what it reads and of its caller. */
interface OperationShape {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/v1/organisation/members/{member}`; every name in braces is a field of `params`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: Tag;
  readonly access: Access;
  /** With `member`: what the caller's roles in their organisation must allow. */
  readonly permission?: QaqpaPermission;
  /** With `member`: the caller has one of these roles on the platform, and signed in with an EDS. */
  readonly platform?: readonly PlatformRole[];
  /** With `member`: the operation an EDS must have signed for when the session asks for it. */
  readonly stepUp?: OperationName;
  /** With `stepUp`: this very request is signed in any case, however fresh the sign-in. */
  readonly alwaysSigned?: true;
  /** Its use case asks for the signature itself, and what is sent is no part of what is signed. */
  readonly signable?: OperationName;
  /** It tells of others what they do not tell themselves: that it did is in the log before it is told. */
  readonly privilegedRead?: true;
  readonly limit: LimitName | null;
  readonly replies: Readonly<Record<number, ReplyShape>>;
  /** Reasons of its own, beside those every operation has. */
  readonly problems: readonly ProblemCode[];
}

interface ReadBody<Schema> {
  readonly schema: Schema;
  /** Bytes. */
  readonly limit: number;
}

export interface Operation extends OperationShape {
  readonly body: ReadBody<z.ZodType> | null;
  /** A path that does not fit addresses nothing, and is answered like something unknown. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Runs before the body is read, so that a stranger cannot make us read it. @throws Problem */
  readonly authorise?: (request: Request, visitor: Visitor) => Promise<KnownClient>;
  readonly handle: (
    exchange: Exchange<unknown, unknown, unknown> & {
      readonly client: ApiClient | null;
      readonly presence: Presence | null;
    },
  ) => Promise<Reply>;
}

/** Ties what the handler is given to the schemas and the access of the definition. */
export function operation<
  A extends Access,
  Body extends z.ZodType = z.ZodNull,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
>(
  definition: Omit<Operation, 'access' | 'body' | 'params' | 'query' | 'handle'> & {
    readonly access: A;
    readonly body?: ReadBody<Body> | null;
    readonly params?: Params;
    readonly query?: Query;
    readonly handle: (
      exchange: Exchange<z.output<Body>, z.output<Params>, z.output<Query>> & Callers[A],
    ) => Promise<Reply>;
  },
): Operation {
  const { access, permission, platform, stepUp } = definition;
  if (access !== 'member' && (permission ?? platform ?? stepUp) !== undefined) {
    throw new TypeError(`${definition.id} asks for permissions of a caller who may owe something first`);
  }
  if (access === 'client' && definition.authorise === undefined) {
    throw new TypeError(`${definition.id} is for API clients and does not say how they are known`);
  }
  // Sound: the router hands over what the schemas made of the request, and the caller that `access` names, and nothing else.
  return { ...definition, body: definition.body ?? null, handle: definition.handle as Operation['handle'] };
}
