import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A program of this folder that writes to a store until it is killed. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** The lines it has printed whole: each is something the store has acknowledged. */
  readonly acknowledged: string[];
  readonly ended: Promise<unknown>;
}

export function startWriter(program: string, ...options: readonly string[]): WriterProcess {
  const folder = import.meta.dirname;
  const child = spawn(
    process.execPath,
    ['--import', join(folder, 'typescript-hooks.js'), join(folder, program), ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  const acknowledged: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (text + chunk.toString()).split('\n');
    // The last piece has no line end yet: it was not acknowledged.
    text = lines.pop() ?? '';
    acknowledged.push(...lines);
  });
  return { child, acknowledged, ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** @throws when it has not come to that within a minute */
export async function untilWritten(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 60_000) throw new Error('the writer does not write');
    await pause(5);
  }
}
