/** What arrives of the log of a process, as whoever reads its standard output sees it. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

const LOG = new URL('../../dist/telemetry/log.js', import.meta.url).href;

/** A process that makes a log and does something with it. */
const run = (deed: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createLog } from ${JSON.stringify(LOG)}; const log = createLog({ level: 'info' }); ${deed}`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
const numbersIn = (lines: string): number[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { number: number }).number);
const MANY = 'for (let number = 0; number < 500; number += 1) log.info({ number }, "a line");';

describe('the log on standard output', () => {
  it.each([
    ['ends by itself', ''],
    ['exits at once', 'process.exit(0);'],
    ['exits while a group is being written', 'setImmediate(() => process.exit(0));'],
    ['dies of a mistake', 'throw new Error("a mistake");'],
  ])('is whole and in order when the process %s', async (_how, deed) => {
    const lines = await text(run(MANY + deed).stdout);
    expect(numbersIn(lines)).toEqual(Array.from({ length: 500 }, (_, number) => number));
  });

  it('holds no line back until another one comes', async () => {
    const child = run('log.info({ number: 1 }, "a line"); setInterval(() => undefined, 1000);');
    const [first] = (await child.stdout.take(1).toArray()) as Buffer[];
    child.kill('SIGKILL');
    expect(numbersIn(String(first))).toEqual([1]);
  });

  it('goes on without a reader', async () => {
    const child = run(`setInterval(() => { ${MANY} }, 1); setTimeout(() => process.exit(7), 100);`);
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(7);
  });
});
