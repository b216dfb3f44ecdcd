import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createHttpServer, listen, stop } from '../../src/http/kernel/server.js';

describe('a server that stops', () => {
  it('answers what comes on a kept connection just after, instead of cutting it off', async () => {
    const server = createHttpServer();
    server.on('request', (_request, response) => response.end('answered'));
    const { port } = await listen(server, '127.0.0.1', 0, 'QAQPA_PORT');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (): Promise<string> =>
      new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1', agent, method: 'POST' }, (response) => {
          response.on('data', (chunk: Buffer) => {
            resolve(chunk.toString());
          });
        })
          .on('error', reject)
          .end();
      });
    await ask();
    // The connection must be idle on both sides, or this proves nothing.
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = stop(server, 5_000);
    expect(await ask()).toBe('answered');
    await stopped;
    agent.destroy();
  });

  it('takes no new connection', async () => {
    const server = createHttpServer();
    const { port } = await listen(server, '127.0.0.1', 0, 'QAQPA_PORT');
    const stopped = stop(server, 5_000);
    while (server.listening) await new Promise((resolve) => setImmediate(resolve));
    const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    await stopped;
  });

  it('closes the connection of an answer that began before, without waiting for the grace to end', async () => {
    const server = createHttpServer();
    const finish: (() => void)[] = [];
    server.on('request', (_request, response) => finish.push(() => response.end('late')));
    const { port } = await listen(server, '127.0.0.1', 0, 'QAQPA_PORT');
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(server, 'request');
    const stopped = stop(server, 600_000);
    finish[0]!();
    await once(socket, 'data');
    await Promise.all([once(socket, 'close'), stopped]);
  }, 5_000);
});
