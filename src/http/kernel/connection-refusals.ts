import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { type Log } from '../../telemetry/log.js';
import { CATALOGUE } from '../../reasons/catalogue.js';
import { Problem, type ProblemCode, problemDocument } from './problem.js';

/** Descriptors that connections leave to stores, revocation services and files. */
const DESCRIPTORS_KEPT = 128;
/** Connections beyond the limit that are still told why they are refused, before the rest is cut off. */
const REFUSED_AT_ONCE = 64;
/** One line of the log for refusals for want of room, however many there are. */
const FULL_TOLD_EVERY_MS = 60_000;

/** What Node's parser says of a request it cannot read, by its code; anything else is malformed. */
const UNREADABLE: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'REQUEST_HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'REQUEST_TOO_LARGE',
  HPE_INVALID_METHOD: 'REQUEST_METHOD_UNKNOWN',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Answers what never becomes a request of the application: without it Node closes with a bare status line. */
export function answerUnreadable(server: Server, log: Log): void {
  const answering = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse }>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    answering.set(socket, { request, response });
    response.once('close', () => {
      if (answering.get(socket)?.response === response) answering.delete(socket);
    });
  });
  server.on('clientError', (error: ParserError, socket: Duplex) => {
    const code = codeOf(error);
    const under = answering.get(socket);
    const answerNow = (): void => {
      refuse(socket, code, log);
    };
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (under === undefined) answerNow();
    // What came whole gets its answer first; what broke off gets this one, unless its own has begun.
    else if (under.request.complete) under.response.once('close', answerNow);
    else if (under.response.headersSent) socket.destroy();
    else answerNow();
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, 'REQUEST_METHOD_UNKNOWN', log);
  });
}

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

function codeOf({ code = '', rawPacket }: ParserError): ProblemCode {
  // Octets of another protocol are no method either.
  if (code === 'HPE_INVALID_METHOD' && !/^[A-Z-]{1,32} /.test(rawPacket?.toString('latin1', 0, 40) ?? ''))
    return 'REQUEST_MALFORMED';
  return UNREADABLE[code] ?? 'REQUEST_MALFORMED';
}

/** The language cannot be known: what would say it was not read. */
function refuse(socket: Duplex, code: ProblemCode, log: Log): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  // Its headers were not read: it may be any program, and no browser sends this.
  const language = 'en';
  const { status } = CATALOGUE[code];
  const body = JSON.stringify(problemDocument(new Problem(code), CATALOGUE, language, requestId));
  log.info({ requestId, status, code }, 'a request could not be read');
  socket.on('error', () => undefined);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Cache-Control: no-store',
      'Content-Type: application/problem+json; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
      `Content-Language: ${language}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      '',
      body,
    ].join('\r\n'),
    // The rest of what it sends is not waited for.
    () => {
      socket.destroy();
    },
  );
}

/**
 * Keeps descriptors for the gateway's own work where the system gives out only so many (`ulimit -n`). Whoever connects beyond that is
 * told to come back, and a crowd beyond those is cut off.
 *
 * @param descriptors how many the process may have
 * @returns whether a request came on a connection there is no room for
 */
export function boundConnections(
  server: Server,
  log: Log,
  descriptors: number = descriptorLimit(),
): (request: IncomingMessage) => boolean {
  const most = Math.max(8, descriptors - DESCRIPTORS_KEPT);
  if (Number.isFinite(most)) server.maxConnections = most + REFUSED_AT_ONCE;
  const crowded = new WeakSet<Duplex>();
  let open = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    const now = performance.now();
    if (now - toldAt < FULL_TOLD_EVERY_MS) return;
    toldAt = now;
    log.error({ connections: open, descriptors }, 'connections are refused; raise the limit of open files');
  };
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open <= most) return;
    crowded.add(socket);
    tell();
  });
  server.on('drop', tell);
  // Without a listener a connection that cannot be taken would end the process.
  server.on('error', (error) => {
    log.error({ err: error }, 'a connection could not be taken');
  });
  return ({ socket }) => crowded.has(socket);
}

/** Open files this process may have at once; infinite where the system does not say. */
function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
