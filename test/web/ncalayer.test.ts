import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { connectToNcalayer, type Conversation, type Socket } from '../../src/web/browser/ncalayer.js';

const REQUEST = { data: 'QUJD', locale: 'ru', chain: null };
const TIMING = { connectMs: 2_000, greetingMs: 50 };
const SIGNED = JSON.stringify({ status: true, body: { result: ['CMS'] } });
const servers: WebSocketServer[] = [];

/** A server that greets (unless told otherwise) and treats requests as `answer` says. */
async function serve(
  answer: (request: string, socket: WebSocket) => void,
  greeting: string | null = '{"result":{"version":"1.4"}}',
): Promise<() => Socket> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  server.on('connection', (socket) => {
    if (greeting !== null) socket.send(greeting);
    socket.on('message', (data: Buffer) => {
      answer(data.toString('utf8'), socket);
    });
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return () => new WebSocket(`ws://127.0.0.1:${port}`);
}

async function conversation(open: () => Socket): Promise<Conversation> {
  const connected = await connectToNcalayer(open, TIMING, new AbortController().signal);
  if (connected.outcome !== 'connected') throw new Error(connected.outcome);
  return connected.conversation;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, 'close');
  }
});

describe('a conversation with NCALayer', () => {
  it('brings the signature and closes the connection', async () => {
    const requests: string[] = [];
    let closed: Promise<unknown> = Promise.resolve();
    const open = await serve((request, socket) => {
      requests.push(request);
      closed = once(socket, 'close');
      socket.send(SIGNED);
    });
    const signed = await (await conversation(open)).sign(REQUEST, 2_000, new AbortController().signal);
    expect(signed).toEqual({ outcome: 'signed', signature: 'CMS' });
    await closed;
    expect(requests).toHaveLength(1);
  });

  it('asks without a greeting when none comes, as with KAZTOKEN', async () => {
    const open = await serve((_, socket) => {
      socket.send(SIGNED);
    }, null);
    const signed = await (await conversation(open)).sign(REQUEST, 2_000, new AbortController().signal);
    expect(signed.outcome).toBe('signed');
  });

  it('waits through greetings, keep-alives and heartbeats for the answer', async () => {
    const open = await serve((_, socket) => {
      for (const frame of ['{"result":{"version":"1.4"}}', '{}', '--heartbeat--', SIGNED]) socket.send(frame);
    });
    const signed = await (await conversation(open)).sign(REQUEST, 2_000, new AbortController().signal);
    expect(signed).toEqual({ outcome: 'signed', signature: 'CMS' });
  });

  it.each([
    ['cancelled', '{"status":true,"body":{}}', { outcome: 'cancelled' }],
    [
      'refused',
      '{"status":false,"code":"SIGNING_FAILURE","message":"boom"}',
      { outcome: 'refused', code: 'SIGNING_FAILURE', details: 'boom' },
    ],
    ['module-missing', '{"success":false,"errorCode":"MODULE_NOT_FOUND"}', { outcome: 'module-missing' }],
    ['garbage', '<<<', { outcome: 'refused', code: 'UNREADABLE_ANSWER', details: null }],
    ['binary', Buffer.from('{}'), { outcome: 'refused', code: 'UNREADABLE_ANSWER', details: null }],
    [
      'an answer nobody knows',
      '{"message":"something"}',
      { outcome: 'refused', code: 'UNEXPECTED_RESULT', details: 'something' },
    ],
  ])('tells %s apart', async (_, frame, expected) => {
    const open = await serve((__, socket) => {
      socket.send(frame);
    });
    const signed = await (await conversation(open)).sign(REQUEST, 2_000, new AbortController().signal);
    expect(signed).toEqual(expected);
  });

  it('notices a socket that closes in the middle', async () => {
    const open = await serve((_, socket) => {
      socket.terminate();
    });
    const signed = await (await conversation(open)).sign(REQUEST, 2_000, new AbortController().signal);
    expect(signed).toEqual({ outcome: 'disconnected' });
  });

  it('notices a socket that closed before it was asked', async () => {
    const open = await serve(() => undefined);
    const talk = await conversation(open);
    for (const server of servers) {
      for (const client of server.clients) client.close();
    }
    expect(await talk.sign(REQUEST, 2_000, new AbortController().signal)).toEqual({
      outcome: 'disconnected',
    });
  });

  it('gives up when the time to sign is over', async () => {
    const open = await serve(() => undefined);
    const signed = await (await conversation(open)).sign(REQUEST, 30, new AbortController().signal);
    expect(signed).toEqual({ outcome: 'late' });
  });

  it('stops when the person stops it', async () => {
    const stop = new AbortController();
    const open = await serve(() => {
      stop.abort();
    });
    expect(await (await conversation(open)).sign(REQUEST, 2_000, stop.signal)).toEqual({
      outcome: 'stopped',
    });
  });
});

describe('a connection to NCALayer', () => {
  it('is unreachable where nothing listens', async () => {
    const open = await serve(() => undefined);
    const [server] = servers.splice(0);
    server?.close();
    await once(server!, 'close');
    const connected = await connectToNcalayer(open, TIMING, new AbortController().signal);
    expect(connected).toEqual({ outcome: 'unreachable' });
  });

  it('is unreachable when the address cannot be opened at all', async () => {
    const open = (): Socket => {
      throw new SyntaxError('bad address');
    };
    expect(await connectToNcalayer(open, TIMING, new AbortController().signal)).toEqual({
      outcome: 'unreachable',
    });
  });

  it('can be stopped while it is being made', async () => {
    const open = await serve(() => undefined, null);
    const stop = new AbortController();
    const connecting = connectToNcalayer(open, { connectMs: 2_000, greetingMs: 2_000 }, stop.signal);
    stop.abort();
    expect(await connecting).toEqual({ outcome: 'stopped' });
  });
});
