import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe } from '@jest/globals';
import { connectRedis } from '../../src/storage/redis.js';

/** Describes what needs Redis; skipped by name where it is not installed, and a failure there under `CI=true`. */
export function describeWithRedis(name: string, suite: () => void): void {
  if (redisPresent()) describe(name, suite);
  else describe.skip(`${name} (redis-server is not installed)`, suite);
}

function redisPresent(): boolean {
  const present = spawnSync('redis-server', ['--version']).status === 0;
  if (!present && process.env['CI'] === 'true') throw new Error('redis-server is not installed');
  return present;
}

export interface RedisServer {
  /** For `StorageConfig.redisUrl`. */
  readonly url: string;
  stop(): Promise<void>;
  /** Starts again, empty, on the same address. */
  start(): Promise<void>;
}

/** A Redis of one's own on a socket in a temporary folder. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-redis-'));
  const socket = join(folder, 'redis.sock');
  const url = `unix:${socket}`;
  let child: ReturnType<typeof spawn> | null = null;
  const server: RedisServer = {
    url,
    async start() {
      child = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
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
  };
  process.once('exit', () => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}
