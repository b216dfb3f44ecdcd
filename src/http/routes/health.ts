import { type Operation } from '../operation.js';
import { healthReply } from '../schema.js';

export interface Readiness {
  /** Each part by name and whether it can serve. Never throws. */
  checks(): Promise<Readonly<Record<string, boolean>>>;
  /** Set from the stop signal on, so that balancers look elsewhere while requests under way finish. */
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
        200: { description: 'Trust is loaded and the stores answer', schema: healthReply },
        503: { description: 'Send people elsewhere', schema: healthReply },
      },
      async handle() {
        if (readiness.stopping()) return { status: 503, body: { status: 'stopping' } };
        const checks = Object.entries(await readiness.checks());
        const ready = checks.every(([, good]) => good);
        return {
          status: ready ? 200 : 503,
          body: {
            status: ready ? 'ok' : 'unavailable',
            checks: Object.fromEntries(checks.map(([name, good]) => [name, good ? 'ok' : 'failed'])),
          },
        };
      },
    },
  ];
}
