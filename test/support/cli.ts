import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..', '..');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real program (`bin/qaqpa.js` on the compiled `dist/`, which `npm test` builds first) and waits for its end. */
export async function qaqpa(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly input?: string | Uint8Array;
  } = {},
): Promise<CliResult> {
  if (!existsSync(join(PROJECT, 'dist', 'cli', 'main.js'))) throw new Error('run `npm run build` first');
  const child = spawn(process.execPath, [join(PROJECT, 'bin', 'qaqpa.js'), ...args], {
    cwd: options.cwd ?? PROJECT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return {
    code,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
}
