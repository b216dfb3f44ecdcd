/** Two gateways behind the nginx of deploy/nginx.conf: restarted one after another while people come and go, and asked without TLS. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const haveNginx = spawnSync('nginx', ['-v']).error === undefined;
if (!haveNginx && process.env['CI'] === 'true') throw new Error('nginx is needed under CI=true');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The example with plain HTTP on a free port, two gateways, and paths in a folder of its own. */
function configuration(folder: string, port: number, plainPort: number, gateways: readonly number[]): string {
  const text = readFileSync(join(ROOT, 'deploy', 'nginx.conf'), 'utf8');
  const servers = gateways.map((gateway) => `server 127.0.0.1:${gateway} max_fails=0;`).join('\n');
  return `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;\n${text
    .replace(/ {4}server \{\n {8}listen 443 ssl default_server;[^}]*\}\n/, '')
    .replace('listen 80 default_server;', `listen 127.0.0.1:${plainPort};`)
    .replace('listen 443 ssl http2;', `listen 127.0.0.1:${port};`)
    .replaceAll(/ *listen \[::\].*\n/g, '')
    .replaceAll(/^ *ssl_.*$/gm, '')
    .replace(/^ *server 127\.0\.0\.1:8080 max_fails=0;$/m, servers)
    .replace('/var/log/nginx/qaqpa.log', `${folder}/access.log`)}`;
}

(haveNginx ? describe : describe.skip)('two gateways behind nginx', () => {
  let folder: string;
  let port: number;
  let plainPort: number;
  let ports: readonly number[];
  let nginx: ChildProcess;
  const gateways: ChildProcess[] = [];

  async function serve(index: number): Promise<void> {
    const child = spawn(process.execPath, ['bin/qaqpa.js', 'serve'], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        QAQPA_ORIGIN: `http://127.0.0.1:${port}`,
        QAQPA_MASTER_KEY: Buffer.alloc(32, 7).toString('hex'),
        QAQPA_DATA_DIR: join(folder, String(index)),
        QAQPA_PORT: String(ports[index]),
        QAQPA_WORKERS: '0',
        QAQPA_OCSP_URL: 'http://127.0.0.1:1/',
        QAQPA_CRL_URLS: '',
        QAQPA_TRUSTED_PROXIES: '127.0.0.1',
        QAQPA_STOP_DELAY: '1s',
        QAQPA_RATE_CHALLENGE: '1000000/1m',
      },
      stdio: 'ignore',
    });
    gateways[index] = child;
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${ports[index]!}/readyz`).catch(() => null);
      if (ready?.ok === true) return;
      if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
      await wait(50);
    }
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-rolling-'));
    [port, plainPort, ports] = [await freePort(), await freePort(), [await freePort(), await freePort()]];
    await Promise.all([serve(0), serve(1)]);
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(folder, port, plainPort, ports));
    execFileSync('nginx', ['-t', '-p', folder, '-e', `${folder}/error.log`, '-c', file], { stdio: 'pipe' });
    nginx = spawn('nginx', ['-p', folder, '-e', `${folder}/error.log`, '-c', file], { stdio: 'inherit' });
    while ((await fetch(`http://127.0.0.1:${port}/livez`).catch(() => null)) === null) await wait(50);
  }, 60_000);
  afterAll(async () => {
    for (const child of [nginx, ...gateways]) {
      if (child.exitCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['POST', '/v1/login/password'],
    ['GET', '/v1/session'],
    ['POST', '/v1/signatures/verify'],
    ['GET', '/openapi.json'],
  ])('sends no call of the API on from plain HTTP: %s %s', async (method, path) => {
    const address = `http://127.0.0.1:${plainPort}${path}`;
    const answer = await fetch(address, { method, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 403, detail: expect.stringContaining('https://') });
  });

  it('sends a browser on to TLS', async () => {
    for (const path of ['/', '/v1beta', '/me?x=1']) {
      const answer = await fetch(`http://127.0.0.1:${plainPort}${path}`, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([
        308,
        `https://gate.example.kz${path}`,
      ]);
    }
  });

  it('lose no request while they are restarted one after another, whatever it asks for', async () => {
    const agent = new Agent({ keepAlive: true });
    const answers: Record<string, number> = {};
    let going = true;
    const ask = (method: string, path: string): Promise<string> =>
      new Promise((resolve) => {
        const headers = { 'content-type': 'application/json', origin: `http://127.0.0.1:${port}` };
        const body = method === 'POST' ? '{}' : '';
        request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
          response.resume();
          response.once('end', () => {
            resolve(`${method} ${response.statusCode ?? 0}`);
          });
        })
          .on('error', (error) => {
            resolve(`${method} ${error.message}`);
          })
          .end(body);
      });
    const visitor = async (method: string, path: string): Promise<void> => {
      while (going) {
        const answer = await ask(method, path);
        answers[answer] = (answers[answer] ?? 0) + 1;
        await wait(10);
      }
    };
    const visitors = Array.from({ length: 8 }, (_, index) =>
      index % 2 === 0 ? visitor('POST', '/v1/login/eds/challenge') : visitor('GET', '/openapi.json'),
    );
    for (const index of [0, 1, 0, 1]) {
      const ended = once(gateways[index]!, 'exit');
      gateways[index]!.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
      await serve(index);
    }
    going = false;
    await Promise.all(visitors);
    agent.destroy();
    const complaints = readFileSync(`${folder}/error.log`, 'utf8')
      .split('\n')
      .filter((line) => line.includes('[error]') && !line.includes('connect() failed'));
    expect([Object.keys(answers).sort(), complaints]).toEqual([['GET 200', 'POST 201'], []]);
    expect(answers['POST 201']).toBeGreaterThan(100);
  }, 120_000);

  it.each([
    ['the gateway answers', '/livez', '{}', 405],
    ['nginx refuses what is too large', '/v1/login/password', 'x'.repeat(300 * 1024), 413],
  ])('say each header once, also where %s', async (_who, path, body, status) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(/\S/)]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
  });
});
