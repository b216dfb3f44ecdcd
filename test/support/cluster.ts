/** Several gateway processes on one PostgreSQL and one Redis, as behind a balancer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { describe } from '@jest/globals';
import { type AuditRecord } from '../../src/audit/record.js';
import { type OpenServices } from '../../src/services.js';
import { type LabGateway, startLabGateway } from './lab-gateway.js';
import { freePort, postgresPresent, type PostgresServer, startPostgres } from './postgres-server.js';
import { redisPresent, type RedisServer, startRedis } from './redis-server.js';
import { openVisitor, type TestVisitor } from './visitor.js';

export const SESSION = '__Host-qaqpa-session';

const HOOKS = join(import.meta.dirname, 'typescript-hooks.js');
const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const ORIGIN = 'https://gate.example.kz';

/** One gateway process. */
export interface Door {
  readonly address: string;
  /** Resolves with the exit code, `null` after SIGKILL. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** One browser, whose requests a balancer sends to one door or another. */
export interface Browser {
  at(door: Door): TestVisitor;
  cookie(name: string): string | undefined;
  setCookie(name: string, value: string): void;
}

export interface Cluster {
  /** The laboratory, the people, and the stores opened a further time; its own gateway is closed. */
  readonly world: LabGateway;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly doors: readonly [Door, Door];
  openDoor(env?: Readonly<Record<string, string>>): Promise<Door>;
  browser(): Browser;
  close(): Promise<void>;
}

/** Describes what needs PostgreSQL and Redis; skipped by name where one is not installed, and a failure there under `CI=true`. */
export function describeCluster(name: string, suite: () => void): void {
  if (!postgresPresent()) describe.skip(`${name} (PostgreSQL is not installed)`, suite);
  else if (!redisPresent()) describe.skip(`${name} (redis-server is not installed)`, suite);
  else describe(name, suite);
}

export async function startCluster(): Promise<Cluster> {
  const open: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of open.splice(0).reverse()) await end();
  };
  try {
    const postgres = await startPostgres();
    open.push(() => postgres.stop());
    const redis = await startRedis({ port: await freePort(), durable: true });
    open.push(() => redis.stop());
    const world = await startLabGateway({
      env: {
        QAQPA_ORIGIN: ORIGIN,
        QAQPA_DATABASE_URL: await postgres.newDatabase(),
        QAQPA_REDIS_URL: redis.url,
        QAQPA_RATE_PASSWORD_FAILURES: '100000/1m',
      },
    });
    open.push(() => world.close());
    await world.gateway.close();
    let doors = 0;
    const openDoor = async (env: Readonly<Record<string, string>> = {}): Promise<Door> => {
      doors += 1;
      const folder = join(world.env['QAQPA_DATA_DIR']!, `door-${doors}`);
      const door = await serve({ ...world.env, QAQPA_DATA_DIR: folder, ...env });
      open.push(() => door.kill('SIGKILL'));
      return door;
    };
    const pair = await Promise.all([openDoor(), openDoor()]);
    return { world, postgres, redis, doors: pair, openDoor, browser: openBrowser, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs `qaqpa serve` from its sources and waits until it says that it answers. */
async function serve(env: Readonly<Record<string, string>>): Promise<Door> {
  const child = spawn(process.execPath, ['--import', HOOKS, PROGRAM, 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stopWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  child.once('exit', () => process.off('exit', stopWithUs));
  return {
    address: `http://127.0.0.1:${await portOf(child)}`,
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const output = child.stdout!;
  for await (const line of createInterface({ input: output })) {
    const entry = JSON.parse(line) as { msg: string; port: number };
    if (entry.msg === 'started') {
      output.resume();
      return entry.port;
    }
  }
  throw new Error('the gateway ended before it answered');
}

function openBrowser(): Browser {
  const visitor = openVisitor(ORIGIN, '');
  const cookie = (name: string): string | undefined => visitor.cookie(name);
  const setCookie = (name: string, value: string): void => {
    visitor.setCookie(name, value);
  };
  return {
    at: ({ address }) => ({
      cookie,
      setCookie,
      fetch: (path, init) => visitor.fetch(address + path, init),
      post: (path, body, headers) => visitor.post(address + path, body, headers),
    }),
    cookie,
    setCookie,
  };
}

/** Looks again and again, for at most a minute. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 50) {
    if (waited > 60_000) throw new Error(`in vain: ${what}`);
    await pause(50);
  }
}

/** The status and the code of a problem, if it is one. */
export async function said(response: Response): Promise<string> {
  const text = await response.text();
  if (response.status < 400) return String(response.status);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return `${response.status} ${type}`;
  return `${response.status} ${(JSON.parse(text) as { code: string }).code}`;
}

export function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** The whole audit log. */
export async function wholeLog({ audit }: Pick<OpenServices, 'audit'>): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (;;) {
    const page = await audit.list({ after: records.at(-1)?.sequence ?? 0, limit: 1000 });
    if (page.length === 0) return records;
    records.push(...page);
  }
}
