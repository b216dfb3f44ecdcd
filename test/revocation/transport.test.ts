import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TransportError } from '../../src/revocation/error.js';
import { type RevocationEvent } from '../../src/revocation/event.js';
import {
  createTransport,
  exchangeBytes,
  hostOf,
  type Transport,
  type TransportConfiguration,
  type TransportRequest,
} from '../../src/revocation/transport.js';
import {
  answering,
  dripping,
  silent,
  startLyingServer,
  status,
  type Handler,
  type LyingServer,
} from './lying-server.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(handler: Handler): Promise<LyingServer> {
  const server = await startLyingServer(handler);
  closers.push(() => server.close());
  return server;
}

function transportTo(server: { host: string }, more: Partial<TransportConfiguration> = {}): Transport {
  const transport = createTransport({ allowedHosts: [server.host], ...more });
  closers.push(() => {
    transport.close();
  });
  return transport;
}

const get = (url: string, more: Partial<TransportRequest> = {}): TransportRequest => ({
  method: 'GET',
  url,
  headers: {},
  timeoutMs: 5_000,
  maxBytes: 1_000,
  ...more,
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TransportError)) throw error;
  return error.code;
}

describe('the transport', () => {
  it('posts a body and returns the answer', async () => {
    const server = await serve((request, response, body) => {
      response
        .writeHead(200)
        .end(`${request.method ?? ''} ${request.headers['content-type'] ?? ''} ${body.toString()}`);
    });
    const bytes = await exchangeBytes(
      transportTo(server),
      get(server.url, {
        method: 'POST',
        headers: { 'content-type': 'text/x' },
        body: Buffer.from('question'),
      }),
    );
    expect(Buffer.from(bytes).toString()).toBe('POST text/x question');
  });

  it('names itself, because an empty User-Agent is turned away', async () => {
    const server = await serve(answering(Buffer.from('ok')));
    await exchangeBytes(transportTo(server), get(server.url));
    expect(server.seen[0]!.headers['user-agent']).toBe('qaqpa');
    expect(() => createTransport({ allowedHosts: ['x'], userAgent: ' ' })).toThrow(/User-Agent/);
  });

  it('cannot be built without a host', () => {
    expect(() => createTransport({ allowedHosts: [] })).toThrow(/at least one host/);
  });

  it.each([
    ['another host', 'http://127.0.0.2/'],
    ['another port', 'http://127.0.0.1:1/'],
    ['another scheme', 'file:///etc/passwd'],
    ['a data URL', 'data:text/plain,x'],
    ['no URL at all', 'ocsp'],
  ])('does not contact %s', async (_name, url) => {
    const server = await serve(answering(Buffer.from('ok')));
    expect(await codeOf(exchangeBytes(transportTo(server), get(url)))).toBe('TRANSPORT_HOST_NOT_ALLOWED');
    expect(server.seen).toHaveLength(0);
  });

  it('does not send credentials that stand in a URL', async () => {
    const server = await serve(answering(Buffer.from('ok')));
    const url = `http://user:secret@${server.host}/`;
    expect(await codeOf(exchangeBytes(transportTo(server), get(url)))).toBe('TRANSPORT_HOST_NOT_ALLOWED');
    expect(() => hostOf(url)).toThrow(/without credentials/);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with status %i', async (code) => {
    const target = await serve(answering(Buffer.from('stolen')));
    const server = await serve(status(code, { location: target.url }));
    const transport = createTransport({ allowedHosts: [server.host, target.host] });
    expect(await codeOf(exchangeBytes(transport, get(server.url)))).toBe('TRANSPORT_REDIRECT');
    expect(target.seen).toHaveLength(0);
  });

  it.each([204, 304, 400, 404, 500, 503])('takes status %i for no answer', async (code) => {
    const server = await serve(status(code));
    expect(await codeOf(exchangeBytes(transportTo(server), get(server.url)))).toBe('TRANSPORT_STATUS');
  });

  it('takes 304 for an answer to a conditional request', async () => {
    const server = await serve(status(304, { etag: '"1"' }));
    const headers = { 'if-none-match': '"1"' };
    const head = await transportTo(server).exchange(get(server.url, { headers }), () => undefined);
    expect(head).toEqual({ status: 304, etag: '"1"', lastModified: null });
  });

  it('gives up on a host that says nothing', async () => {
    const server = await serve(silent);
    expect(await codeOf(exchangeBytes(transportTo(server), get(server.url, { timeoutMs: 60 })))).toBe(
      'TRANSPORT_TIMEOUT',
    );
  });

  it('gives up on a body that drips, however steadily', async () => {
    const server = await serve(dripping);
    expect(await codeOf(exchangeBytes(transportTo(server), get(server.url, { timeoutMs: 120 })))).toBe(
      'TRANSPORT_TIMEOUT',
    );
  });

  it('gives up on a host that accepts the connection and never reads', async () => {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(
      await codeOf(exchangeBytes(transportTo({ host }), get(`http://${host}/`, { timeoutMs: 60 }))),
    ).toBe('TRANSPORT_TIMEOUT');
  });

  it('stops at the size limit whether the length is announced or not', async () => {
    const announced = await serve(answering(Buffer.alloc(1_001)));
    expect(await codeOf(exchangeBytes(transportTo(announced), get(announced.url)))).toBe(
      'TRANSPORT_TOO_LARGE',
    );
    const endless = await serve((_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await codeOf(exchangeBytes(transportTo(endless), get(endless.url)))).toBe('TRANSPORT_TOO_LARGE');
  });

  it('accepts a body of exactly the limit', async () => {
    const server = await serve(answering(Buffer.alloc(1_000)));
    expect(await exchangeBytes(transportTo(server), get(server.url))).toHaveLength(1_000);
  });

  it('measures a compressed body after it is unpacked', async () => {
    const server = await serve(answering(gzipSync(Buffer.alloc(1_000_000)), { 'content-encoding': 'gzip' }));
    expect(await codeOf(exchangeBytes(transportTo(server), get(server.url)))).toBe('TRANSPORT_TOO_LARGE');
  });

  it('refuses a body that ends before its announced length', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('half');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await codeOf(exchangeBytes(transportTo(server), get(server.url)))).toBe('TRANSPORT_UNREACHABLE');
  });

  it('refuses what is not HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await codeOf(exchangeBytes(transportTo({ host }), get(`http://${host}/`)))).toBe(
      'TRANSPORT_UNREACHABLE',
    );
  });

  it('passes on what the reader of the body throws, as it is', async () => {
    const server = await serve(answering(Buffer.from('body')));
    const complaint = new Error('this is not a list');
    await expect(
      transportTo(server).exchange(get(server.url), () => {
        throw complaint;
      }),
    ).rejects.toBe(complaint);
  });

  it('aborts what is under way when it is closed, and refuses what comes later', async () => {
    const server = await serve(silent);
    const transport = transportTo(server);
    const pending = codeOf(exchangeBytes(transport, get(server.url)));
    setTimeout(() => {
      transport.close();
    }, 20);
    expect(await pending).toBe('TRANSPORT_CLOSED');
    expect(await codeOf(exchangeBytes(transport, get(server.url)))).toBe('TRANSPORT_CLOSED');
  });
});

