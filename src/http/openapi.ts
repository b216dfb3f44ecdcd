import { createDocument, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { PRELOGIN_COOKIE, SESSION_COOKIE } from './cookie.js';
import { type Operation } from './operation.js';
import { type ProblemCode, PROBLEMS } from './problem.js';
import { problem } from './schema.js';

/** What any operation may answer, depending only on how it is asked. */
function generalProblems({ access, limit, body }: Operation): ProblemCode[] {
  return [
    ...(access === 'browser' ? (['REQUEST_ORIGIN'] as const) : []),
    ...(access === 'client' ? (['CLIENT_UNAUTHORISED'] as const) : []),
    ...(limit === null ? [] : (['RATE_LIMITED'] as const)),
    ...(body === null
      ? []
      : (['REQUEST_MALFORMED', 'REQUEST_INVALID', 'REQUEST_TOO_LARGE', 'REQUEST_MEDIA_TYPE'] as const)),
    ...(access === 'open' ? [] : (['SERVICE_UNAVAILABLE'] as const)),
    'INTERNAL',
  ];
}

function responsesOf(operation: Operation): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...operation.problems, ...generalProblems(operation)])) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const problems = [...byStatus].map(([status, codes]) => [
    String(status),
    { description: codes.join(', '), content: { 'application/problem+json': { schema: problem } } },
  ]);
  const replies = Object.entries(operation.replies).map(([status, { description, schema }]) => [
    status,
    schema === undefined ? { description } : { description, content: { 'application/json': { schema } } },
  ]);
  return Object.fromEntries([...problems, ...replies]) as ZodOpenApiResponsesObject;
}

const SECURITY = { session: [{ session: [] }], client: [{ clientBasic: [] }, { clientBearer: [] }] } as const;

/** The contract as OpenAPI 3.1, made of the very operations that are mounted. */
export function openApiDocument(operations: readonly Operation[], origin: string, version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const { id, path, method, summary, tag, body, access } = operation;
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: id,
        summary,
        tags: [tag],
        ...(body === null
          ? {}
          : { requestBody: { required: true, content: { 'application/json': { schema: body.schema } } } }),
        responses: responsesOf(operation),
        ...(access === 'session' || access === 'client'
          ? { security: SECURITY[access].map((item) => ({ ...item })) }
          : {}),
      },
    };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Qaqpa',
      version,
      description:
        'Sign-in gateway for Kazakhstan electronic signatures. Errors are application/problem+json (RFC 9457) with a stable `code`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        prelogin: { type: 'apiKey', in: 'cookie', name: PRELOGIN_COOKIE },
        clientBasic: { type: 'http', scheme: 'basic' },
        clientBearer: { type: 'http', scheme: 'bearer', description: '`identifier.secret` of an API client' },
      },
    },
  });
}
