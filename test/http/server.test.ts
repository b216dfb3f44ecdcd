import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { answerWith, createHttpServer, listen, stop } from '../../src/http/kernel/server.js';

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

describe('a server with an app', () => {
  it("makes requests that are the app's from the beginning, each server those of its own", async () => {
    const told = await Promise.all(
      ['203.0.113.1', '203.0.113.2'].map(async (visitor, trusted) => {
        const server = createHttpServer();
        const app = express().set('trust proxy', trusted);
        const prototypes: unknown[] = [];
        app.get('/', (request, response) => {
          response.send(request.ip);
        });
        answerWith(server, app);
        server.on('request', (request, response) => {
          prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
          app(request, response);
        });
        const { port } = await listen(server, '127.0.0.1', 0, 'QAQPA_PORT');
        const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': visitor } });
        const text = await answer.text();
        await stop(server, 0);
        expect(prototypes[0]).toBe(app.request);
        expect(prototypes[1]).toBe(app.response);
        return text;
      }),
    );
    expect(told).toEqual(['127.0.0.1', '203.0.113.2']);
  });
});
