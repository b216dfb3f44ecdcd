/** What is answered where no request of the application comes of it: by the parser, and for want of descriptors. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

interface Serving {
  readonly child: ChildProcess;
  readonly port: number;
  readonly log: () => string;
}

let folder: string;
let serving: Serving;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-connections-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function serve(launcher: readonly string[] = []): Promise<Serving> {
  const [program = '', ...args]: string[] = [...launcher, process.execPath, 'bin/qaqpa.js', 'serve'];
  const child = spawn(program, args, {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      QAQPA_DATA_DIR: folder,
      QAQPA_PORT: '0',
      QAQPA_WORKERS: '0',
      QAQPA_OCSP_URL: 'http://127.0.0.1:1/',
      QAQPA_CRL_URLS: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes('"msg":"started"')) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${text}`);
    await wait(20);
  }
  return { child, port: Number(/"port":(\d+)/.exec(text)?.[1]), log: () => text };
}

async function end({ child }: Serving): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Everything that comes back on a connection until it is closed. */
async function exchange(sent: string): Promise<{ status: string; code: unknown; detail: unknown }> {
  const socket = connect(serving.port, '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(sent);
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toMatch(/^Content-Type: application\/problem\+json; charset=utf-8/im);
  expect(head).toMatch(/^X-Content-Type-Options: nosniff/im);
  expect(head).toMatch(/^Content-Security-Policy: default-src 'none'; frame-ancestors 'none'/im);
  expect(head).toMatch(/^Connection: close/im);
  const { code, detail, requestId } = JSON.parse(body) as Record<string, unknown>;
  expect(head).toContain(String(requestId));
  return { status: head.split('\r\n')[0]!, code, detail };
}

describe('a request that cannot be read', () => {
  beforeAll(async () => {
    serving = await serve();
  }, 30_000);
  afterAll(() => end(serving));

  const cookies = `Cookie: a=${'x'.repeat(17_000)}\r\n`;
  it.each([
    [
      'with headers that are too large',
      `GET / HTTP/1.1\r\nHost: x\r\n${cookies}\r\n`,
      431,
      'REQUEST_HEADERS_TOO_LARGE',
    ],
    [
      'with an address that is too large',
      `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'REQUEST_HEADERS_TOO_LARGE',
    ],
    [
      'with a method HTTP does not have',
      'FETCH /v1/session HTTP/1.1\r\nHost: x\r\n\r\n',
      501,
      'REQUEST_METHOD_UNKNOWN',
    ],
    [
      'with the method of a proxy',
      'CONNECT example.kz:443 HTTP/1.1\r\nHost: example.kz\r\n\r\n',
      501,
      'REQUEST_METHOD_UNKNOWN',
    ],
    ['of another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'REQUEST_MALFORMED'],
    [
      'with two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'with both ways to say a length',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'whose body is in broken chunks',
      'POST /v1/login/password HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
      'REQUEST_MALFORMED',
    ],
  ])('is told so %s', async (_what, sent, status, code) => {
    expect(await exchange(sent)).toMatchObject({
      status: expect.stringContaining(`HTTP/1.1 ${status} `),
      code,
      detail: expect.stringMatching(/\S/),
    });
    while (!serving.log().includes(code)) await wait(20);
  });

  it('is answered after what came whole before it, each answer whole', async () => {
    const socket = connect(serving.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\nFETCH / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
    const answers = text.split(/(?=HTTP\/1\.1 \d{3})/);
    expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '501']);
    for (const answer of answers) expect(answer).toMatch(/\r\n\r\n\{.*\}$/s);
  });
});

const limited = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;
if (!limited && process.env['CI'] === 'true') throw new Error('prlimit is not installed');
(limited ? describe : describe.skip)('a gateway whose descriptors run out', () => {
  const crowd: Socket[] = [];
  beforeAll(async () => {
    serving = await serve(['prlimit', '--nofile=400:400']);
  }, 30_000);
  afterAll(async () => {
    for (const socket of crowd) socket.destroy();
    await end(serving);
  });

  it('tells those it has no room for to come back, serves the others, and recovers', async () => {
    const first = connect(serving.port, '127.0.0.1');
    await once(first, 'connect');
    const asked = Array.from({ length: 600 }, () => {
      const socket = connect(serving.port, '127.0.0.1');
      crowd.push(socket);
      return new Promise<string>((resolve) => {
        socket.on('error', () => undefined);
        socket.once('data', (chunk: Buffer) => {
          resolve(chunk.toString());
        });
        socket.once('close', () => {
          resolve('closed');
        });
        socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      });
    });
    const texts = await Promise.all(asked);
    const refusals = texts.filter((text) => text.includes('GATEWAY_FULL'));
    expect(refusals.filter((text) => !/^x-content-type-options: nosniff/im.test(text))).toEqual([]);
    const answers = texts.map((text) =>
      text.includes('GATEWAY_FULL') ? 'GATEWAY_FULL' : text.split('\r\n')[0]!,
    );
    const count = (answer: string): number => answers.filter((given) => given === answer).length;
    expect(count('HTTP/1.1 200 OK')).toBeGreaterThan(20);
    expect(count('GATEWAY_FULL')).toBeGreaterThan(20);
    expect(count('HTTP/1.1 200 OK') + count('GATEWAY_FULL') + count('closed')).toBe(600);

    first.write('GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String((await once(first, 'data'))[0])).toContain('HTTP/1.1 200 OK');
    first.destroy();
    for (const socket of crowd.splice(0)) socket.destroy();
    expect(serving.log().match(/raise the limit of open files/g)).toHaveLength(1);

    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${serving.port}/livez`).catch(() => null);
      if (answer?.status === 200) break;
      await wait(50);
    }
    expect(serving.child.exitCode).toBeNull();
  }, 60_000);
});
