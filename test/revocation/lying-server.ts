import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A real HTTP server on 127.0.0.1 whose behaviour a test can change between requests. */
export interface LyingServer {
  readonly url: string;
  readonly host: string;
  /** Requests seen, with their whole bodies. */
  readonly seen: { method: string; headers: IncomingMessage['headers']; body: Buffer; path: string }[];
  behave(handler: Handler): void;
  close(): Promise<void>;
}

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
) => void | Promise<void>;

export async function startLyingServer(handler: Handler): Promise<LyingServer> {
  let current = handler;
  const seen: LyingServer['seen'] = [];
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      seen.push({ method: request.method ?? '', headers: request.headers, body, path: request.url ?? '' });
      void current(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/`,
    host,
    seen,
    behave(next) {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Answers 200 with these bytes. */
export const answering =
  (bytes: Uint8Array, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(200, headers).end(bytes);
  };

/** Takes the request and never says a word. */
export const silent: Handler = () => undefined;

/** Answers with a status and nothing else. */
export const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(code, headers).end();
  };

/** Sends one byte every few milliseconds for ever. */
export const dripping: Handler = (_request, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('x'), 10);
  response.on('close', () => {
    clearInterval(timer);
  });
};
