/** The built program as a process of its own, and programs that attack it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type MemoryLimit } from './memory-limit.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'qaqpa.js');
const ATTACKS = join(import.meta.dirname, '..', 'attack');

export interface GatewayProcess {
  readonly address: string;
  readonly metricsAddress: string;
  /** The most memory it ever had resident, in octets; `null` where the system does not tell. */
  peakMemory(): number | null;
  metric(name: string): Promise<number>;
  isRunning(): boolean;
  stop(): Promise<void>;
}

/**
 * Runs `qaqpa serve` and waits until it says that it answers.
 *
 * @param nodeOptions such as a bound of the heap
 * @param limit kept by the system from before the program begins
 */
export async function serveGateway(
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
  limit: Pick<MemoryLimit, 'enter'> | null = null,
): Promise<GatewayProcess> {
  const program = [process.execPath, ...nodeOptions, PROGRAM, 'serve'];
  const enter = limit === null ? [] : ['/bin/sh', '-ec', `${limit.enter}; exec "$@"`, 'sh'];
  const [command = '', ...args] = [...enter, ...program];
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<unknown>((resolve) => child.once('exit', resolve));
  const { port, metricsPort } = await startedLine(child);
  const metricsAddress = `http://127.0.0.1:${metricsPort}/metrics`;
  return {
    address: `http://127.0.0.1:${port}`,
    metricsAddress,
    peakMemory: () => peakMemory(child.pid),
    async metric(name) {
      const text = await (await fetch(metricsAddress)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1));
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function startedLine(child: ChildProcess): Promise<{ port: number; metricsPort: number }> {
  const output = child.stdout!;
  for await (const line of createInterface({ input: output })) {
    const entry = JSON.parse(line) as { msg: string; port: number; metricsPort: number };
    if (entry.msg === 'started') {
      output.resume();
      return entry;
    }
  }
  throw new Error('the gateway ended before it answered');
}

function peakMemory(pid: number | undefined): number | null {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

export interface Finding {
  readonly attack: string;
  readonly answer: string;
  readonly expected: string;
}

/** Runs a program of test/attack to its end. */
export async function attack(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const child = spawn(process.execPath, [join(ATTACKS, program)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const findings: Finding[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    findings.push(JSON.parse(line) as Finding);
  return findings;
}
