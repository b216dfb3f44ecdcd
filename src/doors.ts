/** Where a gateway listens. Part of the composition root. */
import { type IncomingMessage, type Server } from 'node:http';
import { type Express } from 'express';
import { type Config } from './config.js';
import { answerUnreadable, boundConnections } from './http/kernel/connection-refusals.js';
import { createMetricsServer } from './http/kernel/metrics-server.js';
import { answerWith, createHttpServer, listen, type Listening, stop } from './http/kernel/server.js';
import { type Ground } from './open-parts.js';
import { type MetricsRegistry } from './telemetry/registry.js';

/** Where requests come in. */
export interface Door {
  readonly server: Server;
  readonly port: number;
  readonly origin: string;
  /** Whether a request came on a connection there is no room for. */
  readonly crowded: (request: IncomingMessage) => boolean;
  /** From now on requests are answered. */
  letIn(app: Express): void;
  /** Whether the gateway was told to stop. */
  readonly stopping: () => boolean;
  /** Says so to balancers. */
  announceStop(): void;
}

/** Begins to listen; what comes before `letIn` waits. @throws ListenError */
export async function openDoor(
  config: Config,
  listening: Listening | undefined,
  { log, open }: Ground,
): Promise<Door> {
  const { server, port } =
    listening ?? (await listen(createHttpServer(), config.host, config.port, 'QAQPA_PORT'));
  server.removeAllListeners('request');
  answerUnreadable(server, log);
  const crowded = boundConnections(server, log);
  let stopping = false;
  open.push(() => stop(server, config.stopGraceMs));
  return {
    server,
    port,
    origin: config.origin ?? `http://localhost:${port}`,
    crowded,
    letIn(app) {
      answerWith(server, app);
      server.on('request', (request, response) => {
        // The last answer on a connection says so, or a client would send its next request into a closing socket.
        if (!server.listening || crowded(request)) response.setHeader('Connection', 'close');
        app(request, response);
      });
    },
    stopping: () => stopping,
    announceStop() {
      stopping = true;
    },
  };
}

/** @returns the port metrics are told on, where they are. @throws ListenError */
export async function openMetricsDoor(
  { metrics }: Config,
  registry: MetricsRegistry,
  { log, open }: Ground,
): Promise<number | null> {
  if (metrics === null) return null;
  const server = createMetricsServer(registry, log);
  open.push(() => stop(server, 1000));
  return (await listen(server, metrics.host, metrics.port, 'QAQPA_METRICS_PORT')).port;
}
