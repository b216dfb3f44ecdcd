import { type Server } from 'node:http';
import { type Log } from '../../telemetry/log.js';
import { type MetricsRegistry } from '../../telemetry/registry.js';
import { createHttpServer } from './server.js';

/** `GET /metrics` and nothing else, for a port that only the operator's network reaches. */
export function createMetricsServer(metrics: Pick<MetricsRegistry, 'expose'>, log: Log): Server {
  const server = createHttpServer();
  server.on('request', (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff').setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.expose().then(
      ({ text, contentType }) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
      (error: unknown) => {
        log.error({ err: error }, 'metrics could not be collected');
        response.writeHead(500).end();
      },
    );
  });
  return server;
}
