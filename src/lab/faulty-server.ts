import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Ways for any HTTP service to fail below the level of its protocol. */
export type TransportFault =
  /** Answers honestly after the delay. */
  | 'slow'
  /** Takes the request and never answers. */
  | 'silent'
  /** 200 with bytes that are no ASN.1. */
  | 'garbage'
  /** 200 with a body that goes on for a gigabyte, unless the client hangs up. */
  | 'huge'
  /** 302 to an address on this server that would answer honestly. */
  | 'redirect'
  /** 200 without a body. */
  | 'empty'
  /** 200 and the right type with only the first half of the answer. */
  | 'truncated'
  /** 500 with an HTML page. */
  | 'http-error'
  /** The connection is cut. */
  | 'reset';

export const TRANSPORT_FAULTS: readonly TransportFault[] = [
  'slow',
  'silent',
  'garbage',
  'huge',
  'redirect',
  'empty',
  'truncated',
  'http-error',
  'reset',
];

/** One request as the services of the laboratory see it. */
interface ServiceRequest {
  readonly path: string;
  readonly body: Uint8Array;
}

export interface ServiceAnswer {
  readonly type: string;
  readonly body: Uint8Array;
}

export interface ServerOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** How long `slow` takes. Default 3 seconds. */
  readonly slowMs?: number;
}

/** A running service. */
export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Requests received so far, whatever became of them. */
  readonly requests: number;
  /** Stops at once, cutting connections that are still open. */
  close(): Promise<void>;
}

export interface ServiceDefinition extends ServerOptions {
  /** The fault to commit for this request; null: answer. */
  fault(request: ServiceRequest): TransportFault | null;
  /** The answer; null is a 404. */
  answer(request: ServiceRequest): ServiceAnswer | null | Promise<ServiceAnswer | null>;
}

const REDIRECTED = '/redirected';

/**
 * Starts a service on 127.0.0.1. Like НУЦ РК's, it turns requests without a User-Agent away with 303.
 */
export async function startServer(definition: ServiceDefinition): Promise<RunningServer> {
  let requests = 0;
  const stopping = new AbortController();
  const server = createServer((request, response) => {
    requests += 1;
    respond(definition, stopping.signal, request, response).catch(() => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(definition.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    async close() {
      stopping.abort();
      await stop(server);
    },
  };
}

async function respond(
  definition: ServiceDefinition,
  stopping: AbortSignal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!request.headers['user-agent']) {
    response.writeHead(303, { location: '/' }).end();
    return;
  }
  const redirected = request.url?.startsWith(REDIRECTED) === true;
  const path = (request.url ?? '/').slice(redirected ? REDIRECTED.length : 0);
  const asked: ServiceRequest = { path, body: await bodyOf(request) };
  const fault = redirected ? null : definition.fault(asked);
  switch (fault) {
    case 'silent':
      return;
    case 'reset':
      request.socket.destroy();
      return;
    case 'redirect':
      response.writeHead(302, { location: `${REDIRECTED}${path}` }).end();
      return;
    case 'http-error':
      response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>500</h1>');
      return;
    case 'huge':
      pourOut(response);
      return;
    case 'garbage':
      response.writeHead(200).end(Buffer.from('<html>Сервис временно недоступен</html>'));
      return;
    case 'empty':
      response.writeHead(200, { 'content-length': 0 }).end();
      return;
    case 'slow':
      await wait(definition.slowMs ?? 3000, undefined, { signal: stopping });
      break;
    case 'truncated':
    case null:
      break;
  }
  const answer = await definition.answer(asked);
  if (answer === null) {
    response.writeHead(404).end();
    return;
  }
  const body = fault === 'truncated' ? answer.body.slice(0, answer.body.length / 2) : answer.body;
  response.writeHead(200, { 'content-type': answer.type, 'content-length': body.length }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

/** A gigabyte of one unfinished OCTET STRING, no faster than the client reads. */
function pourOut(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 0x04);
  let left = 16_384;
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  const pour = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) {
        response.once('drain', pour);
        return;
      }
    }
    response.end();
  };
  pour();
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error);
      else resolve();
    });
    server.closeAllConnections();
  });
}
