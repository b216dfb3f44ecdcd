import { Readable, Writable } from 'node:stream';
import { dispatch } from '../../src/cli/dispatch.js';
import { type CliResult } from './cli.js';

export { type CliResult };

/** Runs a command line inside the test's own process: quick, and nothing has to be compiled first. */
export async function qaqpa(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string; readonly now?: Date } = {},
): Promise<CliResult> {
  const [stdout, stderr] = [collector(), collector()];
  const code = await dispatch(args, {
    stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    cwd: process.cwd(),
    now: () => options.now ?? new Date('2026-11-23T05:00:00Z'),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { readonly stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
