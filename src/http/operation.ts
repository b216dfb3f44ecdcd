/** An HTTP operation as data: what it takes and gives is written once and serves validation, routing and the OpenAPI document. */
import { type Request } from 'express';
import { type ApiClient } from '../federation/api-client.js';
import { type z } from 'zod';
import { type Visitor } from '../login/visitor.js';
import { type LimitName } from './limits.js';
import { type ProblemCode } from './problem.js';

/** One request, read and checked. */
export interface Exchange<Body> {
  readonly request: Request;
  readonly visitor: Visitor;
  readonly body: Body;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; nothing with 204. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

export interface ReplyShape {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything of an operation but what depends on the type of its body and of its caller. */
interface OperationShape {
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly tag: 'sign-in' | 'session' | 'signatures' | 'health';
  /** `browser`: changes state for whoever holds the cookies, so the origin is checked. `client`: an API client's credentials. */
  readonly access: 'open' | 'browser' | 'session' | 'client';
  readonly limit: LimitName | null;
  readonly replies: Readonly<Record<number, ReplyShape>>;
  /** Reasons of its own, beside those every operation has. */
  readonly problems: readonly ProblemCode[];
}

export interface Operation extends OperationShape {
  readonly body: { readonly schema: z.ZodType; readonly limit: number } | null;
  /** Runs before the body is read, so that a stranger cannot make us read it. @throws Problem */
  readonly authorise?: (request: Request, visitor: Visitor) => Promise<ApiClient>;
  readonly handle: (exchange: Exchange<unknown> & { readonly client: ApiClient | null }) => Promise<Reply>;
}

type Bodied<Schema extends z.ZodType> = OperationShape & {
  readonly body: { readonly schema: Schema; readonly limit: number };
};

/** Ties the type of the body to its schema. */
export function operation<Schema extends z.ZodType>(
  definition: Bodied<Schema> & {
    readonly handle: (exchange: Exchange<z.output<Schema>>) => Promise<Reply>;
  },
): Operation {
  // Sound: the router hands over what `schema` made of the body, and nothing else.
  return { ...definition, handle: definition.handle as Operation['handle'] };
}

/** The same for an operation of API clients: its handler always has the client that `authorise` found. */
export function clientOperation<Schema extends z.ZodType>(
  definition: Bodied<Schema> & {
    readonly authorise: NonNullable<Operation['authorise']>;
    readonly handle: (
      exchange: Exchange<z.output<Schema>> & { readonly client: ApiClient },
    ) => Promise<Reply>;
  },
): Operation {
  return { ...definition, handle: definition.handle as Operation['handle'] };
}
