import { type Operation } from '../kernel/operation.js';
import { healthReply } from './schema.js';

/** `degraded`: people are served, and it should be looked at. */
export type Check = 'ok' | 'degraded' | 'failed';

export interface Readiness {
  /** Each part by name and whether it can serve. Never throws. */
  checks(): Promise<Readonly<Record<string, Check>>>;
  /** Set from the stop signal on, so that balancers look elsewhere while people are still served. */
  stopping(): boolean;
}

export function healthOperations(readiness: Readiness): Operation[] {
  const common = {
    method: 'get',
    tag: 'health',
    access: 'open',
    limit: null,
    body: null,
    problems: [],
  } as const;
  return [
    {
      ...common,
      id: 'livez',
      path: '/livez',
      summary: 'Whether the process lives',
      replies: { 200: { description: 'It does', schema: healthReply } },
      handle: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
    },
    {
      ...common,
      id: 'readyz',
      path: '/readyz',
      summary: 'Whether people can sign in here now',
      replies: {
        200: {
          description:
            'Trust is loaded, the stores take what is written; `degraded` has something to look at',
          schema: healthReply,
        },
        503: { description: 'Send people elsewhere', schema: healthReply },
      },
      async handle() {
        if (readiness.stopping()) return { status: 503, body: { status: 'stopping' } };
        const checks = await readiness.checks();
        const found = new Set(Object.values(checks));
        const status = found.has('failed') ? 'unavailable' : found.has('degraded') ? 'degraded' : 'ok';
        return { status: status === 'unavailable' ? 503 : 200, body: { status, checks } };
      },
    },
  ];
}
