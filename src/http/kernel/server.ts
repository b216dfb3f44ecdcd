import { createServer, type Server } from 'node:http';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { type Express } from 'express';
import { makeMessages } from './messages.js';

/** Time for a client to send its header, its whole request, and to think of another, in milliseconds. Slower ones are cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 10_000;
const CHECK_EVERY_MS = 2_000;
const HEADER_BYTES = 16 * 1024;
/** How long kept connections stay open for requests that were on their way when the stop began. */
const LINGER_MS = 500;
/** Turns of the event loop in which a quiet moment to shut the door is looked for. */
const QUIET_TURNS_MAX = 1_000;

/** A server that nobody can occupy by being slow. */
export function createHttpServer(): Server {
  const { IncomingMessage, ServerResponse, adopt } = makeMessages();
  const server = createServer({
    IncomingMessage,
    ServerResponse,
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    requireHostHeader: true,
  });
  server.maxRequestsPerSocket = 10_000;
  adoptions.set(server, adopt);
  return server;
}

const adoptions = new WeakMap<Server, (app: Express) => void>();

/** Lets an app answer the requests of a server of ours. The app belongs to this server from then on. */
export function answerWith(server: Server, app: Express): void {
  adoptions.get(server)?.(app);
}

export interface Listening {
  readonly server: Server;
  /** The one it got, which matters when 0 was asked for. */
  readonly port: number;
}

/**
 * Begins to listen.
 *
 * @param setting the variable that chooses the port, for the message
 * @throws ListenError
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  setting: string,
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new ListenError(cause, { host, port, setting }));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  // A TCP server that listens has an address of this kind.
  return { server, port: (server.address() as AddressInfo).port };
}

/** Where was to be listened; `by`: who is likely to listen there already. */
export interface ListenPlace {
  readonly host: string;
  readonly port: number;
  /** The variable that chooses the port. */
  readonly setting: string;
  readonly by?: string;
}

/** An address that cannot be listened on, and what to do about it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor(cause: NodeJS.ErrnoException, { host, port, setting, by = 'another program' }: ListenPlace) {
    const remedies: Readonly<Record<string, string>> = {
      EADDRINUSE: `port ${port} of ${host} is taken by ${by}; end that one, or choose another port with ${setting}`,
      EACCES: `the system does not let this user listen on port ${port}; choose one above 1023 with ${setting}`,
      EADDRNOTAVAIL: `${host} is no address of this machine (QAQPA_HOST, QAQPA_METRICS_HOST)`,
      EAI_AGAIN: `the name ${host} cannot be looked up (QAQPA_HOST, QAQPA_METRICS_HOST)`,
      ENOTFOUND: `there is no address of the name ${host} (QAQPA_HOST, QAQPA_METRICS_HOST)`,
    };
    super(remedies[cause.code ?? ''] ?? cause.message, { cause });
  }
}

/**
 * Waits for a turn of the event loop in which no connection came. One that came and was not taken yet is reset when the door
 * shuts, perhaps with a request sent, which a balancer may not repeat.
 */
async function quietTurn(server: Server): Promise<void> {
  let connected = true;
  const note = (): void => {
    connected = true;
  };
  server.on('connection', note);
  for (let turn = 0; turn < QUIET_TURNS_MAX && connected; turn += 1) {
    connected = false;
    await nextTurn();
  }
  server.off('connection', note);
}

/**
 * Stops accepting and waits for what is under way; after `graceMs` it is cut off.
 *
 * A connection kept open may carry a request we have not read yet, so those are closed a moment later than the door: a client in the middle
 * of its work gets an answer, with `Connection: close`, and not a reset.
 */
export async function stop(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  await quietTurn(server);
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
  for (let open = true; open;) {
    server.closeIdleConnections();
    open = await Promise.race([closed.then(() => false), wait(LINGER_MS, true, { ref: false })]);
  }
  clearTimeout(cutOff);
  // Ends the timers of http.Server; the door is closed already.
  server.close();
}
