// A PostgreSQL that waits for its disk and a Redis that keeps what it acknowledges, on this machine, in folders that go with them.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const VERSIONS = '/usr/lib/postgresql';

/** Why the bench cannot run here; `null` when it can. */
export function absent() {
  if (programs() === null) return 'PostgreSQL is not installed';
  return spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed';
}

function programs() {
  if (!existsSync(VERSIONS)) return null;
  const found = readdirSync(VERSIONS)
    .map((version) => join(VERSIONS, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'initdb')));
  return found.at(-1) ?? null;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** With the settings PostgreSQL comes with: `fsync` and `synchronous_commit` on. */
export async function startPostgres() {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-bench-postgres-'));
  const owner = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const how = { stdio: 'ignore', cwd: folder, ...owner };
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'qaqpa', '-A', 'trust', '-E', 'UTF8'], how);
  const port = await freePort();
  const args = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...args.flatMap((one) => ['-c', one])], how);
  const ended = once(child, 'exit');
  const urlOf = (database) => `postgres://qaqpa@127.0.0.1:${port}/${database}`;
  const query = async (statement) => {
    const client = new pg.Client({ connectionString: urlOf('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await until(() => query('select 1'));
  return {
    async newDatabase(name) {
      await query(`create database ${name}`);
      return urlOf(name);
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(which) {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

/** As deploy/compose.yaml has it: what is acknowledged is on the disk. */
export async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-bench-redis-'));
  const port = await freePort();
  const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  const child = spawn('redis-server', ['--port', String(port), '--dir', folder, ...durable], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await until(() => {
    const pong = spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' });
    if (!pong.stdout.includes('PONG')) throw new Error('Redis does not answer');
  });
  return {
    urlOf: (database) => `redis://127.0.0.1:${port}/${database}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(work) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 100) throw error;
      await pause(50);
    }
  }
}
