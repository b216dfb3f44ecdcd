/** Reading bodies from real sockets that do not keep their word. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readJson } from '../../src/http/kernel/body.js';
import { type BodyRoom, createBodyRoom } from '../../src/http/kernel/body-room.js';

const LIMIT = 100;

describe('the reader of bodies', () => {
  let server: Server;
  let outcomes: AsyncIterator<unknown>;
  let room: BodyRoom;
  let now = 0;

  beforeEach(async () => {
    const slow = { graceMs: 1_000, octetsPerSecond: 10 };
    room = createBodyRoom({ perSender: [150], inAll: 1_000, slow }, 0, () => now);
    const seen: unknown[] = [];
    let wake = (): void => undefined;
    server = createServer((request, response) => {
      readJson(request, LIMIT, room.enter(['sender']))
        .then(
          ({ value }) => ({ value }),
          (problem: unknown) => ({ code: (problem as { code: string }).code }),
        )
        .then((outcome) => {
          seen.push(outcome);
          wake();
          response.end('done');
        }, wake);
    });
    outcomes = (async function* () {
      for (;;) {
        while (seen.length > 0) yield seen.shift();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    })();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );

  const next = async (): Promise<unknown> => ((await outcomes.next()) as { value: unknown }).value;
  const send = (...pieces: string[]) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    for (const piece of pieces) socket.write(piece);
    return socket;
  };
  const head = (length: number): string =>
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

  it('takes one that comes in pieces', async () => {
    const socket = send(head(7), '{"a"');
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(':1}');
    expect(await next()).toEqual({ value: { a: 1 } });
  });

  it.each([
    ['is broken off', (socket: ReturnType<typeof connect>) => socket.destroy()],
    ['is ended too early', (socket: ReturnType<typeof connect>) => socket.end()],
  ])('gives one up that %s', async (_how, leave) => {
    const socket = send(head(50), '{"a"');
    await new Promise((resolve) => setTimeout(resolve, 20));
    leave(socket);
    expect(await next()).toEqual({ code: 'REQUEST_MALFORMED' });
    send(head(2), '{}');
    expect(await next()).toEqual({ value: {} });
  });

  it.each([
    ['says so', head(LIMIT + 1) + ' '.repeat(LIMIT + 1)],
    [
      'does not say so',
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n${' '.repeat(LIMIT + 1)}\r\n0\r\n\r\n`,
    ],
  ])('refuses one that is too long and %s, and reads the next on the same connection', async (_how, text) => {
    const socket = send(text);
    expect(await next()).toEqual({ code: 'REQUEST_TOO_LARGE' });
    socket.write(`${head(2)}{}`);
    expect(await next()).toEqual({ value: {} });
  });

  it('refuses one for which there is no room, and reads the next on the same connection', async () => {
    room.enter(['sender']).grow(100);
    const socket = send(head(80), `"${'a'.repeat(78)}"`);
    expect(await next()).toEqual({ code: 'GATEWAY_BUSY' });
    socket.write(`${head(2)}{}`);
    expect(await next()).toEqual({ value: {} });
  });

  it('waits no longer for one that is slow once others need the room', async () => {
    send(head(80), '"slowly');
    await new Promise((resolve) => setTimeout(resolve, 20));
    now += 2_000;
    const others = room.enter(['sender']);
    others.grow(120);
    expect(() => {
      others.grow(40);
    }).toThrow('GATEWAY_BUSY');
    expect(await next()).toEqual({ code: 'GATEWAY_BUSY' });
    others.grow(30);
  });
});
