import { createServer, type Server } from 'node:http';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Time for a client to send its header, its whole request, and to think of another, in milliseconds. Slower ones are cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
const CHECK_EVERY_MS = 2_000;
const HEADER_BYTES = 16 * 1024;
/** How long kept connections stay open for requests that were on their way when the stop began. */
const LINGER_MS = 250;

/** A server that nobody can occupy by being slow. */
export function createHttpServer(): Server {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    requireHostHeader: true,
  });
  server.maxRequestsPerSocket = 10_000;
  return server;
}

/** Begins to listen. @returns the port, which matters when 0 was asked for */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A TCP server that listens has an address of this kind.
  return (server.address() as AddressInfo).port;
}

/**
 * Stops accepting and waits for what is under way; after `graceMs` it is cut off.
 *
 * A connection kept open may carry a request we have not read yet, so those are closed a moment later than the door: a client in the middle
 * of its work gets an answer, with `Connection: close`, and not a reset.
 */
export async function stop(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    // The close of http.Server would cut kept connections off at once.
    TcpServer.prototype.close.call(server, () => {
      resolve();
    });
  });
  const cutOff = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await Promise.race([closed, wait(Math.min(LINGER_MS, graceMs))]);
  // Again and again: an answer that was begun before the stop leaves its connection open.
  server.closeIdleConnections();
  const sweeping = setInterval(() => {
    server.closeIdleConnections();
  }, LINGER_MS);
  await closed;
  clearInterval(sweeping);
  clearTimeout(cutOff);
  // Ends the timers of http.Server; the door is closed already.
  server.close();
}
