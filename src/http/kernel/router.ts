import {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { byClient } from '../../audit/act.js';
import { type ApiClient } from '../../clients/api-client.js';
import { type Presence } from '../../me/presence.js';
import { asOf, type Visitor } from '../../sign-in/visitor.js';
import { type AccessRecordParts, recordDenial, recordRead } from './access-record.js';
import { type BodyPlace, type BodyRooms } from './body-room.js';
import { readJson } from './body.js';
import { actOf, type Caller, type CallerParts, requireAuthority, requireCaller } from './caller.js';
import { SECRET_EXPIRES } from './client-door.js';
import { requireOwnOrigin } from './guard.js';
import { sendJsonText } from './json-answer.js';
import { type Limits } from './limits.js';
import { networksOf } from './network.js';
import { type Operation, type Reply } from './operation.js';
import { Problem } from './problem.js';
import { type OperationsAt, type OperationTable } from './request-finding.js';
import { type ReadRequest } from './request-words.js';
import { requireSignature, type SignatureRuleParts } from './signature.js';
import { addressed, validated } from './validation.js';
import { visitorOf } from './visitor.js';

export interface RouterParts extends CallerParts, SignatureRuleParts, AccessRecordParts {
  readonly storage: CallerParts['storage'] & SignatureRuleParts['storage'] & AccessRecordParts['storage'];
  readonly origin: string;
  readonly limits: Limits;
  readonly bodyRooms: BodyRooms;
}

/**
 * Puts the operations on the app; every other method on their paths is answered 405. They are no routes of Express, which would try the
 * patterns of all of them in turn, and once more for every refusal.
 *
 * @param answer what tells of errors
 */
export function mountOperations(
  app: Express,
  { operations, find }: OperationTable,
  parts: RouterParts,
  answer: ErrorRequestHandler,
): void {
  const served = new Map(operations.map((operation) => [operation, serve(operation, parts)]));
  const serveFound = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const found = find(request.path);
    if (found === null) {
      next();
      return;
    }
    request.params = found.named;
    // As of every HTTP server: HEAD is GET whose body is not sent.
    const operation = found.at.get(request.method === 'HEAD' ? 'GET' : request.method);
    const serving = operation && served.get(operation);
    if (serving === undefined) throw methodRefusal(allowedMethods(found.at));
    await serving(request, response);
  };
  app.use((request, response, next) => {
    serveFound(request, response, next).catch((error: unknown) => {
      try {
        answer(error, request, response, next);
      } catch (failure) {
        next(failure);
      }
    });
  });
}

type Serve = (request: Request, response: Response) => Promise<void>;

