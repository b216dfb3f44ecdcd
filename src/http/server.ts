import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Time for a client to send its header, its whole request, and to think of another, in milliseconds. Slower ones are cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
const CHECK_EVERY_MS = 2_000;
const HEADER_BYTES = 16 * 1024;

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

/** Stops accepting and waits for what is under way; after `graceMs` it is cut off. */
export async function stop(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const cutOff = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(cutOff);
}
