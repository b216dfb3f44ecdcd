import { createDocument, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { CATALOGUE, type Reasons } from '../reasons/catalogue.js';
import { PRELOGIN_COOKIE, SESSION_COOKIE } from './kernel/cookie.js';
import { type Operation } from './kernel/operation.js';
import { type ProblemCode } from './kernel/problem.js';
import { problem } from './shapes/problem-schema.js';

/** What any operation may answer, depending only on how it is asked. */
function generalProblems(operation: Operation): ProblemCode[] {
  const { access, limit, body, method, params, query, permission, platform, stepUp } = operation;
  const signedIn = access === 'session' || access === 'member';
  return [
    ...(method !== 'get' && (signedIn || access === 'browser') ? (['REQUEST_ORIGIN'] as const) : []),
    ...(signedIn ? (['SESSION_NONE'] as const) : []),
    ...(access === 'member' ? (['OBLIGATIONS_PENDING'] as const) : []),
    ...(permission === undefined && platform === undefined ? [] : (['PERMISSION_DENIED'] as const)),
    ...(platform === undefined ? [] : (['EDS_SESSION_REQUIRED'] as const)),
    ...(stepUp === undefined ? [] : (['STEP_UP_REQUIRED', 'EDS_SESSION_REQUIRED'] as const)),
    ...(params === undefined ? [] : (['RESOURCE_UNKNOWN'] as const)),
    ...(query === undefined ? [] : (['REQUEST_INVALID'] as const)),
    ...(access === 'client' ? (['CLIENT_UNAUTHORISED', 'CLIENT_SECRET_EXPIRED'] as const) : []),
    ...(limit === null ? [] : (['RATE_LIMITED'] as const)),
    ...(body === null
      ? []
      : ([
          'REQUEST_MALFORMED',
          'REQUEST_INVALID',
          'REQUEST_TOO_LARGE',
          'REQUEST_MEDIA_TYPE',
          'GATEWAY_BUSY',
        ] as const)),
    ...(access === 'open' ? [] : (['SERVICE_UNAVAILABLE'] as const)),
    'INTERNAL',
  ];
}

function responsesOf(operation: Operation, reasons: Reasons): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...operation.problems, ...generalProblems(operation)])) {
    const { status } = reasons[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const problems = [...byStatus].map(([status, codes]) => [
    String(status),
    { description: codes.join(', '), content: { 'application/problem+json': { schema: problem } } },
  ]);
  const replies = Object.entries(operation.replies).map(
    ([status, { description, schema, type = 'application/json', headers }]) => [
      status,
      {
        description,
        ...(headers === undefined ? {} : { headers: describedHeaders(headers) }),
        ...(schema === undefined ? {} : { content: { [type]: { schema } } }),
      },
    ],
  );
  return Object.fromEntries([...problems, ...replies]) as ZodOpenApiResponsesObject;
}

/** Every header is a text; the description says which. */
function describedHeaders(headers: Readonly<Record<string, string>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

const SECURITY = {
  session: [{ session: [] }],
  member: [{ session: [] }],
  client: [{ clientBasic: [] }, { clientBearer: [] }],
} as const;

/** What the caller needs, for whoever reads the document and for the tests that hold us to it. */
function permissionsOf({ access, permission, platform, stepUp }: Operation): Record<`x-${string}`, unknown> {
  return {
    'x-access': access,
    ...(permission === undefined ? {} : { 'x-permission': permission }),
    ...(platform === undefined ? {} : { 'x-platform-roles': platform }),
    ...(stepUp === undefined ? {} : { 'x-step-up': stepUp }),
  };
}

/** The contract as OpenAPI 3.1, made of the very operations that are mounted. Of `reasons` the statuses are read. */
export function openApiDocument(
  operations: readonly Operation[],
  origin: string,
  version: string,
  reasons: Reasons = CATALOGUE,
): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const { id, path, method, summary, tag, body, access, params, query } = operation;
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: id,
        summary,
        ...permissionsOf(operation),
        tags: [tag],
        ...(params === undefined && query === undefined
          ? {}
          : {
              requestParams: {
                ...(params === undefined ? {} : { path: params }),
                ...(query === undefined ? {} : { query }),
              },
            }),
        ...(body === null
          ? {}
          : { requestBody: { required: true, content: { 'application/json': { schema: body.schema } } } }),
        responses: responsesOf(operation, reasons),
        ...(access in SECURITY
          ? { security: SECURITY[access as keyof typeof SECURITY].map((item) => ({ ...item })) }
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
