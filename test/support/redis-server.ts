import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe } from '@jest/globals';
import { connectRedis } from '../../src/storage/redis/connection.js';
import { type ServerIdentity } from './self-signed.js';

/** Describes what needs Redis; skipped by name where it is not installed, and a failure there under `CI=true`. */
export function describeWithRedis(name: string, suite: () => void): void {
  if (redisPresent()) describe(name, suite);
  else describe.skip(`${name} (redis-server is not installed)`, suite);
}

export function redisPresent(): boolean {
  const present = spawnSync('redis-server', ['--version']).status === 0;
  if (!present && process.env['CI'] === 'true') throw new Error('redis-server is not installed');
  return present;
}

export interface RedisServer {
  /** For `StorageConfig.redisUrl`. */
  readonly url: string;
  /** Stops at once, as a crash would. */
  stop(): Promise<void>;
  /** Starts again on the same address, with what it keeps. */
  start(): Promise<void>;
  /** Stands still, connections stay open. */
  freeze(): void;
  thaw(): void;
}

/** Keeps nothing over a restart. */
const FORGETFUL = ['--save', ''];
/** Keeps whatever it has acknowledged, as deploy/compose.yaml has it. */
const DURABLE = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];

/** A Redis of one's own, on a socket in a temporary folder or at a port of 127.0.0.1; with `tls`, there as well. */
export async function startRedis(
  options: {
    readonly port?: number;
    readonly durable?: boolean;
    readonly tls?: { readonly port: number; readonly identity: ServerIdentity };
  } = {},
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-redis-'));
  const socket = join(folder, 'redis.sock');
  const { port } = options;
  const url = port === undefined ? `unix:${socket}` : `redis://127.0.0.1:${port}`;
  const place = port === undefined ? ['--port', '0', '--unixsocket', socket] : ['--port', String(port)];
  const { tls } = options;
  if (tls !== undefined) {
    const { certificateFile, privateKeyFile } = tls.identity;
    place.push('--tls-port', String(tls.port), '--tls-auth-clients', 'no');
    place.push('--tls-cert-file', certificateFile, '--tls-key-file', privateKeyFile);
  }
  const memory = options.durable === true ? DURABLE : FORGETFUL;
  let child: ReturnType<typeof spawn> | null = null;
  const server: RedisServer = {
    url,
    async start() {
      child = spawn('redis-server', [...place, '--bind', '127.0.0.1', ...memory, '--dir', folder], {
        stdio: 'ignore',
      });
      for (let attempt = 0; ; attempt += 1) {
        try {
          await (await connectRedis(url)).close();
          return;
        } catch (error) {
          if (attempt > 100) throw error;
          await pause(50);
        }
      }
    },
    async stop() {
      const running = child;
      if (running === null) return;
      child = null;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await ended;
    },
    freeze() {
      child?.kill('SIGSTOP');
    },
    thaw() {
      child?.kill('SIGCONT');
    },
  };
  process.once('exit', () => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}