describe('the circuit of a host', () => {
  it('opens after consecutive failures, leaves the host alone, and closes after a good probe', async () => {
    const server = await serve(status(500));
    const events: RevocationEvent[] = [];
    const transport = transportTo(server, {
      failuresToOpen: 3,
      openMs: 40,
      onEvent: (event) => events.push(event),
    });
    const ask = (): Promise<Uint8Array> => exchangeBytes(transport, get(server.url));
    for (let i = 0; i < 3; i += 1) expect(await codeOf(ask())).toBe('TRANSPORT_STATUS');
    expect(await codeOf(ask())).toBe('TRANSPORT_CIRCUIT_OPEN');
    expect(server.seen).toHaveLength(3);

    server.behave(answering(Buffer.from('well again')));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(Buffer.from(await ask()).toString()).toBe('well again');
    expect(events.map((event) => event.kind === 'circuit' && event.state)).toEqual([
      'open',
      'half-open',
      'closed',
    ]);
    expect(events.every((event) => event.kind === 'circuit' && event.host === server.host)).toBe(true);
  });

  it('sends others away at once while one exchange probes the host', async () => {
    const server = await serve(status(500));
    const transport = transportTo(server, { failuresToOpen: 1, openMs: 20 });
    await codeOf(exchangeBytes(transport, get(server.url)));
    server.behave(silent);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const probe = codeOf(exchangeBytes(transport, get(server.url, { timeoutMs: 100 })));
    expect(await codeOf(exchangeBytes(transport, get(server.url)))).toBe('TRANSPORT_CIRCUIT_OPEN');
    expect(await probe).toBe('TRANSPORT_TIMEOUT');
  });

  it('opens for the failing host only', async () => {
    const [ill, well] = [await serve(status(500)), await serve(answering(Buffer.from('ok')))];
    const transport = createTransport({ allowedHosts: [ill.host, well.host], failuresToOpen: 1 });
    await codeOf(exchangeBytes(transport, get(ill.url)));
    expect(await codeOf(exchangeBytes(transport, get(ill.url)))).toBe('TRANSPORT_CIRCUIT_OPEN');
    expect(await exchangeBytes(transport, get(well.url))).toHaveLength(2);
  });

  it('does not blame the host for what the reader of the body throws', async () => {
    const server = await serve(answering(Buffer.from('ok')));
    const transport = transportTo(server, { failuresToOpen: 1 });
    const throwing = (): never => {
      throw new Error('unreadable');
    };
    await expect(transport.exchange(get(server.url), throwing)).rejects.toThrow('unreadable');
    expect(await exchangeBytes(transport, get(server.url))).toHaveLength(2);
  });
});
