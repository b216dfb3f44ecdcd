import { type Express, type Request, type RequestHandler, type Response } from 'express';
import { type z } from 'zod';
import { type Visitor } from '../login/visitor.js';
import { readJson } from './body.js';
import { PRELOGIN_COOKIE, readToken, SESSION_COOKIE } from './cookie.js';
import { type CallerParts, requireCaller } from './caller.js';
import { requireOwnOrigin } from './guard.js';
import { type Limits } from './limits.js';
import { type Operation } from './operation.js';
import { Problem } from './problem.js';
import { unwritablePath } from './text.js';

export interface RouterParts extends CallerParts {
  readonly origin: string;
  readonly limits: Limits;
}

/** Puts the operations on the app; every other method on their paths is answered 405. */
export function mountOperations(app: Express, operations: readonly Operation[], parts: RouterParts): void {
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const here = operations.filter((operation) => operation.path === path);
    const route = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const operation of here) route[operation.method](serve(operation, parts));
    const allow = here
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    route.all(refuseMethod(allow));
  }
}

/** For the methods a path does not have. @param allow those it has */
export function refuseMethod(allow: string): RequestHandler {
  return () => {
    throw new Problem('REQUEST_METHOD', { headers: { Allow: allow } });
  };
}

/** Cheap refusals first: origin, then the rate, then the caller, and only then what was sent is read. */
function serve(operation: Operation, parts: RouterParts): RequestHandler {
  const { origin, limits } = parts;
  const { access, method, body: expected } = operation;
  const changesStateByCookie = method !== 'get' && access !== 'open' && access !== 'client';
  return async (request, response) => {
    response.locals['route'] = operation.path;
    response.setHeader('Cache-Control', 'no-store');
    const visitor = visitorOf(request, response);
    if (changesStateByCookie) requireOwnOrigin(request, origin);
    if (operation.limit !== null) await limits.consume(operation.limit, visitor.address ?? 'unknown');
    const caller = await requireCaller(operation, request, visitor, parts);
    if (operation.limit !== null && caller.presence !== null) {
      await limits.consume('session', `session ${caller.presence.session.id}`);
    }
    const params = addressed(operation.params, request);
    const query = operation.query === undefined ? {} : validated(operation.query, request.query);
    const body =
      expected === null ? null : validated(expected.schema, await readJson(request, expected.limit));
    const reply = await operation.handle({ request, visitor, ...caller, params, query, body });
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
    for (const cookie of reply.cookies ?? []) response.append('Set-Cookie', cookie);
    response.status(reply.status);
    if (reply.body === undefined) response.end();
    else sendJson(response, reply.body);
  };
}

/** As Express would, without asking for what it knows: there is no ETag here, no replacer and no other character set. */
function sendJson(response: Response, body: object): void {
  const octets = Buffer.from(JSON.stringify(body), 'utf8');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', octets.length);
  response.end(octets);
}

function addressed(schema: Operation['params'], request: Request): unknown {
  const parsed = schema?.safeParse(request.params);
  if (parsed?.success === false || unwritablePath(request.params) !== null)
    throw new Problem('RESOURCE_UNKNOWN');
  return parsed?.data ?? {};
}

function validated(schema: z.ZodType, input: unknown): unknown {
  const unwritable = unwritablePath(input);
  if (unwritable !== null) {
    const errors = [{ path: unwritable.slice(0, 100), problem: 'holds characters no text has' }];
    throw new Problem('REQUEST_INVALID', { extensions: { errors } });
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  // zod's messages name types and limits; with `received` values left out they never repeat the input.
  const errors = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.join('.').slice(0, 100), problem: message.slice(0, 200) }));
  throw new Problem('REQUEST_INVALID', { extensions: { errors } });
}

/** Who asks, as far as connection and cookies tell. The address is the socket's, or what a configured proxy says. */
export function visitorOf(request: Request, response: Response): Visitor {
  return {
    requestId: String(response.locals['requestId']),
    address: request.ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? null,
    device: request.headers['user-agent']?.slice(0, 200) ?? null,
    browserToken: readToken(request, PRELOGIN_COOKIE),
    sessionToken: readToken(request, SESSION_COOKIE),
  };
}
