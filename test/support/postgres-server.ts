import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe } from '@jest/globals';
import pg from 'pg';
import { type ServerIdentity } from './self-signed.js';

/** Where Debian puts the server's programs; they are not on PATH. */
const VERSIONS = '/usr/lib/postgresql';

export interface PostgresServer {
  /** The address of a new, empty database. */
  newDatabase(): Promise<string>;
  /** Runs SQL in a database of this server, as its owner. */
  query(databaseUrl: string, statement: string): Promise<Record<string, unknown>[]>;
  /** Stops at once, as a crash would; everything committed is there again after `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Every process of the server stands still, connections stay open. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Describes what needs PostgreSQL; skipped by name where it is not installed, and a failure there under `CI=true`. */
export function describeWithPostgres(name: string, suite: () => void): void {
  if (postgresPresent()) describe(name, suite);
  else describe.skip(`${name} (PostgreSQL is not installed)`, suite);
}

export function postgresPresent(): boolean {
  const present = programs() !== null;
  if (!present && process.env['CI'] === 'true') throw new Error('PostgreSQL is not installed');
  return present;
}

function programs(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(Number) : [];
  const newest = versions.filter((version) => existsSync(join(VERSIONS, String(version), 'bin/postgres')));
  return newest.length === 0 ? null : join(VERSIONS, String(Math.max(...newest)), 'bin');
}

let shared: Promise<PostgresServer> | null = null;

/** One server for all tests of a file, stopped after the last. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= startPostgres();
  return shared;
}
afterAll(async () => {
  await (await shared)?.stop();
});

/** A PostgreSQL of one's own in a temporary folder; it listens on 127.0.0.1 only, at a free port, with TLS if it is given an identity. */
export async function startPostgres(identity?: ServerIdentity): Promise<PostgresServer> {
  const bin = programs();
  if (bin === null) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-postgres-'));
  // The server refuses to run as root.
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'qaqpa', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), initdb, { stdio: 'ignore', cwd: folder, ...owner });
  const tls: Record<string, string> = {};
  if (identity !== undefined) {
    Object.assign(tls, { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' });
    writeFileSync(join(data, 'server.crt'), identity.certificate);
    writeFileSync(join(data, 'server.key'), identity.privateKey, { mode: 0o600 });
    if (owner.uid !== undefined) chownSync(join(data, 'server.key'), owner.uid, owner.gid);
  }
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://qaqpa@127.0.0.1:${port}/${database}`;
  let running: ChildProcess | null = null;
  let databases = 0;

  const query = async (url: string, statement: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      // Several statements at once give several results; the last is the one asked for.
      const results = [await client.query<Record<string, unknown>>(statement)].flat();
      return results.at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  };
  const signal = (name: NodeJS.Signals): void => {
    if (running?.pid === undefined) return;
    // Every connection has a process of its own, and each leads a group of its own.
    const children = readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8');
    const pids = children.split(' ').map(Number);
    for (const pid of [running.pid, ...pids.filter((pid) => pid > 0)]) tell(pid, name);
  };
  const server: PostgresServer = {
    query,
    async newDatabase() {
      databases += 1;
      await query(urlOf('postgres'), `create database test${databases}`);
      return urlOf(`test${databases}`);
    },
    async start() {
      const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
      const args = Object.entries({ ...settings, ...tls }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]);
      running = spawn(join(bin, 'postgres'), ['-D', data, ...args], {
        stdio: 'ignore',
        cwd: folder,
        ...owner,
      });
      for (let attempt = 0; ; attempt += 1) {
        try {
          await query(urlOf('postgres'), 'select 1');
          return;
        } catch (error) {
          if (attempt > 200) throw error;
          await pause(50);
        }
      }
    },
    async kill() {
      const ending = running;
      if (ending === null) return;
      const ended = once(ending, 'exit');
      signal('SIGKILL');
      running = null;
      await ended;
    },
    freeze: () => {
      signal('SIGSTOP');
    },
    thaw: () => {
      signal('SIGCONT');
    },
    async stop() {
      const ended = running === null ? null : once(running, 'exit');
      // An immediate shutdown gives its shared memory back, which a kill would not.
      signal('SIGCONT');
      running?.kill('SIGQUIT');
      running = null;
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  process.once('exit', () => {
    if (running === null) return;
    running.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

/** A process may have ended since it was listed. */
function tell(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH'))
      throw error;
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

/** A port of 127.0.0.1 nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
