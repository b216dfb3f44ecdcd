import { type MetricsRegistry } from '../../telemetry/registry.js';

/** Counts and durations of requests. */
export interface HttpMetrics {
  /** `route`: the pattern, which is ours, never what was addressed. */
  requestAnswered(request: { route: string; method: string; status: number; seconds: number }): void;
  /** A visitor was refused by a limit. */
  rateLimited(refusal: { limit: string; level: string }): void;
  /** What a request shows about proxies: see `ForwardingFinding`. */
  forwardingDoubted(finding: string): void;
}

export function createHttpMetrics(registry: MetricsRegistry): HttpMetrics {
  const requests = registry.histogram({
    name: 'qaqpa_http_request_seconds',
    help: 'Time to answer a request',
    labels: ['route', 'method', 'status'],
  });
  const limited = registry.counter({
    name: 'qaqpa_rate_limited_total',
    help: 'Requests refused by a limit, and whether an address, a network (/24, /48), a provider (/16, /32) or something named met it',
    labels: ['limit', 'level'],
  });
  const forwarding = registry.counter({
    name: 'qaqpa_forwarding_doubts_total',
    help: 'Requests whose client address is in doubt: forwarded by a proxy that is not trusted, or by a trusted one without an address',
    labels: ['finding'],
  });
  return {
    requestAnswered({ route, method, status, seconds }) {
      requests.observe({ route, method, status }, seconds);
    },
    rateLimited({ limit, level }) {
      limited.add({ limit, level });
    },
    forwardingDoubted(finding) {
      forwarding.add({ finding });
    },
  };
}