function allowedMethods(at: OperationsAt): string {
  return [...at.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
}

/** For the methods a path does not have. @param allow those it has */
export function refuseMethod(allow: string): RequestHandler {
  return () => {
    throw methodRefusal(allow);
  };
}

function methodRefusal(allow: string): Problem {
  return new Problem('REQUEST_METHOD', { headers: { Allow: allow } });
}

/** Cheap refusals first: origin, then the rate, then the caller, and only then what was sent is read, and whether it was signed. */
function serve(operation: Operation, parts: RouterParts): Serve {
  const { origin, limits } = parts;
  const { access, method } = operation;
  const changesStateByCookie = method !== 'get' && access !== 'open' && access !== 'client';
  return async (request, response) => {
    response.locals['route'] = operation.path;
    response.setHeader('Cache-Control', 'no-store');
    const visitor = visitorOf(request, response, parts.clock());
    if (changesStateByCookie) requireOwnOrigin(request, origin);
    if (operation.limit !== null) await limits.consume(operation.limit, visitor.act.address ?? 'unknown');
    const caller = await requireCaller(operation, request, visitor, parts);
    const { client, presence, secretEndsAt } = caller;
    if (secretEndsAt !== null) response.setHeader(SECRET_EXPIRES, secretEndsAt.toISOString());
    const reply =
      presence === null
        ? await perform(operation, request, { ...caller, visitor: ofClient(visitor, client) }, parts)
        : await performAs(presence, operation, request, { ...caller, visitor }, parts);
    send(response, reply);
  };
}

function ofClient(visitor: Visitor, client: ApiClient | null): Visitor {
  return client === null ? visitor : { ...visitor, act: byClient(visitor.act, client) };
}

type Calling = Caller & { readonly visitor: Visitor };

/** The work of a known person: allowed, within their rate, and in the log where they are denied. */
async function performAs(
  presence: Presence,
  operation: Operation,
  request: Request,
  calling: Calling,
  parts: RouterParts,
): Promise<Reply> {
  const { visitor } = calling;
  try {
    const authority = await requireAuthority(operation, presence, parts);
    const act = actOf(operation, presence, visitor.act, authority);
    if (operation.limit !== null) await parts.limits.consume('session', `session ${presence.session.id}`);
    return await perform(operation, request, { ...calling, visitor: { ...visitor, act } }, parts);
  } catch (error) {
    await recordDenial(error, operation, { presence, act: actOf(operation, presence, visitor.act) }, parts);
    throw error;
  }
}

/** Reads what was sent, asks for the signature where there has to be one, does it, and notes what was read of others. */
async function perform(
  operation: Operation,
  request: Request,
  calling: Calling,
  parts: RouterParts,
): Promise<Reply> {
  const { presence } = calling;
  const params = addressed(operation.params, request.params);
  const query = operation.query === undefined ? {} : validated(operation.query, request.query, true);
  const reply = await withBody(operation, request, calling, parts, async (body) => {
    // Who sends slowly does what they do when all of it is here.
    const visitor = asOf(calling.visitor, parts.clock());
    const signature =
      presence === null
        ? null
        : await requireSignature({ operation, params, body }, { presence, visitor }, parts);
    return operation.handle({ request, ...calling, visitor, params, query, body, signature });
  });
  if (operation.privilegedRead === true && presence !== null) {
    await recordRead(
      operation,
      { params, query, looked: reply.looked },
      { presence, act: calling.visitor.act },
      parts,
    );
  }
  if (reply.problem !== undefined) throw new Problem(reply.problem);
  return reply;
}

/**
 * Reads a request that a person in a session is about to make, as if it had come: found, allowed, and checked.
 *
 * @returns null where no operation has this address
 * @throws Problem as the request itself would
 */
export async function readIntended(
  table: OperationTable,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
  presence: Presence,
  parts: CallerParts,
): Promise<ReadRequest | null> {
  const found = addressedBy(table, path);
  const operation = found?.at.get(method);
  if (found === null || operation === undefined) return null;
  if (operation.access !== 'member' && operation.signable === undefined) return null;
  await requireAuthority(operation, presence, parts);
  const params = addressed(operation.params, found.named);
  const reads = operation.body !== null && operation.signable === undefined;
  return { operation, params, body: reads ? validated(operation.body.schema, body, true) : null };
}

function addressedBy({ find }: OperationTable, path: string): ReturnType<OperationTable['find']> {
  try {
    return find(path);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Reads the body, if one is expected, and holds the room it takes for as long as the work lasts. */
async function withBody(
  { body: expected }: Operation,
  request: Request,
  calling: Calling,
  parts: RouterParts,
  work: (body: unknown) => Promise<Reply>,
): Promise<Reply> {
  if (expected === null) return work(null);
  const place = placeFor(calling, parts);
  try {
    return await work(await readBody(expected, request, place));
  } finally {
    place.leave();
  }
}

type ExpectedBody = NonNullable<Operation['body']>;

function placeFor({ client, visitor }: Calling, { bodyRooms }: RouterParts): BodyPlace {
  if (client !== null) return bodyRooms.clients.enter([client.id]);
  const networks = networksOf(visitor.act.address ?? 'unknown');
  return bodyRooms.people.enter(
    networks === null ? ['unknown'] : [networks.subscriber, networks.site, networks.provider],
  );
}

async function readBody(
  { schema, limit }: ExpectedBody,
  request: Request,
  place: BodyPlace,
): Promise<unknown> {
  const { value, unusual } = await readJson(request, limit, place);
  return validated(schema, value, unusual);
}

function send(response: Response, reply: Reply): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  for (const cookie of reply.cookies ?? []) response.append('Set-Cookie', cookie);
  response.status(reply.status);
  if (reply.text !== undefined) sendText(response, reply.text);
  else if (reply.body === undefined) response.end();
  else sendJsonText(response, 'application/json', JSON.stringify(reply.body));
}

function sendText(response: Response, { type, content }: NonNullable<Reply['text']>): void {
  const octets = Buffer.from(content, 'utf8');
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', octets.length);
  response.end(octets);
}
